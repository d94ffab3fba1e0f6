"""Edits of the words of a shell script by their places."""

from __future__ import annotations

import re
from functools import cached_property

import attrs

from ..diagnostics import Edit, Span
from .lines import line_starts, offset_at, place_at

_BLANKS = (" ", "\t", "\\\n", "\\\r\n")  # the last two continue a line
_BETWEEN = re.compile(r"=|(?:[ \t]|\\\r?\n)*")


@attrs.frozen(slots=False)
class ScriptText:
    """The characters of a script.

    Attributes:
        file: its name.
        text: its characters.
        shared: it has several training commands, which may take words from one place.
    """

    file: str
    text: str
    shared: bool = False

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    def offset(self, place: tuple[int, int]) -> int:
        """Offset of a line and column."""
        return offset_at(self._starts, len(self.text), place)

    def at(self, span: Span) -> str:
        """The characters of a place."""
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def without(self, first: Span, last: Span) -> Edit | None:
        """Take out the words from one place to another, with the blanks or the line end in front of them."""
        start, end = self.offset(first.start), self.offset(last.end)
        gap = self._gap_before(start)
        return self._edit(gap, end) if first.file == self.file and gap < start <= end else None

    def line(self, number: int) -> str:
        """A line of the script."""
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        return self.text[self._starts[number] : end] if number < len(self._starts) else ""

    def without_words(self, place: Span) -> Edit | None:
        """Take out the words of a place, which may begin behind the dashes of the first."""
        start = self.offset(place.start)
        dashes = 2 if self.text.startswith("--", start - 2) else 0
        first = Span(self.file, *self._place(start - dashes), *place.end)
        return self.without(first, first) if self.text.startswith("--", start - dashes) else None

    def without_option(self, flag: Span, value: Span) -> Edit | None:
        """Take out `--name value` or `--name=value`.

        Args:
            flag: place of the name, with or without its dashes.
            value: place of its last value, or of the flag where it has none.
        """
        start = self.offset(flag.start)
        start -= 2 if self.text.startswith("--", start - 2) else 0
        first = Span(self.file, *self._place(start), *flag.end)
        last = value if value.end >= flag.end else first
        between = self.text[self.offset(flag.end) : self.offset(last.start)]
        if not self.text.startswith("--", start) or (
            last is not first and _BETWEEN.fullmatch(between) is None
        ):
            return None
        return self.without(first, last)

    def _gap_before(self, start: int) -> int:
        """Offset behind the word in front: blanks and continued line ends lie between."""
        while blank := next((each for each in _BLANKS if self.text.endswith(each, 0, start)), ""):
            start -= len(blank)
        return start

    def _edit(self, start: int, end: int) -> Edit:
        return Edit(Span(self.file, *self._place(start), *self._place(end)), "")

    def _place(self, offset: int) -> tuple[int, int]:
        return place_at(self._starts, offset)
