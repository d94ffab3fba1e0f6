"""The ordinary frames of one piece, counted all at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .batches import Batch
from .build import is_energy_key
from .columns import read_properties
from .exact import exact_weighted_sums
from .frame import Item, column_items, info_item
from .grouping import Group
from .groups import CELLS, cells, texts_of
from .hashing import MIX
from .profile import LARGEST, PATTERN_LIMIT, SCALAR_LIMIT, SIZE_LIMIT
from .profile import Group as FrameGroup

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .batch import BatchEngine

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


_NONE = 1 << 62


class BatchFrames:
    """Feeds an engine's builder."""

    def __init__(self, engine: BatchEngine, batch: Batch) -> None:
        import numpy as np

        self.engine, self.builder, self.groups = engine, engine.builder, batch.groups
        self.frames, self.sizes = batch.frames, batch.sizes
        self.numbers, self.counts = batch.composition.numbers, batch.composition.counts
        self.signatures = np.zeros(len(self.frames), dtype=np.uint64)
        self.members: list[tuple[list[Item], Any]] = []

    def count(self) -> None:
        """Everything that their comment lines, sizes and elements say."""
        self._count_cells()
        for group in () if self.builder.crowded else self.groups:
            self._count_group(group)
        self._count_patterns()
        self._count_sizes()
        self._count_elements()
        self._count_energies()

    def _count_cells(self) -> None:
        import numpy as np

        flags, _, shapes, volumes = cells(self.groups, len(self.frames))
        for code in _used(flags):
            rows = np.flatnonzero(flags == code)
            name = "".join("T" if code & bit else "F" for bit in (4, 2, 1))
            self._add_member([Item("frame", "pbc", detail=name)], rows)
            rows = rows[volumes[rows] > 0.0]
            if rows.size:
                ratio = (volumes[rows] / self.sizes[rows])[:, None]
                self.engine.pend("frame", f"volume per atom {name}", self.frames[rows], ratio)
        for code in _used(shapes):
            self._add_member([Item("frame", "cell", detail=CELLS[code])], np.flatnonzero(shapes == code))

    def _count_group(self, group: Group) -> None:
        import numpy as np

        rows = np.asarray(group.rows)
        if group.key == "Properties":
            for text, own in by_text(group):
                self._add_member(column_items(read_properties(text)), own)
            return
        if group.codes is not None:
            counts = np.bincount(group.codes, minlength=len(group.names))
            for code in np.flatnonzero(counts).tolist():
                self.builder.count_text(group.key, group.names[code], int(counts[code]))
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

    def _add_member(self, items: list[Item], rows: Integers) -> None:
        total = sum(self.engine.item_hash(item) for item in items) & 0xFFFFFFFFFFFFFFFF
        self.signatures[rows] += self.signatures.dtype.type(total)
        self.members.append((items, rows))

    def _count_patterns(self) -> None:
        import numpy as np

        types, type_names = texts_of(self.groups, "config_type", len(self.frames))
        heads, head_names = texts_of(self.groups, "head", len(self.frames))
        kinds = (types * len(head_names) + heads).astype(np.uint64)
        if self._are_many():
            self._count_members(kinds, [(name, head) for name in type_names for head in head_names])
            return
        both = self.signatures ^ (kinds * np.uint64(MIX))
        _, first, counts = np.unique(both, return_index=True, return_counts=True)
        self._learn(first)
        for row, count in zip(first.tolist(), counts.tolist(), strict=True):
            items = self.engine.known[int(self.signatures[row])]
            group: FrameGroup = (type_names[types[row]], head_names[heads[row]])
            self.builder.add_items(int(self.frames[row]), items, group, count)

    def _are_many(self) -> bool:
        """Whether there are more sets of items than can be kept; then nobody has to know them."""
        import numpy as np

        if not self.builder.many_patterns and len(np.unique(self.signatures)) > PATTERN_LIMIT:
            self.builder.forget_patterns()
        return self.builder.many_patterns

    def _count_members(self, kinds: NDArray[np.uint64], groups: list[FrameGroup]) -> None:
        """Every item by itself, in all frames and in those of every type and head."""

        for kind, count in _counts(kinds):
            self.builder.add_group(groups[kind], count)
        for items, rows in () if self.builder.crowded else self.members:
            first, own = int(self.frames[rows].min(initial=_NONE)), _counts(kinds[rows])
            for item in items if len(rows) else ():
                self.builder.count_item(item, len(rows), first)
                for kind, count in own:
                    self.builder.add_group_item(groups[kind], item, count)

    def _learn(self, rows: Integers) -> None:
        """The items behind signatures that are new."""
        import numpy as np

        known = self.engine.known
        if len(known) > 4 * PATTERN_LIMIT:
            known.clear()
        new = np.array([row for row in rows if int(self.signatures[row]) not in known], dtype=np.int64)
        found: list[set[Item]] = [set() for _ in new]
        for items, own in self.members if new.size else ():
            carries = np.zeros(len(self.frames), dtype=bool)
            carries[own] = True
            for position in np.flatnonzero(carries[new]).tolist():
                found[position].update(items)
        for row, items_of_row in zip(new, found, strict=True):
            known[int(self.signatures[row])] = frozenset(items_of_row)

    def _count_sizes(self) -> None:
        import numpy as np

        builder = self.builder
        builder.frames += len(self.sizes)
        builder.atoms += int(self.sizes.sum())
        sizes, counts = np.unique(self.sizes, return_counts=True)
        for size, count in zip(sizes.tolist(), counts.tolist(), strict=True):
            if len(builder.sizes) <= SIZE_LIMIT:
                builder.sizes[size] += count
        ranks = (
            np.arange(len(self.sizes)) - len(self.sizes) * self.sizes
        )  # the first of equally large ones first
        order = np.argpartition(ranks, LARGEST)[:LARGEST] if len(ranks) > LARGEST else range(len(ranks))
        builder.add_largest([(-int(self.sizes[row]), int(self.frames[row])) for row in order])

    def _count_elements(self) -> None:
        has = self.counts > 0
        first = self.frames[has.argmax(axis=0)]
        for number, atoms, frames, frame in zip(
            self.numbers, self.counts.sum(axis=0), has.sum(axis=0), first, strict=True
        ):
            self.builder.count_element(int(number), int(atoms), int(frames), int(frame))
        for bits, count in _distinct_rows(has):
            self.builder.count_element_set(frozenset(self.numbers[bits].tolist()), count)

    def _count_energies(self) -> None:
        import numpy as np

        for group in self.groups:
            if group.reading.numeric and group.reading.shape == () and is_energy_key(group.key):
                energies = np.asarray(group.numbers, dtype=np.float64)[:, 0]
                self._add_energies(group.key, np.asarray(group.rows), energies)

    def _add_energies(self, key: str, rows: Integers, energies: Floats) -> None:
        import numpy as np

        counts = self.counts[rows]
        gram = counts.T @ counts
        used = np.flatnonzero(np.diagonal(gram))
        totals = exact_weighted_sums(energies, counts)
        numbers = self.numbers.tolist()
        sums = {numbers[place]: totals[place] for place in used.tolist()}
        pairs = {(numbers[i], numbers[j]): int(gram[i, j]) for i in used for j in used if gram[i, j]}
        self.builder.add_energy_sums(key, len(rows), pairs, sums)


