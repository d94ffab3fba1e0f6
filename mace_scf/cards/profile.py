"""From a split that was declared to the profile that a measurement would have given, as far as it says."""

from __future__ import annotations

from ..catalog.elements import NUMBERS
from ..dataset.facts import FileFacts, IsolatedAtom
from ..dataset.frame import NO_READING, Item
from ..dataset.place import Place, Tally
from ..dataset.profile import (
    GROUP_LIMIT,
    PATTERN_LIMIT,
    SET_LIMIT,
    SIZE_LIMIT,
    DatasetProfile,
    Occurrence,
    Seen,
)
from ..dataset.reading import Reading
from .declared import Reference, Split


def profile_of(split: Split, file: str) -> DatasetProfile:
    """What is not said stays unknown: joint counts, sizes, types and numbers of the frames.

    Args:
        split: what was declared.
        file: name of the card, for places where no source is named.
    """
    first = Place(split.source or file, -1)
    items = {_label(reference): _seen(reference.frames, split, first) for reference in split.references or ()}
    items |= {_flags(flags): Seen(count, first) for flags, count in split.pbc if count}
    carried = {item: seen for item, seen in items.items() if seen.count}
    isolated = tuple(IsolatedAtom(first, NUMBERS[symbol]) for symbol in split.isolated_atoms or ())
    frames = split.frames + len(isolated)
    return DatasetProfile(
        files={first.file: FileFacts(first.file, frames=frames, content_hash=split.hash)},
        frames=frames,
        items=carried,
        patterns=_patterns(split, carried),
        groups=Tally({}, GROUP_LIMIT, overflow=True),
        group_items=Tally({}, GROUP_LIMIT, overflow=True),
        sizes=Tally({}, SIZE_LIMIT, overflow=True),
        elements={NUMBERS[symbol]: Occurrence(0, 0, first) for symbol in split.elements},
        element_sets=Tally({}, SET_LIMIT, overflow=True),
        isolated=isolated,
        crowded=split.references is None,
    )


def _label(reference: Reference) -> Item:
    location = "arrays" if reference.per_atom else "info"
    return Item(location, reference.name, Reading(reference.kind, reference.shape))


def _flags(flags: str) -> Item:
    return Item("frame", "pbc", NO_READING, None, flags)


def _seen(frames: int | None, split: Split, first: Place) -> Seen:
    return Seen(split.frames if frames is None else frames, first)


def _patterns(split: Split, carried: dict[Item, Seen]) -> Tally[frozenset[Item]]:
    """Which labels come together is known where every frame has all of them."""
    if split.references is None or any(seen.count != split.frames for seen in carried.values()):
        return Tally({}, PATTERN_LIMIT, overflow=True)
    return Tally({frozenset(carried): split.frames} if split.frames else {}, PATTERN_LIMIT)
