"""Frames of several pieces as one batch: numpy costs the same for ten frames as for a thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from .compose import Composition
from .grouping import Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


@attrs.frozen(eq=False)
class Batch:
    """What is known of some frames once their bytes are gone.

    Attributes:
        frames: (n,) number of each in the file.
        sizes: (n,) atoms.
        composition: elements.
        groups: readings of their comment lines; rows count from 0 in the batch.
    """

    frames: Integers
    sizes: Integers
    composition: Composition
    groups: Sequence[Group]


def joined(batches: Sequence[Batch]) -> Batch:
    """All of them as one, in this order."""
    import numpy as np

    if len(batches) == 1:
        return batches[0]
    return Batch(
        np.concatenate([batch.frames for batch in batches]),
        np.concatenate([batch.sizes for batch in batches]),
        _composition([batch.composition for batch in batches]),
        list(_groups(batches)),
    )


def _composition(parts: Sequence[Composition]) -> Composition:
    import numpy as np

    numbers = np.unique(np.concatenate([part.numbers for part in parts]))
    counts = np.zeros((sum(len(part.counts) for part in parts), len(numbers)), dtype=np.int64)
    first = 0
    for part in parts:
        counts[first : first + len(part.counts), np.searchsorted(numbers, part.numbers)] = part.counts
        first += len(part.counts)
    return Composition(numbers, counts, np.concatenate([part.sound for part in parts]))


def _groups(batches: Sequence[Batch]) -> Iterator[Group]:
    first = 0
    found: dict[Any, list[tuple[int, Group]]] = {}
    for batch in batches:
        for group in batch.groups:
            key = (group.key, group.reading, group.codes is None)
            found.setdefault(key, []).append((first, group))
        first += len(batch.frames)
    for parts in found.values():
        yield _group(parts)


def _group(parts: Sequence[tuple[int, Group]]) -> Group:
    """One group of parts with equal keys and readings, each with the number of frames before it."""
    import numpy as np

    rows = np.concatenate([np.asarray(group.rows, dtype=np.int64) + first for first, group in parts])
    head = parts[0][1]
    if head.codes is None:
        numbers = np.concatenate([np.asarray(group.numbers, dtype=np.float64) for _, group in parts])
        return attrs.evolve(head, rows=rows, numbers=numbers)
    if all(group.names is head.names for _, group in parts):
        return attrs.evolve(head, rows=rows, codes=np.concatenate([group.codes for _, group in parts]))
    place: dict[str, int] = {}
    codes = [_codes(group, place) for _, group in parts]
    return attrs.evolve(head, rows=rows, codes=np.concatenate(codes), names=list(place))


def _codes(group: Group, place: dict[str, int]) -> Integers:
    """The codes of a group under common names, which grow as they are needed."""
    import numpy as np

    used, inverse = np.unique(group.codes, return_inverse=True)
    common = [place.setdefault(group.names[code], len(place)) for code in used.tolist()]
    codes: Integers = np.array(common, dtype=np.int64)[inverse]
    return codes
