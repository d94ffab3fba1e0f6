"""Edits applied to a text by their places; everything outside them stays as it was."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable

import attrs

from ..diagnostics import Edit, Fix, Span

_LINE_END = re.compile(r"\r\n|\n|\r")
_ODD_LINE_END = re.compile("\r(?!\n)|[\x85\u2028\u2029]")


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit carried out.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.

    >>> from mace_scf.diagnostics import Span
    >>> apply_edits("lr: 1e-3\\n", [Edit(Span("a", 0, 4, 0, 8), "1.0e-3")])
    'lr: 1.0e-3\\n'
    """
    starts = _line_starts(text)
    pieces, at = [], 0
    for low, high, replacement in sorted({_offsets(edit, starts, len(text)) for edit in edits}):
        if low < at:
            raise ValueError(f"two edits overlap at offset {low}")
        pieces += [text[at:low], replacement]
        at = high
    return "".join([*pieces, text[at:]])


def has_odd_line_ends(text: str) -> bool:
    """Line ends that YAML counts and editors do not, or the other way round: no place is certain, nothing is edited."""
    return _ODD_LINE_END.search(text) is not None


def text_between(text: str, span: Span) -> str:
    """The characters of a place; "" where it lies outside the text."""
    starts = _line_starts(text)
    return text[_offset(span.start, starts, len(text)) : _offset(span.end, starts, len(text))]


@attrs.frozen
class Choice:
    """Fixes that can be carried out together.

    Attributes:
        fixes: no edit of one overlaps an edit of another.
        postponed: fixes that overlap one of them; a second pass may take them.
    """

    fixes: tuple[Fix, ...]
    postponed: tuple[Fix, ...]


def compatible(fixes: Iterable[Fix]) -> Choice:
    """The fixes, first come first served, that do not get in each other's way; a fix is taken whole or not at all."""
    taken: list[Fix] = []
    postponed: list[Fix] = []
    ground: dict[str, list[Span]] = {}
    for fix in dict.fromkeys(fixes):
        if _claim(fix, ground):
            taken.append(fix)
        else:
            postponed.append(fix)
    return Choice(tuple(taken), tuple(postponed))


def _claim(fix: Fix, ground: dict[str, list[Span]]) -> bool:
    """Take the places of a fix if all are free; touching is not free: two insertions at one place have no order."""
    if any(_is_taken(edit.span, ground.get(edit.span.file, [])) for edit in fix.edits):
        return False
    for edit in fix.edits:
        insort(ground.setdefault(edit.span.file, []), edit.span)
    return True


def _is_taken(span: Span, spans: list[Span]) -> bool:
    at = bisect_left(spans, span)
    return any(_touch(span, spans[near]) for near in (at - 1, at) if 0 <= near < len(spans))


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _offsets(edit: Edit, starts: list[int], length: int) -> tuple[int, int, str]:
    low = _offset(edit.span.start, starts, length)
    high = _offset(edit.span.end, starts, length)
    if not 0 <= low <= high <= length:
        raise ValueError(f"an edit lies outside the text: {edit.span.shown}")
    return low, high, edit.replacement


def _offset(place: tuple[int, int], starts: list[int], length: int) -> int:
    """Behind the last line is the end of the text, so that a whole last line can be deleted."""
    line, column = place
    return starts[line] + column if line < len(starts) else length
