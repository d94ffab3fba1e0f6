"""Places in text files, counted in Unicode code points."""

from __future__ import annotations

import attrs


@attrs.frozen(order=True)
class Span:
    """A half-open stretch of one file; lines and columns are 0-based code points.

    Attributes:
        file: the file's name as the user gave it (``-`` for standard input).
        line: first line.
        column: first column in that line.
        end_line: line of the first code point after the stretch.
        end_column: column of the first code point after the stretch.

    >>> Span("a.yaml", 0, 4, 0, 9).shown
    'a.yaml:1:5'
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    @property
    def shown(self) -> str:
        """``file:line:column`` as people count, from 1."""
        return f"{self.file}:{self.line + 1}:{self.column + 1}"

    @property
    def start(self) -> tuple[int, int]:
        """First line and column, for sorting and comparing."""
        return self.line, self.column

    @property
    def end(self) -> tuple[int, int]:
        """Line and column just behind the stretch."""
        return self.end_line, self.end_column

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this stretch."""
        return self.file == other.file and self.start <= other.start and other.end <= self.end
