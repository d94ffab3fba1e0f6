"""A dataset's measured capability: exact, mergeable in any order, and small.

``DatasetProfile()`` is the empty one; :meth:`DatasetProfile.merge` is associative and commutative, and the
profile of a whole equals the merged profiles of its parts bit for bit.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

import attrs

from .damage import Finding
from .facts import FileFacts, HashSketch, IsolatedAtom, NormalEquations
from .frame import Item
from .moments import Moments
from .place import Place, Tally

PATTERN_LIMIT = 2048
GROUP_LIMIT = 8192
TEXT_LIMIT = 256
SCALAR_LIMIT = 256
SIZE_LIMIT = 4096
SET_LIMIT = 2048
LARGEST = 16
ITEM_LIMIT = 2048
ISOLATED_LIMIT = 512

Group = tuple[str, str]  # config_type, head


@attrs.frozen
class Seen:
    """How many frames carry an item, and the first of them."""

    count: int
    first: Place

    def merge(self, other: Seen) -> Seen:
        """Both together."""
        return Seen(self.count + other.count, min(self.first, other.first))


@attrs.frozen
class Occurrence:
    """An element: in how many atoms and frames, and where first."""

    atoms: int
    frames: int
    first: Place

    def merge(self, other: Occurrence) -> Occurrence:
        """Both together."""
        return Occurrence(self.atoms + other.atoms, self.frames + other.frames, min(self.first, other.first))


@attrs.frozen
class DatasetProfile:
    """Everything that was measured; see the answers in :mod:`.answers`.

    Attributes:
        files: path -> facts about the file.
        frames: number of frames.
        atoms: number of atoms.
        items: what frames carry -> in how many, and where first.
        patterns: sets of items (all but texts) -> frames; the joint counts behind every cross question.
        pattern_places: the same sets -> the first frame with exactly these items.
        groups: (config_type, head) -> frames.
        group_items: (config_type, head, item) -> frames.
        numbers: (location, key, component) -> moments. Info entries always; columns if values were read;
            location ``frame`` holds the volume per atom in Å³ by pbc flags.
        scalars: info key of one number -> its distinct values, for total charges, weights, spins.
        texts: info key of text -> its distinct values.
        sizes: atoms per frame -> frames.
        largest: the largest frames as (-atoms, place).
        elements: atomic number -> occurrence.
        element_sets: set of atomic numbers -> frames.
        energies: scalar key with `energy` in its name -> normal equations.
        isolated: frames that define E0s.
        frame_hashes: of whole frames.
        block_hashes: of the atom lines.
        damage: code -> finding.
        value_frames: frames whose atom lines were parsed to numbers.
        crowded: more different items were seen than can be kept (words of free text as keys, mostly);
            then nothing is kept by key.
    """

    files: Mapping[str, FileFacts] = attrs.field(factory=dict)
    frames: int = 0
    atoms: int = 0
    items: Mapping[Item, Seen] = attrs.field(factory=dict)
    patterns: Tally[frozenset[Item]] = attrs.field(factory=lambda: Tally({}, PATTERN_LIMIT))
    pattern_places: Mapping[frozenset[Item], Place] = attrs.field(factory=dict)
    groups: Tally[Group] = attrs.field(factory=lambda: Tally({}, GROUP_LIMIT))
    group_items: Tally[tuple[str, str, Item]] = attrs.field(factory=lambda: Tally({}, GROUP_LIMIT))
    numbers: Mapping[tuple[str, str, int], Moments] = attrs.field(factory=dict)
    scalars: Mapping[str, Tally[float]] = attrs.field(factory=dict)
    texts: Mapping[str, Tally[str]] = attrs.field(factory=dict)
    sizes: Tally[int] = attrs.field(factory=lambda: Tally({}, SIZE_LIMIT))
    largest: tuple[tuple[int, Place], ...] = ()
    elements: Mapping[int, Occurrence] = attrs.field(factory=dict)
    element_sets: Tally[frozenset[int]] = attrs.field(factory=lambda: Tally({}, SET_LIMIT))
    energies: Mapping[str, NormalEquations] = attrs.field(factory=dict)
    isolated: tuple[IsolatedAtom, ...] = ()
    frame_hashes: HashSketch = attrs.field(factory=HashSketch)
    block_hashes: HashSketch = attrs.field(factory=HashSketch)
    damage: Mapping[str, Finding] = attrs.field(factory=dict)
    value_frames: int = 0
    crowded: bool = False

    def merge(self, other: DatasetProfile) -> DatasetProfile:
        """The profile of both datasets together."""
        merged = {
            field.name: _MERGES[field.name](getattr(self, field.name), getattr(other, field.name))
            for field in attrs.fields(DatasetProfile)
        }
        return without_crowds(DatasetProfile(**merged))


def without_crowds(profile: DatasetProfile) -> DatasetProfile:
    """The same profile; without anything kept by key if there are too many different items.

    Items of a union are never fewer, so the outcome does not depend on the order of merging.
    """
    if profile.patterns.overflow and profile.pattern_places:
        profile = attrs.evolve(profile, pattern_places={})
    if not profile.crowded and len(profile.items) <= ITEM_LIMIT:
        return profile
    kept = {key: moments for key, moments in profile.numbers.items() if key[0] == "frame"}
    return attrs.evolve(
        profile,
        items={},
        patterns=Tally({}, PATTERN_LIMIT, overflow=True),
        pattern_places={},
        group_items=Tally({}, GROUP_LIMIT, overflow=True),
        numbers=kept,
        scalars={},
        texts={},
        energies={},
        crowded=True,
    )


def merge_profiles(profiles: Iterable[DatasetProfile]) -> DatasetProfile:
    """All of them as one, in any order."""
    return reduce(DatasetProfile.merge, profiles, DatasetProfile())


def _merge_values(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> dict[Any, Any]:
    merged = dict(one)
    for key, value in other.items():
        merged[key] = merged[key].merge(value) if key in merged else value
    return merged


def _earliest(one: Mapping[Any, Place], other: Mapping[Any, Place]) -> dict[Any, Place]:
    merged = dict(one)
    for key, place in other.items():
        merged[key] = min(place, merged.get(key, place))
    return merged


def _merge(one: Any, other: Any) -> Any:
    return one.merge(other)


def _smallest(limit: int) -> Callable[[Any, Any], Any]:
    def merge(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted({*one, *other})[:limit])

    return merge


_MERGES: dict[str, Callable[[Any, Any], Any]] = {
    "frames": operator.add,
    "atoms": operator.add,
    "value_frames": operator.add,
    "crowded": operator.or_,
    "pattern_places": _earliest,
    "largest": _smallest(LARGEST),
    "isolated": _smallest(ISOLATED_LIMIT),
    **dict.fromkeys(("files", "items", "numbers", "scalars", "texts"), _merge_values),
    **dict.fromkeys(("elements", "energies", "damage"), _merge_values),
    **dict.fromkeys(("patterns", "groups", "group_items", "sizes", "element_sets"), _merge),
    **dict.fromkeys(("frame_hashes", "block_hashes"), _merge),
}

__all__ = ["DatasetProfile", "Group", "Occurrence", "Seen", "merge_profiles"]
