"""Where the lines of a text begin, and the way from offsets to places and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence


def line_starts(text: str) -> list[int]:
    """Offset of the first character of each line.

    >>> line_starts("a\\nbc\\n")
    [0, 2, 5]
    """
    return [0, *(match.end() for match in re.finditer("\n", text))]


def place_at(starts: Sequence[int], offset: int) -> tuple[int, int]:
    """Line and column of an offset, by the starts of the lines."""
    line = bisect_right(starts, offset) - 1
    return line, offset - starts[line]


def offset_at(starts: Sequence[int], length: int, place: tuple[int, int]) -> int:
    """Offset of a line and column; the end of a text of that length for places behind it."""
    line, column = place
    return min(starts[line] + column, length) if line < len(starts) else length