def by_text(group: Group) -> Iterator[tuple[str, Integers]]:
    """Every different text of a group with its frames, in the order of their appearance."""
    import numpy as np

    rows = np.asarray(group.rows, dtype=np.int64)
    for code in _used(group.codes):
        yield group.names[code], rows[group.codes == code]


def _counts(codes: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """Every number that is there, and how often."""
    import numpy as np

    found, counts = np.unique(codes, return_counts=True)
    return list(zip(found.tolist(), counts.tolist(), strict=True))


def _used(codes: Integers) -> list[int]:
    """Which of some small numbers are there, in their order."""
    import numpy as np

    used: list[int] = np.flatnonzero(np.bincount(codes)).tolist()
    return used


def _distinct_rows(flags: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.bool_], int]]:
    """Every different row of flags, and how often it is there."""
    import numpy as np

    columns = flags.shape[1]
    if columns < 63:
        codes = flags @ (1 << np.arange(columns, dtype=np.int64))
        _, first, counts = np.unique(codes, return_index=True, return_counts=True)
        yield from ((flags[row], count) for row, count in zip(first.tolist(), counts.tolist(), strict=True))
        return
    packed, counts = np.unique(np.packbits(flags, axis=1), axis=0, return_counts=True)
    unpacked = np.unpackbits(packed, axis=1, count=columns).astype(bool)
    yield from zip(unpacked, counts.tolist(), strict=True)
