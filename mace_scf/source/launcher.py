"""Training commands in a launcher such as `train.sh`, read without running anything.

Assignments in the script are resolved. Everything else (the environment, the script's own arguments,
what other commands print) is unknown, and words that depend on it say why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import attrs

from mace_scf.diagnostics import Diagnostic, Span

from .launcher_problems import (
    broken_continuations,
    carriage_returns,
    empty_values,
    unparsable,
    without_repetition,
)
from .shell_fields import Field
from .shell_findings import Findings, Found
from .shell_parts import RawWord
from .shell_script import Script
from .shell_source import ShellText, cleaned
from .shell_state import State
from .shell_values import Piece, Value, scalar

_BATCH_FOLDER = re.compile(r"^#SBATCH[ \t]+(?:--chdir[= \t]|-D[ \t]*)[ \t]*(\S+)", re.MULTILINE)


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
    """

    file: str
    commands: tuple[TrainingCommand, ...]
    problems: tuple[Diagnostic, ...]


def read_launcher(text: str, *, file: str, switches: Collection[str] = ()) -> Launcher:
    """The training commands of a script and what is wrong with its shell text.

    Args:
        text: the whole script.
        file: its name, for places.
        switches: names of options that take no value, without dashes. An empty variable behind one
            of them is no finding.
    """
    source = ShellText(cleaned(text), file)
    findings = Findings()
    Script(source, State(_starting_folder(source.text)), findings).read()
    problems = [*broken_continuations(findings), *carriage_returns(text, file, findings)]
    commands: dict[TrainingCommand, None] = {}
    for found in findings.commands:
        empties = list(empty_values(found, switches))
        problems += [problem for _, problem in empties]
        dropped = [empty.raw for empty, _ in empties if empty.field is None]
        commands[_command(found, dropped)] = None
    problems += unparsable(findings)
    return Launcher(file, tuple(commands), without_repetition(problems))


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


def _starting_folder(text: str) -> Value:
    match = _BATCH_FOLDER.search(text)
    return scalar((Piece(match[1]),) if match else ())


def _command(found: Found, dropped: Collection[RawWord]) -> TrainingCommand:
    behind = found.fields[found.program + 1 :]
    words = [_word(field) for field in behind]
    for raw in dropped:
        at = sum(field.raw.start < raw.start for field in behind)
        words.insert(at, _dropped(found, raw))
    return TrainingCommand(
        words=tuple(words),
        program=_word(found.fields[found.program]),
        span=found.source.span(found.line.start, found.line.words[-1].end),
        conditional=found.conditional,
        open_ended=any(field.spreads for field in behind),
        directory=found.directory,
    )


def _word(field: Field) -> Word:
    source, raw = field.source, field.raw
    text = field.text
    return Word(
        raw=_written(source, raw),
        text=text,
        span=source.span(raw.start, raw.end),
        quoted=raw.quoted,
        why_unknown="" if text is not None else field.why,
        origin=_origin(field),
        prefix=field.head,
        many=field.spreads,
    )


def _written(source: ShellText, raw: RawWord) -> str:
    return source.root.text[source.root_start(raw.start) : source.root_end(raw.end)]


def _dropped(found: Found, raw: RawWord) -> Word:
    source = found.source
    why = "it is empty here"
    return Word(_written(source, raw), None, source.span(raw.start, raw.end), raw.quoted, why)


def _origin(field: Field) -> Span | None:
    """From the first to the last character that one assignment gave."""
    pieces = list(_assigned(field.pieces))
    if not pieces:
        return None
    start, end = pieces[0].start, pieces[0].end
    for piece in pieces[1:]:
        if piece.start != end:
            break
        end = piece.end
    return field.source.root.span_of_root(start, end)


def _assigned(pieces: list[Piece]) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.assigned and piece.end > piece.start)
