"""Questions asked of a profile: which labels are there, on how many frames, and who can see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from ..catalog.reach import STRUCTURE_INFO, Reach, reach
from .frame import Item
from .moments import Moments
from .place import Place, first_places
from .profile import DatasetProfile
from .reading import Reading

_STRUCTURE_KEYS = STRUCTURE_INFO | {"species", "pos"}


@attrs.frozen
class KeyFacts:
    """One key or column of the data.

    Attributes:
        location: ``info`` or ``arrays``.
        key: as written in the file.
        frames: how many carry it.
        first: the first of them.
        readings: ASE's readings of it with their frames, the most frequent first.
        written: readings the format gives where ASE's differ.
        reach: whether the trainer's loader finds it, and under which name.
        moments: per component, of info numbers, and of columns if values were read.
    """

    location: str
    key: str
    frames: int
    first: Place
    readings: tuple[tuple[Reading, int], ...]
    written: tuple[Reading, ...]
    reach: Reach
    moments: tuple[Moments, ...] = ()

    @property
    def reading(self) -> Reading:
        """The most frequent one."""
        return self.readings[0][0]


def key_facts(profile: DatasetProfile) -> tuple[KeyFacts, ...]:
    """Every key and column, those of the comment line first, by name."""
    grouped: dict[tuple[str, str], list[Item]] = {}
    for item in profile.items:
        if item.location != "frame":
            grouped.setdefault((item.location, item.key), []).append(item)
    return tuple(
        _facts(profile, location, key, items)
        for (location, key), items in sorted(
            grouped.items(), key=lambda pair: (pair[0][0] != "info", pair[0][1])
        )
    )


def find_key(profile: DatasetProfile, location: str, key: str) -> KeyFacts | None:
    """The facts of one key, ``None`` where no frame has it."""
    items = [item for item in profile.items if (item.location, item.key) == (location, key)]
    return _facts(profile, location, key, items) if items else None


def frames_with(profile: DatasetProfile, wanted: Callable[[frozenset[Item]], bool]) -> int | None:
    """Frames whose items satisfy a condition; ``None`` where the joint counts are not kept."""
    if profile.patterns.overflow:
        return None
    return sum(count for items, count in profile.patterns.counts.items() if wanted(items))


def first_frames_with(
    profile: DatasetProfile, wanted: Callable[[frozenset[Item]], bool], *, limit: int = 3
) -> tuple[Place, ...]:
    """The first frames whose items satisfy a condition, one for each set of items; none for a card by hand."""
    lone = {atom.place for atom in profile.isolated}
    places = (place for items, place in profile.pattern_places.items() if wanted(items))
    return first_places((place for place in places if place.frame >= 0 and place not in lone), limit)


def carries(items: Iterable[Item], location: str, key: str) -> bool:
    """Whether a set of items has a key, in any reading."""
    return any(item.location == location and item.key == key for item in items)


def label_patterns(profile: DatasetProfile) -> dict[tuple[str, ...], int]:
    """Which labels come together: sets of keys and columns (structure aside) -> frames, the largest first."""
    counts: dict[tuple[str, ...], int] = {}
    for items, count in profile.patterns.counts.items():
        labels = tuple(sorted({item.key for item in items if _is_label(item)}))
        counts[labels] = counts.get(labels, 0) + count
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def frame_classes(profile: DatasetProfile, name: str) -> dict[str, int]:
    """Frames per ``pbc`` flags or per ``cell`` (right, left, singular, none)."""
    found = {
        item.detail: seen.count
        for item, seen in profile.items.items()
        if item.location == "frame" and item.key == name
    }
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def volume_per_atom(profile: DatasetProfile, flags: str) -> Moments | None:
    """Å³ per atom of the frames with these pbc flags and a cell."""
    return profile.numbers.get(("frame", f"volume per atom {flags}", 0))


@attrs.frozen
class Overlap:
    """Contents that two datasets share.

    Attributes:
        frames: frames of the second whose content is in the first.
        looked_at: frames of the second that could be compared.
        complete: every frame was compared; otherwise the smallest hashes stand for all, as a fair sample.
        examples: (place in the first, place in the second).
    """

    frames: int
    looked_at: int
    complete: bool
    examples: tuple[tuple[Place, Place], ...]


def overlap(one: DatasetProfile, other: DatasetProfile, *, blocks: bool = False) -> Overlap | None:
    """Frames in both: equal frames, or with ``blocks`` equal atom lines; ``None`` if not comparable."""
    first = one.block_hashes if blocks else one.frame_hashes
    second = other.block_hashes if blocks else other.frame_hashes
    if first.method != second.method or not first.method:
        return None
    # Up to the smaller of the largest hashes both samples hold all there is.
    ceilings = [max(sketch.seen) for sketch in (first, second) if not sketch.complete and sketch.seen]
    ceiling = min(ceilings, default=2**64)
    common = [value for value in second.seen if value <= ceiling and value in first.seen]
    looked_at = sum(count for value, (count, _) in second.seen.items() if value <= ceiling)
    examples = sorted((second.seen[value][1], first.seen[value][1]) for value in common)[:3]
    return Overlap(
        sum(second.seen[value][0] for value in common),
        looked_at,
        not ceilings,
        tuple((place, twin) for twin, place in examples),
    )


def _facts(profile: DatasetProfile, location: str, key: str, items: list[Item]) -> KeyFacts:
    counts: dict[Reading, int] = {}
    for item in items:
        counts[item.reading] = counts.get(item.reading, 0) + profile.items[item].count
    components = sorted(number for place, name, number in profile.numbers if (place, name) == (location, key))
    return KeyFacts(
        location,
        key,
        sum(counts.values()),
        min(profile.items[item].first for item in items),
        tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        tuple(sorted({item.written for item in items if item.written is not None})),
        reach(location, key),
        tuple(profile.numbers[location, key, number] for number in components),
    )


def is_label_key(key: str) -> bool:
    """Whether the key holds more than the structure itself."""
    return key not in _STRUCTURE_KEYS


def _is_label(item: Item) -> bool:
    return item.location != "frame" and is_label_key(item.key)
