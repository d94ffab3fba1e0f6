"""Single frames with the labels that physics looks at, read one after the other."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from .columns import Layout
from .elements import elements
from .frame import Header, cell_class, pbc_flags, read_header
from .readers.pieces import FrameSpan, Piece, read_pieces
from .readers.streams import BrokenStreamError, open_binary
from .readers.xyz import Bytes, Walker
from .values import components, rows_of_block, split_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@attrs.frozen(eq=False)
class FrameValues:
    """One frame.

    Attributes:
        frame: its number in the file.
        pbc: ``FFF``, ``TTF`` and the like.
        volume: Å³; 0 without a cell.
        info: key -> numbers of the comment line, row by row.
        lattice: Å, the nine numbers of the cell; empty without one.
        arrays: column name -> (atoms, width).
        numbers: (atoms,) atomic numbers, 0 for what is no element.
    """

    frame: int
    pbc: str
    volume: float
    lattice: tuple[float, ...]
    info: Mapping[str, tuple[float, ...]]
    arrays: Mapping[str, NDArray[np.float64]]
    numbers: NDArray[np.int64]

    @property
    def isolated(self) -> bool:
        """Not periodic in any direction."""
        return self.pbc == "FFF"

    def scalar(self, key: str) -> float | None:
        """The number of an entry that has one."""
        numbers = self.info.get(key, ())
        return numbers[0] if len(numbers) == 1 else None


def read_frames(path: str, wanted: Sequence[range] | None = None) -> Iterator[FrameValues]:
    """The frames that can be read to numbers; others are passed over (a scan says what is wrong).

    Args:
        path: the file.
        wanted: numbers of the frames that are read, in rising order; all if absent.
    """

    def report(code: str, frame: int, line: int, offset: int, text: Bytes, detail: str = "") -> None:
        """Damage is told by the scan."""

    from .engines import newline_index, walk_fast

    walker = Walker(report)
    if wanted is not None:  # many frames are only passed over
        walk_fast(walker, os.path.getsize(path))
    with open_binary(path) as stream, suppress(BrokenStreamError):
        for piece in read_pieces(stream, walker, index=newline_index()):
            for span in piece.spans if wanted is None else _among(piece.spans, wanted):
                frame = _frame(piece, span)
                if frame is not None:
                    yield frame


def stretches(frames: int, most: int, count: int) -> list[range]:
    """At most ``most`` of so many frames, in ``count`` stretches of neighbours, spread from the first to the last.

    >>> stretches(10, 20, 3), stretches(1000, 6, 3)
    ([range(0, 10)], [range(0, 2), range(499, 501), range(998, 1000)])
    """
    if frames <= most:
        return [range(frames)]
    size = most // count
    starts = [number * (frames - size) // (count - 1) for number in range(count)]
    return [range(start, start + size) for start in starts]


def _among(spans: Sequence[FrameSpan], wanted: Sequence[range]) -> Iterator[FrameSpan]:
    """Those with these numbers, which rise."""
    if not len(spans):
        return
    first, last = spans[0].frame, spans[-1].frame
    for stretch in wanted:
        if stretch.stop > first and stretch.start <= last:
            begin = bisect_left(spans, stretch.start, key=_number)
            yield from spans[begin : bisect_left(spans, stretch.stop, key=_number)]


def _number(span: FrameSpan) -> int:
    return span.frame


def _frame(piece: Piece, span: FrameSpan) -> FrameValues | None:
    header = read_header(
        piece.data[span.comment_start : span.comment_end].decode("utf-8", "replace"), span.size
    )
    numbers = split_numbers(piece, span, header.layout)
    if numbers is None or header.error:
        return None
    given = header.values.get("Lattice")
    lattice = given.numbers if given is not None else ()
    return FrameValues(
        span.frame,
        pbc_flags(header.values),
        cell_class(lattice)[1],
        lattice,
        {key: value.numbers for key, value in header.values.items() if value.reading.numeric},
        dict(_columns(header.layout, numbers)),
        _atomic_numbers(piece, span, header),
    )


def _columns(layout: Layout, numbers: NDArray[np.float64]) -> Iterator[tuple[str, NDArray[np.float64]]]:
    names = [name for name, _ in components(layout)]
    for name in dict.fromkeys(names):
        first = names.index(name)
        yield name, numbers[:, first : first + names.count(name)]


def _atomic_numbers(piece: Piece, span: FrameSpan, header: Header) -> NDArray[np.int64]:
    import numpy as np

    return np.array(
        [number or 0 for number in elements(header.layout, rows_of_block(piece, span))], dtype=np.int64
    )
