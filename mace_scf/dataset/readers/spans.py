"""Where many frames lie, as one table: an object for each would cost more than finding them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, overload

from .pieces import FrameSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.int64]

FRAME, LINE, START, COMMENT, COMMENT_END, BLOCK_END, SIZE, WIDTH = range(8)
UNKNOWN = -1  # width of the lines of a frame that was found one by one


class SpanTable(Sequence[FrameSpan]):
    """Spans, the fields of each and the common width of its lines in a row; grows at the end."""

    def __init__(self, spans: Iterable[FrameSpan] = ()) -> None:
        self._parts: list[Table] = []
        self._size = 0
        for span in spans:
            self.append(span)

    def append(self, span: FrameSpan) -> None:
        """One more."""
        import numpy as np

        self.add(np.array([[*span, UNKNOWN]], dtype=np.int64))

    def add(self, rows: Table) -> None:
        """Many more."""
        if len(rows):
            self._parts.append(rows)
            self._size += len(rows)

    @property
    def rows(self) -> Table:
        """(frames, 8), by the names of this module."""
        import numpy as np

        if len(self._parts) != 1:
            self._parts = [np.concatenate(self._parts) if self._parts else np.empty((0, 8), dtype=np.int64)]
        return self._parts[0]

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> FrameSpan: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FrameSpan]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return SpanTable(span_of(row) for row in self.rows[index])
        return span_of(self._parts[-1][-1] if index == -1 else self.rows[index])


def span_of(row: Table) -> FrameSpan:
    """One row as an object."""
    return FrameSpan(*row[:WIDTH].tolist())


def table_of(spans: Sequence[FrameSpan]) -> Table:
    """The table of any spans."""
    if isinstance(spans, SpanTable):
        return spans.rows
    import numpy as np

    table = np.full((len(spans), len(FrameSpan._fields) + 1), UNKNOWN, dtype=np.int64)
    numbers = np.fromiter(chain.from_iterable(spans), np.int64, len(spans) * WIDTH)
    table[:, :WIDTH] = numbers.reshape(-1, WIDTH)
    return table
