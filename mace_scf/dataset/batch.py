"""The numpy engine: headers of many frames at once, sorted by key, and elements by their bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .accumulate import array_moments
from .build import COMPONENTS, ProfileBuilder, is_energy_key
from .columns import read_properties
from .compose import ElementCounter
from .exact import exact_array_sum
from .frame import Item, column_items, info_item
from .hashing import HashMethod
from .pending import PendingHashes
from .plain import PlainEngine
from .profile import LARGEST, SCALAR_LIMIT, SIZE_LIMIT
from .profile import Group as FrameGroup
from .readers.pieces import FrameSpan, Piece
from .tokens import Columns, Group
from .values import ValueReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_PENDING = 1 << 14
_CELLS = ("none", "left", "singular", "right")


class BatchEngine:
    """Feeds a builder with whole pieces; frames that are not ordinary go through the plain engine."""

    piece = 8 << 20  # every piece costs the same few milliseconds of Python, whatever its size

    def __init__(self, builder: ProfileBuilder, method: HashMethod | None, *, values: bool) -> None:
        self.builder, self.method, self.values = builder, method, values
        self.plain = PlainEngine(builder, method, values=values)
        self.columns = Columns()
        self.elements: Any = ElementCounter()
        self._known: dict[int, frozenset[Item]] = {}
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
            _Batch(self, piece, spans, counts, _selected(groups, kept, len(piece.spans))).count()

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


class _Batch:
    """Ordinary frames of one piece, all at once."""

    def __init__(
        self, engine: BatchEngine, piece: Piece, spans: list[FrameSpan], counts: Integers, groups: list[Group]
    ) -> None:
        import numpy as np

        self.engine, self.builder, self.piece, self.spans, self.groups = (
            engine, engine.builder, piece, spans, groups,
        )  # fmt: skip
        self.counts = counts
        self.frames = np.array([span.frame for span in spans], dtype=np.int64)
        self.sizes = np.array([span.size for span in spans], dtype=np.int64)
        self.signatures = np.zeros(len(spans), dtype=np.uint64)
        self.members: list[tuple[list[Item], Any]] = []

    def count(self) -> None:
        self._count_cells()
        for group in self.groups:
            self._count_group(group)
        self._count_patterns()
        self._count_sizes()
        self._count_elements()
        self._count_energies()
        self._count_hashes()
        if self.engine.values:
            self._read_values()

    def _read_values(self) -> None:
        """Atom lines, frames with equal columns together."""
        import numpy as np

        for group in self.groups:
            if group.key == "Properties":
                texts = group.texts or ()
                for text in dict.fromkeys(texts):
                    rows = np.sort([row for row, own in zip(group.rows, texts, strict=True) if own == text])
                    spans = [self.spans[row] for row in rows]
                    self.engine.reader.add(self.piece, spans, read_properties(text))

    def _count_cells(self) -> None:
        import numpy as np

        flags, _, shapes, volumes = cells(self.groups, len(self.frames))
        for code in np.unique(flags):
            rows = np.flatnonzero(flags == code)
            name = "".join("T" if code & bit else "F" for bit in (4, 2, 1))
            self._add_member([Item("frame", "pbc", detail=name)], rows)
            rows = rows[volumes[rows] > 0.0]
            if rows.size:
                ratio = (volumes[rows] / self.sizes[rows])[:, None]
                self.engine.pend("frame", f"volume per atom {name}", self.frames[rows], ratio)
        for code in np.unique(shapes):
            self._add_member([Item("frame", "cell", detail=_CELLS[code])], np.flatnonzero(shapes == code))

    def _count_group(self, group: Group) -> None:
        import numpy as np

        rows = np.asarray(group.rows)
        if group.key == "Properties":
            self._count_layouts(rows, group.texts or ())
            return
        if group.texts is not None:
            for text, count in Counter(group.texts).items():
                self.builder.count_text(group.key, text, count)
        if group.reading.numeric and group.key.startswith("config_") and group.key.endswith("weight"):
            self._count_weights(group, rows)
        else:
            self._add_member([info_item(group.key, group.reading, group.reading, ())], rows)
        if group.reading.numeric and group.key not in ("Lattice", "pbc"):
            self._count_numbers(group, rows)

    def _count_numbers(self, group: Group, rows: Integers) -> None:
        import numpy as np

        numbers: Floats = np.asarray(group.numbers, dtype=np.float64)
        self.engine.pend("info", group.key, self.frames[rows], numbers)
        if group.reading.shape == () and len(self.builder.scalars.get(group.key, ())) <= SCALAR_LIMIT:
            for value, count in zip(*np.unique(numbers[:, 0], return_counts=True), strict=True):
                self.builder.count_scalar(group.key, float(value), int(count))

    def _count_weights(self, group: Group, rows: Integers) -> None:
        import numpy as np

        numbers = np.asarray(group.numbers, dtype=np.float64)[:, :9]
        masks = (numbers != 0.0) @ (1 << np.arange(numbers.shape[1]))
        for mask in np.unique(masks):
            own = masks == mask
            item = info_item(group.key, group.reading, group.reading, numbers[int(np.argmax(own))].tolist())
            self._add_member([item], rows[own])

    def _count_layouts(self, rows: Integers, texts: Sequence[str]) -> None:
        import numpy as np

        for text in dict.fromkeys(texts):
            own = np.array([other == text for other in texts])
            self._add_member(column_items(read_properties(text)), rows[own])

    def _add_member(self, items: list[Item], rows: Integers) -> None:
        total = sum(self.engine.item_hash(item) for item in items) & 0xFFFFFFFFFFFFFFFF
        self.signatures[rows] += self.signatures.dtype.type(total)
        self.members.append((items, rows))

    def _count_patterns(self) -> None:
        import numpy as np

        types = _texts(self.groups, "config_type", len(self.frames))
        heads = _texts(self.groups, "head", len(self.frames))
        pairs = list(zip(types, heads, strict=True))
        codes = {pair: code for code, pair in enumerate(dict.fromkeys(pairs))}
        kinds = np.array([codes[pair] for pair in pairs], dtype=np.uint64)
        both = self.signatures ^ (kinds * np.uint64(0x9E3779B97F4A7C15))
        _, first, counts = np.unique(both, return_index=True, return_counts=True)
        self._learn(first)
        for row, count in zip(first.tolist(), counts.tolist(), strict=True):
            items = self.engine._known[int(self.signatures[row])]
            group: FrameGroup = pairs[row]
            self.builder.add_items(int(self.frames[row]), items, group, count)

    def _learn(self, rows: Integers) -> None:
        """The items behind signatures that are new."""
        import numpy as np

        known = self.engine._known
        if len(known) > 50_000:
            known.clear()
        new = np.array([row for row in rows if int(self.signatures[row]) not in known], dtype=np.int64)
        found: list[set[Item]] = [set() for _ in new]
        for items, own in self.members:
            for position in np.flatnonzero(np.isin(new, own)) if new.size else ():
                found[position].update(items)
        for row, items_of_row in zip(new, found, strict=True):
            known[int(self.signatures[row])] = frozenset(items_of_row)

    def _count_sizes(self) -> None:
        import numpy as np

        builder = self.builder
        builder.frames += len(self.sizes)
        builder.atoms += int(self.sizes.sum())
        for size, count in zip(*np.unique(self.sizes, return_counts=True), strict=True):
            if len(builder.sizes) <= SIZE_LIMIT:
                builder.sizes[int(size)] += int(count)
        order = np.argsort(-self.sizes, kind="stable")[:LARGEST]
        builder.add_largest([(-int(self.sizes[row]), int(self.frames[row])) for row in order])

    def _count_elements(self) -> None:
        import numpy as np

        present = np.flatnonzero(self.counts.any(axis=0))
        has = self.counts[:, present] > 0
        first = self.frames[has.argmax(axis=0)]
        for number, atoms, frames, frame in zip(
            present, self.counts[:, present].sum(axis=0), has.sum(axis=0), first, strict=True
        ):
            self.builder.count_element(int(number), int(atoms), int(frames), int(frame))
        packed, counts = np.unique(np.packbits(has, axis=1), axis=0, return_counts=True)
        for bits, count in zip(np.unpackbits(packed, axis=1, count=len(present)), counts, strict=True):
            self.builder.count_element_set(frozenset(present[bits.astype(bool)].tolist()), int(count))

    def _count_energies(self) -> None:
        import numpy as np

        for group in self.groups:
            if group.reading.numeric and group.reading.shape == () and is_energy_key(group.key):
                energies = np.asarray(group.numbers, dtype=np.float64)[:, 0]
                self._add_energies(group.key, np.asarray(group.rows), energies)

    def _add_energies(self, key: str, rows: Integers, energies: Floats) -> None:
        import numpy as np

        counts = self.counts[rows]
        present = np.flatnonzero(counts.any(axis=0))
        counts = counts[:, present]
        gram = counts.T @ counts
        numbers = present.tolist()
        sums = {
            number: exact_array_sum(energies, counts[:, position]) for position, number in enumerate(numbers)
        }
        pairs = {
            (one, two): int(gram[i, j])
            for i, one in enumerate(numbers)
            for j, two in enumerate(numbers)
            if gram[i, j]
        }
        self.builder.add_energy_sums(key, len(rows), pairs, sums)

    def _count_hashes(self) -> None:
        method = self.engine.method
        if method is None:
            return
        view, short = memoryview(self.piece.data), method.short
        blocks = [short(view[span.comment_end + 1 : span.block_end]) for span in self.spans]
        comments = [short(view[span.comment_start : span.comment_end]) for span in self.spans]
        self.engine.hashes.add(self.frames, comments, blocks)


def cells(groups: Sequence[Group], size: int) -> tuple[Integers, NDArray[np.bool_], Integers, Floats]:
    """Of every frame: pbc flags as bits (x = 4), any of them, cell class (see ``_CELLS``), volume in Å³."""
    import numpy as np

    shapes, volumes = np.zeros(size, dtype=np.int64), np.zeros(size)
    flags, stated = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    for group in groups:
        if group.key == "Lattice" and len(group.rows):
            rows = np.asarray(group.rows)
            determinants = _determinants(np.asarray(group.numbers, dtype=np.float64))
            shapes[rows] = 2 + np.sign(determinants).astype(np.int64)
            volumes[rows] = np.abs(determinants)
        elif group.key == "pbc" and group.numbers is not None and len(group.rows):
            bits = (np.asarray(group.numbers) != 0) @ ([7] if group.reading.shape == () else [4, 2, 1])
            flags[np.asarray(group.rows)] = bits
            stated[np.asarray(group.rows)] = True
    flags[~stated & (shapes > 0)] = 7
    return flags, flags > 0, shapes, volumes


def _determinants(lattices: Floats) -> Floats:
    """In the order of operations of :func:`.frame.cell_class`, so that both give the same bits."""
    a, b, c, d, e, f, g, h, i = lattices.T
    determinants: Floats = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return determinants


def _texts(groups: Sequence[Group], key: str, size: int) -> list[str]:
    texts = ["Default"] * size
    for group in groups:
        if group.key == key:
            shown = (
                group.texts
                if group.texts is not None
                else [str(list(map(float, row))) for row in group.numbers]
            )
            for row, text in zip(group.rows, shown, strict=True):
                texts[row] = text[:80]
    return texts


def _selected(groups: Sequence[Group], kept: list[int], size: int) -> list[Group]:
    """The groups over the kept frames only, which are numbered anew."""
    import attrs
    import numpy as np

    if len(kept) == size:
        return list(groups)
    place = np.full(size, -1)
    place[kept] = np.arange(len(kept))
    selected = []
    for group in groups:
        rows = place[np.asarray(group.rows, dtype=np.int64)]
        own = np.flatnonzero(rows >= 0)
        if own.size:
            numbers = None if group.numbers is None else np.asarray(group.numbers, dtype=np.float64)[own]
            texts = None if group.texts is None else [group.texts[position] for position in own.tolist()]
            selected.append(attrs.evolve(group, rows=rows[own], numbers=numbers, texts=texts))
    return selected
