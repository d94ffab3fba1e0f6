"""Files that a launcher writes by here-documents before it trains: their text, and the way back to the script."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from ..diagnostics import Fix, Span
from .launcher import TrainingCommand, Word, names_config
from .lines import line_starts

if TYPE_CHECKING:
    from .shell_source import ShellText

_EXPANDED = re.compile(r"[$`\\]")


@attrs.frozen(eq=False)
class Gap:
    """A stretch of a text that only the running script knows; what was written for it stands in its place.

    Attributes:
        start, end: offsets in the text.
        raw: as written.
        why: clause for the user.
    """

    start: int
    end: int
    raw: str
    why: str


@attrs.frozen(eq=False)
class WrittenFile:
    """What a script writes into one file.

    Attributes:
        path: where to; None where a part of it is unknown.
        raw: the path as written.
        directory: the folder that the script went to before; None when unknown.
        source: the text, whose characters know where they stand in the script.
        gaps: what of it is unknown.
        at: from the command that writes to the here-document.
        appends: it is added to what the file holds.
        conditional: it stands in a branch, a loop or a function that may not be run.
        exact: the body is written as it stands, without expansions.
        others: here-documents that may have written it instead.
    """

    path: str | None
    raw: str
    directory: str | None
    source: ShellText
    gaps: tuple[Gap, ...]
    at: Span
    appends: bool
    conditional: bool
    exact: bool
    others: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The characters, with those written for what is unknown."""
        return self.source.text

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)

    def _offset(self, place: tuple[int, int]) -> int:
        line, column = place
        starts = self._line_starts
        return min(starts[min(line, len(starts) - 1)] + column, len(self.text))

    def in_script(self, span: Span) -> Span:
        """The place in the script of a place in the text."""
        return self.source.span(self._offset(span.start), self._offset(span.end))

    def fix_in_script(self, fix: Fix) -> Fix | None:
        """The same edits in the script; None where the script does not hold these characters one for one."""
        edits = tuple(attrs.evolve(edit, span=self.in_script(edit.span)) for edit in fix.edits)
        sound = all(self._is_verbatim(edit.span) for edit in fix.edits)
        plain = self.exact or not any(_EXPANDED.search(edit.replacement) for edit in fix.edits)
        return attrs.evolve(fix, edits=edits) if sound and plain else None

    def _is_verbatim(self, span: Span) -> bool:
        start, end = self._offset(span.start), self._offset(span.end)
        first, last = self.source.root_start(start), self.source.root_end(end)
        apart = any(gap.start < end and start < gap.end for gap in self.gaps)
        return not apart and self.source.root.text[first:last] == self.text[start:end]

    def is_gap(self, span: Span) -> bool:
        """Whether a part of the place is unknown."""
        start, end = self._offset(span.start), self._offset(span.end)
        return any(gap.start < end and start < gap.end for gap in self.gaps)

    def gap_span(self, gap: Gap) -> Span:
        """Where it stands in the script."""
        return self.source.span(gap.start, gap.end)

    def may_be(self, text: str) -> bool:
        """Whether it can be this text, whatever the gaps stand for."""
        ends = [0, *(gap.end for gap in self.gaps)]
        starts = [*(gap.start for gap in self.gaps), len(self.text)]
        known = (self.text[end:start] for end, start in zip(ends, starts, strict=True))
        return re.fullmatch(".*".join(map(re.escape, known)), text, re.DOTALL) is not None

    @property
    def script_without_body(self) -> str:
        """The script with blank lines where the text is written, so that its comments count once."""
        text = self.source.root.text
        start, end = self.source.root_start(0), self.source.root_end(len(self.text))
        return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def config_written_for(command: TrainingCommand, written: Iterable[WrittenFile]) -> WrittenFile | None:
    """The file that a command takes as its config, where the script writes it before."""
    word = names_config(command)
    before = [file for file in written if file.at.start < command.span.start]
    found: WrittenFile | None = None
    for file in before:
        if word is not None and _is_same(file, word, command):
            found = _extended(found, file) if file.appends else _instead_of(found, file)
    return found and attrs.evolve(found, conditional=found.conditional and not command.conditional)


def _instead_of(earlier: WrittenFile | None, file: WrittenFile) -> WrittenFile:
    """What is written last counts; in a branch, what was written before may be left as it was."""
    passed = (*earlier.others, earlier.at) if earlier is not None and file.conditional else ()
    return attrs.evolve(file, others=passed)


def _extended(first: WrittenFile | None, more: WrittenFile) -> WrittenFile | None:
    """Both texts behind each other; None where it is not known what the file holds before."""
    if first is None:
        return None
    size = len(first.text)
    gaps = (attrs.evolve(gap, start=gap.start + size, end=gap.end + size) for gap in more.gaps)
    return attrs.evolve(
        first, source=first.source.followed_by(more.source), gaps=(*first.gaps, *gaps),
        conditional=first.conditional or more.conditional, exact=first.exact and more.exact,
    )  # fmt: skip


def _is_same(file: WrittenFile, word: Word, command: TrainingCommand) -> bool:
    if file.path is None or word.text is None:
        return file.raw == word.raw.strip("\"'")
    if file.directory is None or command.directory is None:
        return os.path.normpath(file.path) == os.path.normpath(word.text)
    return _joined(file.directory, file.path) == _joined(command.directory, word.text)


def _joined(directory: str, path: str) -> str:
    return os.path.normpath(os.path.join(directory, path))
