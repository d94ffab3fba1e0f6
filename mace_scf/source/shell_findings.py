"""What is gathered while a script is read: training commands, mended breaks, stretches not understood."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import attrs

from .shell_expand import Dropped, Expander
from .shell_fields import Field
from .shell_parts import Line, Mend, Parameter, RawWord
from .shell_source import ShellText
from .shell_values import known_text
from .written import WrittenFile


@attrs.frozen
class Empty:
    """A word of a training command that holds a variable which is known to be empty.

    Attributes:
        at: offsets in the file of the assignment, if there is one.
        field: index of the word after expansion; ``None`` where bash drops it.
    """

    raw: RawWord
    name: str
    at: tuple[int, int] | None
    field: int | None


@attrs.frozen
class Found:
    """A command that starts a trainer.

    Attributes:
        fields: its words after expansion, prefixes included.
        program: index of the one that names the trainer.
        directory: the folder that the script went to; ``None`` when unknown.
        empties: its words with empty variables.
    """

    source: ShellText
    line: Line
    fields: tuple[Field, ...]
    program: int
    conditional: bool
    directory: str | None
    empties: tuple[Empty, ...]


@attrs.frozen
class Unread:
    """A stretch of a text that was not understood.

    Attributes:
        what: clause for the user, such as "cannot be read as shell".
    """

    source: ShellText
    start: int
    end: int
    what: str


@attrs.define
class Findings:
    """What is gathered from a file and from the shell texts within it.

    Attributes:
        written: files that here-documents write, in the order of the text.
        dropped: values of options in arrays that are no words, because they are empty.
        switches: options without a value.
        decides: tests whose words are known choose their branch.
        arm: where it is not known which arm of a branch is run, take the one of this number; ``None`` merges them.
        arms: of the branches that were met, the largest number of arms that is not decided.
        silent: above zero while a loop is read for what it changes.
        exhausted: the text asked for too much effort, and its end was not read.
    """

    commands: list[Found] = attrs.Factory(list)
    mends: list[tuple[ShellText, Line, Mend]] = attrs.Factory(list)
    unread: list[Unread] = attrs.Factory(list)
    written: list[WrittenFile] = attrs.Factory(list)
    dropped: list[tuple[ShellText, Dropped]] = attrs.Factory(list)
    switches: Collection[str] = ()
    decides: bool = True
    arm: int | None = None
    arms: int = 0
    silent: int = 0
    exhausted: bool = False


def empties(line: Line, fields: Sequence[Field], expander: Expander) -> Iterator[Empty]:
    """The plain variables in a command that are known to be empty."""
    indices = {field.raw.start: index for index, field in enumerate(fields)}
    for word in line.words:
        for part in word.parts:
            if not isinstance(part, Parameter) or part.operator or part.is_list:
                continue
            if known_text(expander.joined([part])) == "":
                value = expander.state.get(part.name)
                yield Empty(word, part.name, value.at if value else None, indices.get(word.start))
