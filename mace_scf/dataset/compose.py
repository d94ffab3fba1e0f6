"""Elements of many atom lines at once, from the first bytes of each line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..catalog.elements import SYMBOLS
from .readers.pieces import FrameSpan, Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ELEMENTS = len(SYMBOLS)
_BLANKS = b" \t\n\r"


class ElementCounter:
    """Counts atoms per frame and element; reads lines that begin with the symbol in column 0."""

    def __init__(self) -> None:
        import numpy as np

        self._numbers = symbol_table()
        self._blank = np.zeros(256, dtype=bool)
        self._blank[list(_BLANKS)] = True

    def count(self, piece: Piece, spans: list[FrameSpan]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Atoms per frame and atomic number, and for which frames every line began with a symbol."""
        import numpy as np

        sizes = np.array([span.size for span in spans], dtype=np.int64)
        starts = line_starts(piece, spans, sizes)
        raw = np.frombuffer(piece.data, dtype=np.uint8)
        first, second = raw[starts].astype(np.intp), raw[np.minimum(starts + 1, raw.size - 1)]
        third = raw[np.minimum(starts + 2, raw.size - 1)]
        numbers = self._numbers[first * 256 + second]
        good = (numbers >= 0) & (self._blank[second] | self._blank[third])
        frames = np.repeat(np.arange(len(spans)), sizes)
        sound = np.ones(len(spans), dtype=bool)
        sound[frames[~good]] = False
        keys = frames * ELEMENTS + np.where(good, numbers, 0)
        counts = np.bincount(keys, minlength=len(spans) * ELEMENTS).reshape(len(spans), ELEMENTS)
        return counts.astype(np.int64), sound


def line_starts(piece: Piece, spans: list[FrameSpan], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offset of every atom line, frame after frame."""
    import numpy as np

    ends: Any = np.asarray(piece.ends)
    lines = np.array([span.line - piece.first_line for span in spans], dtype=np.int64) + 1
    before = np.cumsum(sizes) - sizes
    index = np.arange(int(sizes.sum())) + np.repeat(lines - before, sizes)
    starts: NDArray[np.int64] = ends[index] + 1
    return starts


def symbol_table() -> NDArray[np.int16]:
    """Two bytes -> atomic number in any case of letters, -1 for no element."""
    import numpy as np

    table = np.full(65536, -1, dtype=np.int16)
    for number, symbol in enumerate(SYMBOLS):
        for spelled in {symbol, symbol.lower(), symbol.upper(), symbol.swapcase()}:
            seconds = spelled[1:].encode() or _BLANKS
            for second in seconds:
                table[ord(spelled[0]) * 256 + second] = number
    return table
