"""Gathers frames into a profile: the mutable side of :class:`.DatasetProfile`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from .accumulate import Heap
from .damage import EXAMPLES, Example, Finding, first_examples
from .exact import exact_integer
from .facts import SKETCH_SIZE, FileFacts, HashSketch, IsolatedAtom, NormalEquations, sketch
from .frame import Header, Item, cell_class, pbc_flags
from .moments import Moments
from .place import Place, Tally, bounded_tally
from .profile import (
    GROUP_LIMIT,
    ISOLATED_LIMIT,
    ITEM_LIMIT,
    LARGEST,
    PATTERN_LIMIT,
    SCALAR_LIMIT,
    SET_LIMIT,
    SIZE_LIMIT,
    TEXT_LIMIT,
    DatasetProfile,
    Group,
    Occurrence,
    Seen,
    without_crowds,
)

KeyT = TypeVar("KeyT")
TEXT_LENGTH = 80
COMPONENTS = 16  # numbers of one info entry that get their own moments


class ProfileBuilder:
    """Counts of one file, filled frame by frame or batch by batch, in the order of the file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.frames = self.atoms = self.value_frames = 0
        self.items: dict[Item, list[int]] = {}  # count, first frame
        self.patterns: Counter[frozenset[Item]] = Counter()
        self.pattern_firsts: dict[frozenset[Item], int] = {}  # first frame
        self.groups: Counter[Group] = Counter()
        self.group_items: Counter[tuple[str, str, Item]] = Counter()
        self.heaps: dict[tuple[str, str, int], Heap] = {}
        self.moments: dict[tuple[str, str, int], Moments] = {}
        self.scalars: dict[str, Counter[float]] = {}
        self.texts: dict[str, Counter[str]] = {}
        self.sizes: Counter[int] = Counter()
        self.largest: list[tuple[int, int]] = []
        self.elements: dict[int, list[int]] = {}  # atoms, frames, first frame
        self.element_sets: Counter[frozenset[int]] = Counter()
        self.energy_frames: Counter[str] = Counter()
        self.gram: dict[str, Counter[tuple[int, int]]] = {}
        self.moment: dict[str, Counter[int]] = {}
        self.isolated: list[IsolatedAtom] = []
        self.frame_hashes: dict[int, list[int]] = {}  # count, first frame
        self.block_hashes: dict[int, list[int]] = {}
        self.hash_method = ""
        self.complete = {id(self.frame_hashes): True, id(self.block_hashes): True}
        self.damage: dict[str, tuple[int, list[Example]]] = {}
        self.refusal: tuple[int, str] | None = None
        self.crowded = self.many_patterns = False

    def add_frame(self, frame: int, size: int, header: Header, numbers: Mapping[int, int]) -> None:
        """One frame by its header and its atoms per atomic number."""
        place = Place(self.file, frame)
        values = header.values
        items = {*header.items, *self._cell_items(frame, size, header)}
        group = (_text(header, "config_type", "Default"), _text(header, "head", "Default"))
        self.add_items(frame, items, group)
        for key, value in () if self.crowded else values.items():
            if value.reading.numeric and key not in ("Lattice", "pbc"):
                for component, number in enumerate(value.numbers[:COMPONENTS]):
                    self.heap("info", key, component).add(number, place)
                if value.reading.shape == ():
                    self.count_scalar(key, value.numbers[0])
            elif value.reading.kind == "text" and key != "Properties":
                self.count_text(key, value.text)
        self.add_size(frame, size)
        self.add_composition(frame, numbers)
        energies = _energies(header)
        if size == 1 and group[0] == "IsolatedAtom":
            self._add_isolated(frame, numbers, energies, pbc_flags(values))
        else:
            self._add_energies(numbers, energies)

    def add_items(self, frame: int, items: AbstractSet[Item], group: Group, count: int = 1) -> None:
        """``count`` frames with these items, the first of them ``frame``."""
        if not self.many_patterns:
            self._add_pattern(frozenset(items), frame, count)
        self.add_group(group, count)
        for item in () if self.crowded else items:
            self.count_item(item, count, frame)
            self.add_group_item(group, item, count)

    def _add_pattern(self, pattern: frozenset[Item], frame: int, count: int) -> None:
        self.patterns[pattern] += count
        self.pattern_firsts[pattern] = min(frame, self.pattern_firsts.get(pattern, frame))
        if len(self.patterns) > PATTERN_LIMIT:
            self.forget_patterns()

    def forget_patterns(self) -> None:
        """There are more of them than can be kept."""
        self.many_patterns = True
        self.patterns.clear()
        self.pattern_firsts.clear()

    def add_group(self, group: Group, count: int) -> None:
        """``count`` frames of a type and head; what is too much by now is forgotten."""
        _count(self.groups, group, count, GROUP_LIMIT)
        if len(self.items) > ITEM_LIMIT:
            self._forget_keys()

    def add_group_item(self, group: Group, item: Item, count: int) -> None:
        """``count`` frames of a type and head that carry an item."""
        if item.location != "frame":
            _count(self.group_items, (*group, item), count, GROUP_LIMIT)

    def _forget_keys(self) -> None:
        """Too many different items; what was kept by key goes (see :func:`.profile.without_crowds`)."""
        self.crowded = True
        for kept in (
            self.patterns, self.pattern_firsts, self.group_items, self.scalars, self.texts, self.items,
            self.energy_frames, self.gram, self.moment,
        ):  # fmt: skip
            kept.clear()
        self.heaps = {key: heap for key, heap in self.heaps.items() if key[0] == "frame"}
        self.moments = {key: moments for key, moments in self.moments.items() if key[0] == "frame"}

    def count_item(self, item: Item, count: int, frame: int) -> None:
        """``count`` more frames carry an item."""
        seen = self.items.setdefault(item, [0, frame])
        seen[0] += count
        seen[1] = min(seen[1], frame)

    def count_scalar(self, key: str, number: float, count: int = 1) -> None:
        """A value of an entry that is one number."""
        if number - number == 0.0:
            _count(self.scalars.setdefault(key, Counter()), number + 0.0, count, SCALAR_LIMIT)

    def count_text(self, key: str, text: str, count: int = 1) -> None:
        """A value of an entry that is text."""
        _count(self.texts.setdefault(key, Counter()), text[:TEXT_LENGTH], count, TEXT_LIMIT)

    def heap(self, location: str, key: str, component: int) -> Heap:
        """The heap of single numbers of one component."""
        return self.heaps.setdefault((location, key, component), Heap())

    def add_moments(self, key: tuple[str, str, int], moments: Moments) -> None:
        """Moments of a whole batch."""
        if self.crowded and key[0] != "frame":
            return
        self.moments[key] = self.moments[key].merge(moments) if key in self.moments else moments

    def add_size(self, frame: int, size: int) -> None:
        """The number of atoms of one frame."""
        self.frames += 1
        self.atoms += size
        _count(self.sizes, size, 1, SIZE_LIMIT)
        self.add_largest([(-size, frame)])

    def add_largest(self, largest: list[tuple[int, int]]) -> None:
        """Frames as (-atoms, frame) that may be among the largest."""
        self.largest += largest
        if len(self.largest) > 64 * LARGEST:
            self.largest = sorted(self.largest)[:LARGEST]

    def add_composition(self, frame: int, numbers: Mapping[int, int]) -> None:
        """Atoms per atomic number of one frame."""
        self.count_element_set(frozenset(numbers), 1)
        for number, count in numbers.items():
            self.count_element(number, count, 1, frame)

    def count_element_set(self, numbers: frozenset[int], count: int) -> None:
        """Frames with exactly these elements."""
        _count(self.element_sets, numbers, count, SET_LIMIT)

    def count_element(self, number: int, atoms: int, frames: int, first: int) -> None:
        """More atoms of an element."""
        seen = self.elements.setdefault(number, [0, 0, first])
        seen[0] += atoms
        seen[1] += frames
        seen[2] = min(seen[2], first)

    def add_hashes(self, frame: int, frame_hash: int, block_hash: int) -> None:
        """Content hashes of one frame."""
        for table, value in ((self.frame_hashes, frame_hash), (self.block_hashes, block_hash)):
            seen = table.get(value)
            if seen is None:
                table[value] = [1, frame]
            else:
                seen[0] += 1
        if len(self.frame_hashes) + len(self.block_hashes) > 8 * SKETCH_SIZE:
            self.shrink_sketches()

    def add_damage(self, code: str, example: Example, count: int = 1) -> None:
        """One more occurrence, or several of which ``example`` is the first."""
        seen, examples = self.damage.get(code, (0, []))
        if len(examples) < EXAMPLES or example < examples[-1]:
            examples = list(first_examples([*examples, example]))
        self.damage[code] = (seen + count, examples)

    def count_damage(self, code: str, count: int) -> None:
        """Further occurrences of a kind that has its examples."""
        seen, examples = self.damage.get(code, (0, []))
        self.damage[code] = (seen + count, examples)

    def refuse(self, frame: int, error: str) -> None:
        """The loader refuses this frame."""
        if error and (self.refusal is None or frame < self.refusal[0]):
            self.refusal = (frame, error)

    def finish(self, facts: FileFacts) -> DatasetProfile:
        """The profile of what was gathered."""
        file = self.file
        moments = dict(self.moments)
        for key, heap in self.heaps.items():
            gathered = heap.finish()
            moments[key] = moments[key].merge(gathered) if key in moments else gathered
        profile = DatasetProfile(
            files={file: facts},
            frames=self.frames,
            atoms=self.atoms,
            items={item: Seen(count, Place(file, first)) for item, (count, first) in self.items.items()},
            patterns=Tally(dict(self.patterns), PATTERN_LIMIT, overflow=self.many_patterns),
            pattern_places={pattern: Place(file, first) for pattern, first in self.pattern_firsts.items()},
            groups=bounded_tally(dict(self.groups), GROUP_LIMIT),
            group_items=bounded_tally(dict(self.group_items), GROUP_LIMIT),
            numbers=moments,
            scalars={key: bounded_tally(dict(seen), SCALAR_LIMIT) for key, seen in self.scalars.items()},
            texts={key: bounded_tally(dict(seen), TEXT_LIMIT) for key, seen in self.texts.items()},
            sizes=bounded_tally(dict(self.sizes), SIZE_LIMIT),
            largest=tuple((size, Place(file, frame)) for size, frame in sorted(self.largest)[:LARGEST]),
            elements={
                number: Occurrence(atoms, frames, Place(file, first))
                for number, (atoms, frames, first) in self.elements.items()
            },
            element_sets=bounded_tally(dict(self.element_sets), SET_LIMIT),
            energies={
                key: NormalEquations(frames, dict(self.gram[key]), dict(self.moment[key]))
                for key, frames in self.energy_frames.items()
            },
            isolated=tuple(sorted(self.isolated)[:ISOLATED_LIMIT]),
            frame_hashes=self._sketch(self.frame_hashes),
            block_hashes=self._sketch(self.block_hashes),
            damage={
                code: Finding(code, count, first_examples(found))
                for code, (count, found) in self.damage.items()
            },
            value_frames=self.value_frames,
            crowded=self.crowded,
        )
        return without_crowds(profile)

    def add_energy_sums(
        self, key: str, frames: int, gram: Mapping[tuple[int, int], int], moment: Mapping[int, int]
    ) -> None:
        """Normal equations of some frames."""
        if self.crowded:
            return
        self.energy_frames[key] += frames
        self.gram.setdefault(key, Counter()).update(gram)
        self.moment.setdefault(key, Counter()).update(moment)

    def shrink_sketches(self) -> None:
        """Keep the smallest hashes only."""
        for table in (self.frame_hashes, self.block_hashes):
            if len(table) > SKETCH_SIZE:
                self.complete[id(table)] = False
                for value in sorted(table)[SKETCH_SIZE:]:
                    del table[value]

    def _sketch(self, hashes: dict[int, list[int]]) -> HashSketch:
        seen = {value: (count, Place(self.file, frame)) for value, (count, frame) in hashes.items()}
        return sketch(seen, complete=self.complete[id(hashes)], method=self.hash_method)

    def _cell_items(self, frame: int, size: int, header: Header) -> list[Item]:
        flags = pbc_flags(header.values)
        lattice = header.values.get("Lattice")
        shape, volume = cell_class(lattice.numbers if lattice is not None else ())
        if volume and size:
            key = ("frame", f"volume per atom {flags}", 0)
            self.heap(*key).add(volume / size, Place(self.file, frame))
        return [Item("frame", "pbc", detail=flags), Item("frame", "cell", detail=shape)]

    def _add_isolated(
        self, frame: int, numbers: Mapping[int, int], energies: Sequence[tuple[str, float]], pbc: str
    ) -> None:
        if len(self.isolated) > 2 * ISOLATED_LIMIT:
            self.isolated = sorted(self.isolated)[:ISOLATED_LIMIT]
        for number in numbers:
            self.isolated.append(IsolatedAtom(Place(self.file, frame), number, tuple(sorted(energies)), pbc))

    def _add_energies(self, numbers: Mapping[int, int], energies: Sequence[tuple[str, float]]) -> None:
        for key, energy in energies:
            if energy - energy == 0.0:
                gram = {(one, two): n * m for one, n in numbers.items() for two, m in numbers.items()}
                scaled = exact_integer(energy)
                self.add_energy_sums(key, 1, gram, {number: n * scaled for number, n in numbers.items()})


def _count(counts: Counter[KeyT], key: KeyT, count: int, limit: int) -> None:
    """One more, unless the tally has overflowed anyway."""
    if len(counts) <= limit:
        counts[key] += count


def is_energy_key(key: str) -> bool:
    """Whether an entry may be a total energy, by its name."""
    return "energy" in key.lower() and "weight" not in key.lower()


def _energies(header: Header) -> list[tuple[str, float]]:
    return [
        (key, value.numbers[0])
        for key, value in header.values.items()
        if is_energy_key(key) and value.reading.numeric and value.reading.shape == ()
    ]


def _text(header: Header, key: str, default: str) -> str:
    """The text of an entry as the trainer would print it."""
    value = header.values.get(key)
    if value is None:
        return default
    return (value.text if value.reading.kind == "text" else str(list(value.numbers)))[:TEXT_LENGTH]
