"""The walk over regular frames in machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .compose import ELEMENTS, Composition, symbol_table
from .kernels.load import address, kernels
from .readers.pieces import Piece
from .readers.spans import SIZE, UNKNOWN, WIDTH
from .readers.xyz import Walked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

NEXT_START, NEXT_LINE, STATUS, COLUMNS, BEYOND_ASCII = range(5)
MORE, ODD, FULL, NARROW = range(4)


class CompiledWalk:
    """Walks over regular frames and counts their elements on the way."""

    def __init__(self) -> None:
        import numpy as np

        self._kernel = kernels()["walk_frames"]
        self._table = symbol_table()
        self._columns = np.full(ELEMENTS, -1, dtype=np.int16)
        self._state = np.zeros(5, dtype=np.int64)
        self._width = 16
        self._walked: list[tuple[Any, Any]] = []
        self._places = address(self._table), address(self._columns)
        self._state_place = address(self._state)

    def walk(self, piece: Piece, spans: Any, start: int, frame: int, line: int) -> Walked:
        """Add the spans of all regular frames from an offset on."""
        place, size, status = address(piece.raw), len(piece.view), FULL
        while status in (FULL, NARROW):
            table = self._step(place, size, start, frame, line)
            spans.add(table)
            frame += len(table)
            start, line, status = (int(self._state[at]) for at in (NEXT_START, NEXT_LINE, STATUS))
            if status == NARROW:
                self._width = min(2 * self._width, ELEMENTS)
        return Walked(start, frame, line, status == MORE)

    def _step(self, place: int, size: int, start: int, frame: int, line: int) -> Integers:
        import numpy as np

        most = 256 + (size - start) // 512
        table = np.empty((most, 8), dtype=np.int64)
        counts = np.empty((most, self._width), dtype=np.int32)
        sound = np.empty(most, dtype=np.uint8)
        found = self._kernel(
            place, size, start, frame, line, address(table), most, *self._places, address(counts), self._width,
            address(sound), self._state_place,
        )  # fmt: skip
        self._walked.append((counts[:found], sound[:found]))
        return table[:found]

    def saw_ascii(self, piece: Piece) -> bool:
        """Whether all frames of the piece were walked over since the last call, and none has other bytes."""
        seen = sum(len(counts) for counts, _ in self._walked)
        pure = not self._state[BEYOND_ASCII]
        self._state[BEYOND_ASCII] = 0
        return pure and seen == len(piece.spans)

    def composition(self, table: Integers) -> Composition:
        """The elements of the frames that were walked over since the last call; others are unsound."""
        import numpy as np

        used = int(self._state[COLUMNS])
        counts = np.zeros((len(table), used), dtype=np.int64)
        sound = np.zeros(len(table), dtype=bool)
        own = np.flatnonzero(table[:, WIDTH] != UNKNOWN)
        first = 0
        for part, good in self._walked:
            rows = own[first : first + len(part)]
            width = min(used, part.shape[1])
            counts[rows, :width] = part[:, :width]
            sound[rows] = good.astype(bool)
            first += len(part)
        self._walked = []
        numbers = np.zeros(used, dtype=np.int64)
        known = np.flatnonzero(self._columns >= 0)
        numbers[self._columns[known]] = known
        return Composition(numbers, counts, sound & (table[:, SIZE] > 0))
