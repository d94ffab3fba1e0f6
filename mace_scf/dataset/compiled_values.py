"""Atom lines read and accumulated by machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from .accumulate import binned_total
from .build import ProfileBuilder
from .columns import Layout
from .exact import SCALE_BITS
from .kernels.load import address, kernels
from .moments import Extreme, Moments
from .place import Place
from .plain import note_rows
from .readers.pieces import Piece
from .readers.spans import SIZE, span_of
from .values import ValueReader, components, rows_of_block

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

# As in kernels/moments.py and kernels/atoms.py, which need numba to be imported; a test holds them equal.
CHUNK, CODES, SQUARES, SUMS = 512, 4096, 2048, 10
SKIP, REAL, WHOLE = 0, 1, 2
CELL, SYMBOL, POINT = 17, 2, 8
_CELLS = 128  # number columns whose running moments, 130 kB each, are worth their memory
_LAYOUTS = 16  # whose running moments are held at a time
_TOTAL_BITS, _SQUARE_BITS = (28, 79), (6, 56, 106)  # the split sums count 2**-28 and so on


class CompiledValueReader(ValueReader):
    """Reads atom lines and takes the moments of their columns."""

    def __init__(self, builder: ProfileBuilder) -> None:
        import numpy as np

        super().__init__(builder)
        self._kernel = kernels()["read_atoms"]
        self._running: dict[Layout, _Running] = {}
        self._scratch = np.empty(0)

    def add(self, piece: Piece, table: Integers, layout: Layout) -> None:
        """All numbers of these frames, in the order of the file."""
        import numpy as np

        if len(components(layout)) > _CELLS:
            super().add(piece, table, layout)
            return
        self.builder.value_frames += len(table)
        sound, finite = self._read(piece, table, layout, self._running_of(layout))
        for row in np.flatnonzero(sound == 0).tolist():
            self.read_plainly(piece, span_of(table[row]), layout)
        for row in np.flatnonzero((sound == 1) & (finite == 0)).tolist():
            self._note_strange_numbers(piece, table[row : row + 1], layout)

    def finish(self) -> None:
        """Bring the running moments home."""
        for layout, running in self._running.items():
            for number, (name, component) in enumerate(components(layout)):
                moments = running.moments(number, self.builder.file)
                if moments.count:
                    self.builder.add_moments(("arrays", name, component), moments)
        self._running = {}

    def _read(self, piece: Piece, table: Integers, layout: Layout, running: _Running) -> tuple[Any, Any]:
        import numpy as np

        sound, finite = np.empty(len(table), dtype=np.uint8), np.empty(len(table), dtype=np.uint8)
        kinds, cells = _kinds(layout), len(components(layout))
        blanks, points = _masks(cells)
        room = int(table[:, SIZE].max()) + CHUNK
        if len(self._scratch) < room * cells:
            self._scratch = np.empty(room * cells)
        firsts = np.empty((CHUNK + 2, 2), dtype=np.int64)
        self._kernel(
            address(piece.raw), address(table), len(table), address(kinds), len(kinds), cells,
            address(blanks), address(points), len(blanks), address(self._scratch), room,
            address(firsts), address(sound), address(finite),
            *map(address, attrs.astuple(running, recurse=False)),
        )  # fmt: skip
        return sound, finite

    def _note_strange_numbers(self, piece: Piece, frame: Integers, layout: Layout) -> None:
        """A frame with NaN or infinities: read again, to see in which lines."""
        import numpy as np

        only_read = _new_running(1)
        only_read.tallies[0, 0] = -1
        self._read(piece, frame, layout, only_read)
        size, cells = int(frame[0, SIZE]), len(components(layout))
        numbers = self._scratch[: (size + CHUNK) * cells].reshape(cells, -1)[:, :size]
        bad = np.flatnonzero(~np.isfinite(numbers).all(axis=0)).tolist()
        count = int(np.count_nonzero(~np.isfinite(numbers)))
        span = span_of(frame[0])
        note_rows(self.builder, piece, span, layout, rows_of_block(piece, span), bad, count)

    def _running_of(self, layout: Layout) -> _Running:
        if layout not in self._running:
            if len(self._running) >= _LAYOUTS:  # memory stays bounded however many layouts there are
                self.finish()
            self._running[layout] = _new_running(len(components(layout)))
        return self._running[layout]


@attrs.frozen(eq=False)
class _Running:
    """The arrays of :func:`.kernels.moments.add_column`, in the order of its arguments."""

    tallies: Any
    histogram: Any
    bins: Any
    squares: Any
    sums: Any
    extremes: Any
    places: Any

    def moments(self, cell: int, file: str) -> Moments:
        nan, infinite, zeros = self.tallies[cell].tolist()
        places, histogram = self.places[cell].tolist(), self.histogram[cell]
        low, high = (value + 0.0 for value in self.extremes[cell].tolist())
        codes = histogram.nonzero()[0].tolist()
        finite = int(histogram.sum())
        return Moments(
            finite=finite,
            nan=nan,
            infinite=infinite,
            zeros=zeros,
            minimum=Extreme(low, Place(file, places[0], places[1])) if finite else None,
            maximum=Extreme(high, Place(file, places[2], places[3])) if finite else None,
            total=self._total(self.bins[cell], cell, 0, _TOTAL_BITS),
            squares=self._total(self.squares[cell], cell, 4, _SQUARE_BITS),
            histogram={code: int(histogram[code]) for code in codes},
            first_nan=Place(file, places[4], places[5]) if nan + infinite else None,
        )

    def _total(self, bins: Any, cell: int, first: int, bits: tuple[int, ...]) -> int:
        """The exact sum in units of 2**-1074: what was binned, and what was split."""
        used = bins.any(axis=1).nonzero()[0]
        total = binned_total(used.tolist(), *bins[used].T.tolist())
        for place, scale in enumerate(bits):
            upper, lower = self.sums[cell, first + 2 * place : first + 2 * place + 2].tolist()
            total += ((upper << 32) + lower) << (SCALE_BITS - scale)
        return total


def _new_running(cells: int) -> _Running:
    import numpy as np

    extremes = np.empty((cells, 2))
    extremes[:, 0], extremes[:, 1] = np.inf, -np.inf
    return _Running(
        np.zeros((cells, 3), dtype=np.int64),
        np.zeros((cells, CODES), dtype=np.int64),
        np.zeros((cells, CODES, 2), dtype=np.int64),
        np.zeros((cells, SQUARES, 2), dtype=np.int64),
        np.zeros((cells, SUMS), dtype=np.int64),
        extremes,
        np.full((cells, 6), -1, dtype=np.int64),
    )


def _masks(cells: int) -> tuple[Any, Any]:
    """Bits of the bytes of a line as ASE writes it that must be blanks and points."""
    import numpy as np

    starts = SYMBOL + CELL * np.arange(cells)
    bits = np.zeros((2, -(-(SYMBOL + CELL * cells + 1) // 64) * 64), dtype=np.uint8)
    bits[0, starts], bits[1, starts + POINT] = 1, 1
    blanks, points = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
    return blanks, points


def _kinds(layout: Layout) -> Integers:
    import numpy as np

    codes = {"R": REAL, "I": WHOLE}
    kinds = [codes.get(column.letter, SKIP) for column in layout.columns for _ in range(column.width)]
    return np.array(kinds, dtype=np.int64)
