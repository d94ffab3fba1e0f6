"""Where in the data something was seen, and small collections that merge in any order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

import attrs

KeyT = TypeVar("KeyT", bound=Hashable)


@attrs.frozen(order=True)
class Place:
    """A frame of a file, or one atom of it; all numbers count from 0.

    Attributes:
        file: name as the user gave it.
        frame: index of the frame in that file, -1 where it is not known.
        atom: index of the atom in the frame, -1 for the frame as a whole.
    """

    file: str
    frame: int
    atom: int = -1

    @property
    def shown(self) -> str:
        """As people read it: ``train.xyz, frame 3, atom 0`` (indices as ASE counts them)."""
        if self.frame < 0:
            return self.file
        atom = f", atom {self.atom}" if self.atom >= 0 else ""
        return f"{self.file}, frame {self.frame}{atom}"


@attrs.frozen
class Tally(Generic[KeyT]):
    """How often each key was seen, up to a number of different keys.

    Beyond ``limit`` different keys the tally overflows for good and forgets its keys. The number of
    different keys of a union never falls, so the outcome does not depend on the order of merging.
    """

    counts: Mapping[KeyT, int] = attrs.field(factory=dict)
    limit: int = 1000
    overflow: bool = False

    def merge(self, other: Tally[KeyT]) -> Tally[KeyT]:
        """Both tallies as one."""
        limit = min(self.limit, other.limit)
        if self.overflow or other.overflow:
            return Tally({}, limit, overflow=True)
        counts = dict(self.counts)
        for key, count in other.counts.items():
            counts[key] = counts.get(key, 0) + count
        return bounded_tally(counts, limit)

    @property
    def total(self) -> int:
        """Sum of all counts; 0 after an overflow."""
        return sum(self.counts.values())


def bounded_tally(counts: Mapping[KeyT, int], limit: int) -> Tally[KeyT]:
    """A tally of these counts, overflowed if they are too many."""
    return Tally({}, limit, overflow=True) if len(counts) > limit else Tally(counts, limit)


def merge_counts(one: Mapping[KeyT, int], other: Mapping[KeyT, int]) -> dict[KeyT, int]:
    """Key-wise sums."""
    counts = dict(one)
    for key, count in other.items():
        counts[key] = counts.get(key, 0) + count
    return counts


def first_places(places: Iterable[Place], limit: int) -> tuple[Place, ...]:
    """The smallest places, each once: the same ones whatever the order of seeing them."""
    return tuple(sorted(set(places))[:limit])
