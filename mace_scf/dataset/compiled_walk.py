"""The walk over regular frames in machine code; looks ahead at bytes that have just been read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs

from .compose import ELEMENTS, Composition, symbol_table
from .hashing import HashMethod
from .kernels.load import address, kernels
from .readers.pieces import Piece
from .readers.spans import BLOCK_END, COMMENT, COMMENT_END, FRAME, LINE, SIZE, START, UNKNOWN, WIDTH
from .readers.xyz import Walked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

NEXT_START, NEXT_LINE, STATUS, COLUMNS, BEYOND_ASCII = range(5)
MORE, ODD, FULL, NARROW = range(4)


@attrs.define(eq=False)
class Hashes:
    """Content hashes of frames, in the order of a piece.

    Attributes:
        starts: offset of each frame in its piece.
        comments, blocks: hashes of comment and atom lines.
    """

    starts: list[int] = attrs.field(factory=list)
    comments: list[int] = attrs.field(factory=list)
    blocks: list[int] = attrs.field(factory=list)

    def add(self, view: memoryview, table: Integers, method: HashMethod) -> None:
        """Those of some more frames."""
        short = method.short
        starts, comments, ends, lasts = table[:, [START, COMMENT, COMMENT_END, BLOCK_END]].T.tolist()
        self.starts += starts
        self.comments += [short(view[start:end]) for start, end in zip(comments, ends, strict=True)]
        self.blocks += [short(view[end + 1 : last]) for end, last in zip(ends, lasts, strict=True)]

    def of(self, rows: Sequence[int]) -> Hashes:
        """Some of them."""
        kinds = (self.starts, self.comments, self.blocks)
        return Hashes(*([kind[row] for row in rows] for kind in kinds))


@attrs.define(eq=False)
class _Seen:
    """What was walked over before the piece was whole; frames and lines count from 0 in it."""

    start: int = 0
    line: int = 0
    frames: int = 0
    status: int = MORE
    least: int = 0  # bytes behind the start below which another look is in vain
    tables: list[Any] = attrs.field(factory=list)
    walked: list[tuple[Any, Any]] = attrs.field(factory=list)
    hashes: Hashes = attrs.field(factory=Hashes)


class CompiledWalk:
    """Walks over regular frames and counts their elements on the way.

    Bytes that were read a moment ago are still close to the processor: that is when frames are found and hashed.
    """

    def __init__(self, method: HashMethod | None) -> None:
        import numpy as np

        self._kernel, self._method = kernels()["walk_frames"], method
        self._table = symbol_table()
        self._columns = np.full(ELEMENTS, -1, dtype=np.int16)
        self._state = np.zeros(5, dtype=np.int64)
        self._width = 16
        self._walked: list[tuple[Any, Any]] = []
        self._places = address(self._table), address(self._columns)
        self._state_place = address(self._state)
        self._seen, self.hashes = _Seen(), Hashes()

    def forget(self) -> None:
        """Another piece begins, or the bytes that were looked at are others by now."""
        self._seen, self.hashes = _Seen(), Hashes()

    def look(self, memory: bytearray, size: int) -> None:
        """Walk on over the first bytes of a piece that is still being read."""
        seen, before = self._seen, self._seen.start
        if seen.status != MORE or size - before < seen.least:
            return
        for table, walked in self._steps(address(memory), size, seen.start, seen.frames, seen.line):
            seen.tables.append(table)
            seen.walked.append(walked)
            seen.frames += len(table)
            if self._method is not None:
                with memoryview(memory) as view:
                    seen.hashes.add(view, table, self._method)
        seen.start, seen.line, seen.status = (int(self._state[at]) for at in (NEXT_START, NEXT_LINE, STATUS))
        # A frame larger than what is read between two looks must not be looked at again and again.
        seen.least = 2 * (size - before) if seen.start == before else 0

    def walk(self, piece: Piece, spans: Any, start: int, frame: int, line: int) -> Walked:
        """Add the spans of all regular frames from an offset on."""
        if start == 0:
            start, frame, line = self._take_seen(spans, frame, line)
        for table, walked in self._steps(address(piece.raw), len(piece.view), start, frame, line):
            spans.add(table)
            self._walked.append(walked)
            frame += len(table)
        start, line, status = (int(self._state[at]) for at in (NEXT_START, NEXT_LINE, STATUS))
        return Walked(start, frame, line, status == MORE)

    def _take_seen(self, spans: Any, frame: int, line: int) -> tuple[int, int, int]:
        """What was seen ahead, numbered as the file is; offset, frame and line behind it."""
        seen, self._seen = self._seen, _Seen()
        for table in seen.tables:
            table[:, FRAME] += frame
            table[:, LINE] += line
            spans.add(table)
        self._walked += seen.walked
        self.hashes = seen.hashes
        return seen.start, frame + seen.frames, line + seen.line

    def _steps(self, place: int, size: int, start: int, frame: int, line: int) -> Any:
        """Tables of spans with what was counted in them, until something else than room is missing."""
        status = FULL
        while status in (FULL, NARROW):
            table, walked = self._step(place, size, start, frame, line)
            yield table, walked
            frame += len(table)
            start, line, status = (int(self._state[at]) for at in (NEXT_START, NEXT_LINE, STATUS))
            if status == NARROW:
                self._width = min(2 * self._width, ELEMENTS)

    def _step(self, place: int, size: int, start: int, frame: int, line: int) -> tuple[Integers, Any]:
        import numpy as np

        most = 256 + (size - start) // 512
        table = np.empty((most, 8), dtype=np.int64)
        counts = np.empty((most, self._width), dtype=np.int32)
        sound = np.empty(most, dtype=np.uint8)
        found = self._kernel(
            place, size, start, frame, line, address(table), most, *self._places, address(counts), self._width,
            address(sound), self._state_place,
        )  # fmt: skip
        return table[:found], (counts[:found], sound[:found])

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
