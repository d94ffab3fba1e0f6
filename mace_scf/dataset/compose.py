"""Elements of many atom lines at once, from the first bytes of each line."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from ..catalog.elements import SYMBOLS
from .readers.pieces import Piece
from .readers.spans import LINE, SIZE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ELEMENTS = len(SYMBOLS)
_BLANKS = b" \t\n\r"


@attrs.frozen(eq=False)
class Composition:
    """The elements of many frames.

    Attributes:
        numbers: (elements,) atomic numbers.
        counts: (frames, elements) atoms.
        sound: per frame, whether its counts can be relied on.
    """

    numbers: NDArray[np.int64]
    counts: NDArray[np.int64]
    sound: NDArray[np.bool_]

    def of(self, rows: NDArray[np.int64] | slice) -> Composition:
        """Some frames, with the elements that they have."""
        import numpy as np

        counts = self.counts[rows]
        present = np.flatnonzero(counts.any(axis=0))
        return Composition(self.numbers[present], counts[:, present], self.sound[rows])


def symbols_of(numbers: NDArray[np.int64], counts: NDArray[np.int64] | None) -> dict[int, int] | None:
    """Atoms of one frame by atomic number; None where they are not known."""
    if counts is None:
        return None
    return {int(numbers[place]): int(counts[place]) for place in counts.nonzero()[0]}


class ElementCounter:
    """Counts atoms per frame and element; reads lines that begin with the symbol in column 0."""

    def __init__(self) -> None:
        import numpy as np

        self._numbers = symbol_table()
        self._blank = np.zeros(256, dtype=bool)
        self._blank[list(_BLANKS)] = True

    def count(self, piece: Piece, table: NDArray[np.int64], wanted: NDArray[np.int64]) -> Composition:
        """The elements of the wanted frames; others count as unsound."""
        import numpy as np

        sizes = table[wanted, SIZE]
        starts = line_starts(piece, table[wanted], sizes)
        raw = piece.raw
        first, second = raw[starts].astype(np.intp), raw[np.minimum(starts + 1, raw.size - 1)]
        third = raw[np.minimum(starts + 2, raw.size - 1)]
        numbers = self._numbers[first * 256 + second]
        good = (numbers >= 0) & (self._blank[second] | self._blank[third])
        frames = np.repeat(wanted, sizes)
        sound = np.zeros(len(table), dtype=bool)
        sound[wanted] = True
        sound[frames[~good]] = False
        numbers = np.where(good, numbers, 0)
        present = np.bincount(numbers, minlength=ELEMENTS).nonzero()[0]
        columns = np.zeros(ELEMENTS, dtype=np.int64)
        columns[present] = np.arange(len(present))
        keys = frames * len(present) + columns[numbers]
        counts = np.bincount(keys, minlength=len(table) * len(present)).reshape(len(table), len(present))
        return Composition(present, counts.astype(np.int64), sound)


def line_starts(piece: Piece, table: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offset of every atom line, frame after frame."""
    import numpy as np

    ends: Any = np.asarray(piece.ends)
    lines = table[:, LINE] - piece.first_line + 1
    before = np.cumsum(sizes) - sizes
    index = np.arange(int(sizes.sum())) + np.repeat(lines - before, sizes)
    starts: NDArray[np.int64] = ends[index] + 1
    return starts


@cache
def symbol_table() -> NDArray[np.int16]:
    """Two bytes -> atomic number in any case of letters, -1 for no element; not to be written to."""
    import numpy as np

    table = np.full(65536, -1, dtype=np.int16)
    for number, symbol in enumerate(SYMBOLS):
        for spelled in {symbol, symbol.lower(), symbol.upper(), symbol.swapcase()}:
            seconds = spelled[1:].encode() or _BLANKS
            for second in seconds:
                table[ord(spelled[0]) * 256 + second] = number
    table.flags.writeable = False
    return table
