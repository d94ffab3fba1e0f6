"""Training commands in a launcher such as `train.sh`, read without running anything.

Assignments in the script are resolved. Everything else (the environment, the script's own arguments,
what other commands print) is unknown, and words that depend on it say why.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from typing import TYPE_CHECKING

import attrs

from mace_scf.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from .written import WrittenFile


@attrs.frozen
class Word:
    """One word that the trainer gets.

    Attributes:
        raw: as written; several words share it where one variable holds them all.
        text: after expansion and quote removal; ``None`` when unknown.
        span: of the word as written.
        quoted: any part of it stood in quotes.
        why_unknown: clause for the user.
        origin: where the value was assigned, when it came from a variable or an array.
        prefix: the known characters in front of what is unknown, such as ``--lr=``.
        suffix: the known characters behind what is unknown, such as ``/config.yaml``.
        many: it stands for an unknown number of words.
    """

    raw: str
    text: str | None
    span: Span
    quoted: bool
    why_unknown: str = ""
    origin: Span | None = None
    prefix: str = ""
    many: bool = False
    suffix: str = ""

    @property
    def file_name(self) -> str:
        """The last part of it as a path, "" where that is not known."""
        whole = self.text if self.text is not None else self.suffix if "/" in self.suffix else ""
        return posixpath.basename(whole)


@attrs.frozen
class TrainingCommand:
    """A command that starts a trainer.

    Attributes:
        words: the trainer's own arguments.
        program: the word that names it: script, module or console script.
        span: from the first word of the command to its last.
        conditional: it stands in a branch, a loop or a function that may not be run.
        open_ended: the number of words is unknown, so there may be options that were not seen.
        directory: the folder that the script went to before; ``""`` for none, ``None`` when unknown.
    """

    words: tuple[Word, ...]
    program: Word
    span: Span
    conditional: bool
    open_ended: bool
    directory: str | None = ""


@attrs.frozen
class Launcher:
    """What one script says about training.

    Attributes:
        commands: in the order of the text, once for each call of the function that holds them.
        problems: findings about the shell text itself.
        written: files that the script writes by here-documents.
        variants: commands as they are in single arms of branches, where it is not known which arm is run.
    """

    file: str
    commands: tuple[TrainingCommand, ...]
    problems: tuple[Diagnostic, ...]
    variants: tuple[TrainingCommand, ...] = ()
    written: tuple[WrittenFile, ...] = ()


def read_launcher(
    text: str, *, file: str, switches: Collection[str] = (), path: str | None = None
) -> Launcher:
    """The training commands of a script and what is wrong with its shell text.

    Args:
        text: the whole script.
        file: its name, for places.
        switches: names of options that take no value, without dashes. An empty variable behind one
            of them is no finding.
        path: absolute name of the script's file; ``None`` where what it says of its own folder stays unknown.
    """
    from .launcher_reading import read  # paid for where there is a launcher

    return read(text, file, switches, path)


def names_config(command: TrainingCommand) -> Word | None:
    """The word that holds the value of ``--config``; the last one where there are several.

    For ``--config=FILE`` it is the part behind the sign.
    """
    found: Word | None = None
    for index, word in enumerate(command.words):
        following = command.words[index + 1] if index + 1 < len(command.words) else None
        if word.text == "--":
            break
        if word.text == "--config" and following is not None and not _is_option(following):
            found = following
        elif word.prefix.startswith("--config="):
            found = _behind_sign(word)
    return found


def _is_option(word: Word) -> bool:
    return word.prefix.startswith("--")


def _behind_sign(word: Word) -> Word:
    size = len("--config=")
    written = word.raw.startswith("--config=") and word.span.line == word.span.end_line
    span = attrs.evolve(word.span, column=word.span.column + size) if written else word.span
    text = None if word.text is None else word.text[size:]
    raw = word.raw[size:] if written else word.raw
    return attrs.evolve(word, raw=raw, text=text, span=span, prefix=word.prefix[size:])
