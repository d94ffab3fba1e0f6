"""The engine for whole pieces: comments of many frames at once, sorted by key, and elements by their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .accumulate import array_moments
from .batch_frames import BatchFrames, by_text
from .batches import Batch, joined
from .build import COMPONENTS, ProfileBuilder
from .columns import Layout, read_properties
from .compose import Composition, ElementCounter, symbols_of
from .frame import Item
from .grouping import Group
from .groups import cells, selected
from .hashing import HashMethod
from .pending import PendingHashes
from .plain import PlainEngine
from .readers.pieces import Piece
from .readers.spans import BLOCK_END, COMMENT, COMMENT_END, FRAME, SIZE, span_of, table_of
from .tokens import Columns
from .values import ValueReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_NOTHING: Mapping[Layout, Integers] = {}
_PENDING = 1 << 18  # numbers that are held, and whose moments are taken together
_OVERHEAD = 64  # numbers that take the memory of one group
_BATCH = 1 << 14  # frames whose comment lines are counted together


class BatchEngine:
    """Feeds a builder with whole pieces; frames that are not ordinary go through the plain engine."""

    piece = 8 << 20  # every piece costs the same few milliseconds of Python, whatever its size
    # Bytes of comment lines that are split at once: where they are lists of numbers, these take eight times that.
    comments = 1 << 20

    def __init__(self, builder: ProfileBuilder, method: HashMethod | None, *, values: bool) -> None:
        self.builder, self.method, self.values = builder, method, values
        self.plain = PlainEngine(builder, method, values=values)
        self.columns = Columns()
        self.counter = ElementCounter()
        self.known: dict[int, frozenset[Item]] = {}
        self._hashes: dict[Item, int] = {}
        self.hashes = PendingHashes(builder)
        self.reader = ValueReader(builder)
        self._pending: dict[tuple[str, str, int], list[tuple[Integers, Floats]]] = {}
        self._pending_numbers = 0
        self._batches: list[Batch] = []
        self._frames = self._held = 0

    def consume(self, piece: Piece) -> None:
        """All frames of a piece."""
        if not len(piece.spans):
            return
        import numpy as np

        table = table_of(piece.spans)
        stretch = np.cumsum(table[:, COMMENT_END] - table[:, COMMENT]) // self.comments
        for some in np.split(table, np.flatnonzero(np.diff(stretch)) + 1):
            self._consume(piece, some)

    def _consume(self, piece: Piece, table: Integers) -> None:
        import numpy as np

        groups, odd = self.sort(piece, table)
        odd |= self._odd_frames(table, groups)
        composition = self.compose(piece, table, np.flatnonzero(table[:, SIZE]))
        odd |= ~composition.sound
        if not odd.any():
            self._take(piece, table, composition.of(slice(None)), groups)
            return
        left = self._take_odd(piece, table, np.flatnonzero(odd), composition)
        kept = np.flatnonzero(~odd)
        if kept.size:
            self._take(piece, table[kept], composition.of(kept), selected(groups, kept, len(table)), left)
        elif self.values:
            self._read_values(piece, table[kept], (), left)

    def _take_odd(
        self, piece: Piece, table: Integers, odd: Integers, composition: Composition
    ) -> dict[Layout, Integers]:
        """Frames whose comment lines need words; those whose atom lines need none are left, by their columns."""
        by_layout: dict[Layout, list[int]] = {}
        for row in odd.tolist():
            counts = composition.counts[row] if composition.sound[row] else None
            layout = self.plain.frame(piece, span_of(table[row]), symbols_of(composition.numbers, counts))
            if layout is not None:
                by_layout.setdefault(layout, []).append(row)
        return {layout: table[rows] for layout, rows in by_layout.items()}

    def _take(
        self,
        piece: Piece,
        table: Integers,
        composition: Composition,
        groups: list[Group],
        left: Mapping[Layout, Integers] = _NOTHING,
    ) -> None:
        """The ordinary frames of a piece: at once what needs their bytes, the rest with those of others."""
        if self.method is not None:
            self._add_hashes(piece, table, self.method)
        if self.values:
            self._read_values(piece, table, groups, left)
        self._batches.append(Batch(table[:, FRAME].copy(), table[:, SIZE].copy(), composition, groups))
        self._frames += len(table)
        self._held += sum(len(group.rows) * group.reading.size + _OVERHEAD for group in groups)
        if self._frames >= _BATCH or self._held >= _PENDING:
            self._count_batches()

    def _count_batches(self) -> None:
        if self._batches:
            BatchFrames(self, joined(self._batches)).count()
        self._batches, self._frames, self._held = [], 0, 0

    def _add_hashes(self, piece: Piece, table: Integers, method: HashMethod) -> None:
        view, short = piece.view, method.short
        starts, ends, lasts = table[:, [COMMENT, COMMENT_END, BLOCK_END]].T.tolist()
        comments = [short(view[start:end]) for start, end in zip(starts, ends, strict=True)]
        blocks = [short(view[end + 1 : last]) for end, last in zip(ends, lasts, strict=True)]
        self.hashes.add(table[:, FRAME].copy(), comments, blocks)

    def _read_values(
        self, piece: Piece, table: Integers, groups: Sequence[Group], left: Mapping[Layout, Integers]
    ) -> None:
        """Atom lines, frames with equal columns together and in the order of the file."""
        import numpy as np

        parts = {layout: [rows] for layout, rows in left.items()}
        for group in groups:
            if group.key == "Properties":
                for text, rows in by_text(group):
                    parts.setdefault(read_properties(text), []).append(table[rows])
        for layout, some in parts.items():
            together = np.concatenate(some)
            order = np.argsort(together[:, FRAME], kind="stable")
            self.reader.add(piece, together[order], layout)

    def is_ascii(self, piece: Piece) -> bool:
        """Whether no byte has its highest bit."""
        return bool(piece.raw.max() < 128)

    def sort(self, piece: Piece, table: Integers) -> tuple[list[Group], Flags]:
        """Groups of equal readings, and which frames are not ordinary."""
        import numpy as np

        view, (starts, ends) = piece.view, table[:, [COMMENT, COMMENT_END]].T.tolist()
        comments = [bytes(view[start:end]) for start, end in zip(starts, ends, strict=True)]
        groups, rows = self.columns.sort(comments)
        odd = np.zeros(len(table), dtype=bool)
        odd[list(rows)] = True
        return groups, odd

    def compose(self, piece: Piece, table: Integers, wanted: Integers) -> Composition:
        """The elements of the wanted frames; others count as unsound."""
        return self.counter.count(piece, table, wanted)

    def finish(self) -> None:
        """Bring home what is still pending."""
        self._count_batches()
        self.hashes.finish()
        self.reader.finish()
        self._flush_all()

    def _flush_all(self) -> None:
        for key, parts in self._pending.items():
            self._flush(key, parts)
        self._pending, self._pending_numbers = {}, 0

    def pend(self, location: str, key: str, frames: Integers, numbers: Floats) -> None:
        """Numbers (rows, components) whose moments are taken when enough of them have gathered."""
        self._pending.setdefault((location, key, numbers.shape[1]), []).append((frames, numbers))
        self._pending_numbers += numbers.size
        if self._pending_numbers > _PENDING:
            self._flush_all()

    def _flush(self, key: tuple[str, str, int], parts: list[tuple[Integers, Floats]]) -> None:
        import numpy as np

        frames = np.concatenate([part[0] for part in parts])
        numbers = np.concatenate([part[1][:, :COMPONENTS] for part in parts])
        if (np.diff(frames) < 0).any():
            order = np.argsort(frames, kind="stable")
            frames, numbers = frames[order], numbers[order]
        for component in range(numbers.shape[1]):
            values = np.ascontiguousarray(numbers[:, component])
            moments = array_moments(values, self.builder.file, frames)
            self.builder.add_moments((key[0], key[1], component), moments)

    def item_hash(self, item: Item) -> int:
        """64 bits that stand for an item in sums over the items of a frame."""
        if item not in self._hashes:
            digest = hashlib.blake2b(repr(item).encode(), digest_size=8).digest()
            self._hashes[item] = int.from_bytes(digest, "little")
        return self._hashes[item]

    def _odd_frames(self, table: Integers, groups: Sequence[Group]) -> Flags:
        """Frames that need words: no atoms, isolated atoms, periodic without a volume."""
        sizes = table[:, SIZE]
        _, periodic, shapes, _ = cells(groups, len(sizes))
        bad: Flags = (sizes == 0) | (periodic & ((shapes == 0) | (shapes == 2)))
        for group in groups:
            if group.key == "config_type" and group.codes is not None:
                for text, rows in by_text(group):
                    if text == "IsolatedAtom":
                        bad[rows] |= sizes[rows] == 1
        return bad
