"""The walk over regular frames in machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from .compiled_hashes import FrameHasher, FrameHashes
from .compose import ELEMENTS, Composition, symbol_table
from .kernels.load import address, kernels
from .readers.pieces import Piece
from .readers.spans import FRAME, SIZE, UNKNOWN, WIDTH
from .readers.xyz import Walked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

NEXT_START, NEXT_LINE, STATUS, COLUMNS, BEYOND_ASCII = range(5)
MORE, ODD, FULL, NARROW = range(4)


@attrs.frozen(eq=False)
class _Found:
    """What the walk has seen of some frames: atoms per column, whether they are sound, and hashes."""

    counts: NDArray[np.int32]
    sound: NDArray[np.uint8]
    hashes: NDArray[np.uint64]
    hashed: NDArray[np.uint8]

    def part(self, rows: slice) -> _Found:
        """Some of the frames."""
        return _Found(self.counts[rows], self.sound[rows], self.hashes[rows], self.hashed[rows])


class CompiledWalk:
    """Walks over regular frames; counts their elements and hashes them on the way."""

    def __init__(self, hasher: FrameHasher | None) -> None:
        import numpy as np

        self._kernel = kernels()["walk_frames"]
        self._hasher = hasher
        self._table = symbol_table()
        self._columns = np.full(ELEMENTS, -1, dtype=np.int16)
        self._state = np.zeros(5, dtype=np.int64)
        self._width = 16
        self._walked: list[_Found] = []
        self._places = address(self._table), address(self._columns)
        self._state_place = address(self._state)

    def walk(self, piece: Piece, spans: Any, start: int, frame: int, line: int, *, final: bool) -> Walked:
        """Add the spans of all regular frames from an offset on."""
        place, size, status = address(piece.raw), len(piece.view), FULL
        while status in (FULL, NARROW) and len(spans) < piece.most:
            table = self._step(place, size, final, start, frame, line, piece.most - len(spans))
            spans.add(table)
            frame += len(table)
            start, line, status = (int(self._state[at]) for at in (NEXT_START, NEXT_LINE, STATUS))
            if status == NARROW:
                self._width = min(2 * self._width, ELEMENTS)
        return Walked(start, frame, line, status == MORE)

    def find(self, piece: Piece, spans: Any, start: int, frame: int, line: int, *, final: bool) -> Walked:
        """The same for those who want to know nothing else of the frames."""
        walked = self.walk(piece, spans, start, frame, line, final=final)
        self._walked = []
        return walked

    def _step(
        self, place: int, size: int, final: bool, start: int, frame: int, line: int, room: int
    ) -> Integers:
        import numpy as np

        most = min(256 + (size - start) // 512, room)
        table = np.empty((most, 8), dtype=np.int64)
        new = _Found(
            np.empty((most, self._width), dtype=np.int32),
            np.empty(most, dtype=np.uint8),
            np.empty((most, 2), dtype=np.uint64),
            np.zeros((most, 2), dtype=np.uint8),
        )
        hashing = self._hasher.arguments if self._hasher is not None else (0, 0, 0)
        found = self._kernel(
            place, size, final, start, frame, line, address(table), most, *self._places,
            address(new.counts), self._width, address(new.sound), self._state_place,
            *hashing, address(new.hashes), address(new.hashed),
        )  # fmt: skip
        self._walked.append(new.part(slice(found)))
        return table[:found]

    def saw_ascii(self, piece: Piece) -> bool:
        """Whether all frames of the piece were walked over since the last call, and none has other bytes."""
        seen = sum(len(part.counts) for part in self._walked)
        pure = not self._state[BEYOND_ASCII]
        self._state[BEYOND_ASCII] = 0
        return pure and seen == len(piece.spans)

    def take(self, table: Integers) -> tuple[Composition, FrameHashes]:
        """Elements and hashes of the next frames that were walked over, in order; of others, nothing sound."""
        import numpy as np

        used = int(self._state[COLUMNS])
        counts = np.zeros((len(table), used), dtype=np.int64)
        sound = np.zeros(len(table), dtype=bool)
        hashes = np.empty((len(table), 2), dtype=np.uint64)
        hashed = np.zeros((len(table), 2), dtype=np.uint8)
        own = np.flatnonzero(table[:, WIDTH] != UNKNOWN)
        while own.size:
            whole = self._walked.pop(0)
            rows, own = own[: len(whole.sound)], own[len(whole.sound) :]
            part, width = whole.part(slice(len(rows))), min(used, whole.counts.shape[1])
            counts[rows, :width] = part.counts[:, :width]
            sound[rows] = part.sound.astype(bool)
            hashes[rows], hashed[rows] = part.hashes, part.hashed
            if len(rows) < len(whole.sound):
                self._walked.insert(0, whole.part(slice(len(rows), None)))
        numbers = np.zeros(used, dtype=np.int64)
        known = np.flatnonzero(self._columns >= 0)
        numbers[self._columns[known]] = known
        composition = Composition(numbers, counts, sound & (table[:, SIZE] > 0))
        return composition, FrameHashes(table[:, FRAME], hashes, hashed)
