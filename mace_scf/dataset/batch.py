"""The numpy engine: headers of many frames at once, sorted by key, and elements by their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .accumulate import array_moments
from .batch_frames import BatchFrames
from .build import COMPONENTS, ProfileBuilder
from .compose import ElementCounter
from .frame import Item
from .groups import cells, selected
from .hashing import HashMethod
from .pending import PendingHashes
from .plain import PlainEngine
from .readers.pieces import Piece
from .tokens import Columns, Group
from .values import ValueReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_PENDING = 1 << 14


class BatchEngine:
    """Feeds a builder with whole pieces; frames that are not ordinary go through the plain engine."""

    piece = 8 << 20  # every piece costs the same few milliseconds of Python, whatever its size

    def __init__(self, builder: ProfileBuilder, method: HashMethod | None, *, values: bool) -> None:
        self.builder, self.method, self.values = builder, method, values
        self.plain = PlainEngine(builder, method, values=values)
        self.columns = Columns()
        self.elements: Any = ElementCounter()
        self.known: dict[int, frozenset[Item]] = {}
        self._hashes: dict[Item, int] = {}
        self.hashes = PendingHashes(builder)
        self.reader = ValueReader(builder)
        self._pending: dict[tuple[str, str, int], list[tuple[Integers, Floats]]] = {}
        self._pending_rows = 0

    def consume(self, piece: Piece) -> None:
        """All frames of a piece."""
        if not piece.spans:
            return
        import numpy as np

        groups, odd = self.sort(piece)
        odd |= self._odd_frames(piece, groups)
        kept = [row for row in range(len(piece.spans)) if row not in odd]
        counts, sound = self.elements.count(piece, [piece.spans[row] for row in kept])
        if not sound.all():
            odd |= {kept[position] for position in np.flatnonzero(~sound)}
            counts, kept = counts[sound], [row for row, good in zip(kept, sound, strict=True) if good]
        for row in sorted(odd):
            self.plain.frame(piece, piece.spans[row])
        if kept:
            spans = [piece.spans[row] for row in kept]
            BatchFrames(self, piece, spans, counts, selected(groups, kept, len(piece.spans))).count()

    def sort(self, piece: Piece) -> tuple[list[Group], set[int]]:
        """Groups of equal readings, and the positions of frames that are not ordinary."""
        data = memoryview(piece.data)
        return self.columns.sort([bytes(data[span.comment_start : span.comment_end]) for span in piece.spans])

    def finish(self) -> None:
        """Bring home what is still pending."""
        self.hashes.finish()
        self.reader.finish()
        self._flush_all()

    def _flush_all(self) -> None:
        for key, parts in self._pending.items():
            self._flush(key, parts)
        self._pending, self._pending_rows = {}, 0

    def pend(self, location: str, key: str, frames: Integers, numbers: Floats) -> None:
        """Numbers (rows, components) whose moments are taken when enough of them have gathered."""
        self._pending.setdefault((location, key, numbers.shape[1]), []).append((frames, numbers))
        self._pending_rows += len(frames) * numbers.shape[1]
        if self._pending_rows > 16 * _PENDING:
            self._flush_all()

    def _flush(self, key: tuple[str, str, int], parts: list[tuple[Integers, Floats]]) -> None:
        import numpy as np

        frames = np.concatenate([part[0] for part in parts])
        numbers = np.concatenate([part[1] for part in parts])
        order = np.argsort(frames, kind="stable")
        for component in range(min(key[2], COMPONENTS)):
            values = np.ascontiguousarray(numbers[order, component])
            moments = array_moments(values, self.builder.file, frames[order])
            self.builder.add_moments((key[0], key[1], component), moments)

    def item_hash(self, item: Item) -> int:
        """64 bits that stand for an item in sums over the items of a frame."""
        if item not in self._hashes:
            digest = hashlib.blake2b(repr(item).encode(), digest_size=8).digest()
            self._hashes[item] = int.from_bytes(digest, "little")
        return self._hashes[item]

    def _odd_frames(self, piece: Piece, groups: Sequence[Group]) -> set[int]:
        """Frames that need words: no atoms, isolated atoms, periodic without a volume."""
        import numpy as np

        sizes = np.array([span.size for span in piece.spans])
        _, periodic, shapes, _ = cells(groups, len(sizes))
        bad = (sizes == 0) | (periodic & ((shapes == 0) | (shapes == 2)))
        for group in groups:
            if group.key == "config_type" and group.texts is not None:
                lone = [
                    row for row, text in zip(group.rows, group.texts, strict=True) if text == "IsolatedAtom"
                ]
                bad[[row for row in lone if sizes[row] == 1]] = True
        return {int(row) for row in np.flatnonzero(bad)}
