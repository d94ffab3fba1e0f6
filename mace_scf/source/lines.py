"""Where the lines of a text begin."""

from __future__ import annotations

import re


def line_starts(text: str) -> list[int]:
    """Offset of the first character of each line.

    >>> line_starts("a\\nbc\\n")
    [0, 2, 5]
    """
    return [0, *(match.end() for match in re.finditer("\n", text))]
