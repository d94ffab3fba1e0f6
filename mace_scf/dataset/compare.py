"""Two profiles against each other: what only one of them has, what drifted, and which frames they share."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Literal

import attrs

from ..catalog.elements import SYMBOLS
from .answers import KeyFacts, frame_classes, key_facts, overlap
from .moments import Moments
from .profile import DatasetProfile

Aspect = Literal["shared frames", "labels", "forms", "elements", "pbc", "mean"]
_ENOUGH = 10  # numbers on each side, before their means are compared
_STRUCTURE = frozenset({"Lattice", "pbc", "pos"})
_SHIFTED = 1.0  # difference of the means, in standard deviations of the first


@attrs.frozen
class Difference:
    """One thing that the second profile has otherwise than the first.

    Attributes:
        aspect: of which sort.
        name: key, element or flags; "" for frames.
        first: what the first says.
        second: what the second says.
    """

    aspect: Aspect
    name: str
    first: str
    second: str


def compare(one: DatasetProfile, other: DatasetProfile) -> tuple[Difference, ...]:
    """Everything that differs, the gravest sort first."""
    return (
        *_shared(one, other),
        *_labels(one, other),
        *_elements(one, other),
        *_pbc(one, other),
        *_means(one, other),
    )


def _shared(one: DatasetProfile, other: DatasetProfile) -> Iterator[Difference]:
    for blocks, name in ((False, "equal frames"), (True, "equal atom lines")):
        found = overlap(one, other, blocks=blocks)
        if found is not None and found.frames:
            first, second = found.examples[0]
            of = f"{found.frames} of {found.looked_at}" + ("" if found.complete else " sampled")
            yield Difference("shared frames", name, f"such as {first.shown}", f"{of}, such as {second.shown}")


def _labels(one: DatasetProfile, other: DatasetProfile) -> Iterator[Difference]:
    first, second = _by_name(one), _by_name(other)
    for pair in sorted({*first, *second}):
        here, there = first.get(pair), second.get(pair)
        shares = _share(here, one), _share(there, other)
        if (here is None) != (there is None) or shares[0] != shares[1]:
            yield Difference("labels", pair[1], *shares)
        if here is not None and there is not None and here.reading.shape != there.reading.shape:
            yield Difference("forms", pair[1], here.reading.shown, there.reading.shown)


def _by_name(profile: DatasetProfile) -> dict[tuple[str, str], KeyFacts]:
    return {(facts.location, facts.key): facts for facts in key_facts(profile)}


def _share(facts: KeyFacts | None, profile: DatasetProfile) -> str:
    """``all``, ``none``, or a share of the frames in per cent."""
    frames = facts.frames if facts is not None else 0
    if frames in (0, profile.frames):
        return "all frames" if frames else "no frame"
    return f"{100 * frames / profile.frames:.2g} % of the frames"


def _elements(one: DatasetProfile, other: DatasetProfile) -> Iterator[Difference]:
    for number in sorted(set(one.elements) ^ set(other.elements)):
        counts = [
            f"{profile.elements[number].frames} frames" if number in profile.elements else "no frame"
            for profile in (one, other)
        ]
        yield Difference("elements", SYMBOLS[number] if number < len(SYMBOLS) else str(number), *counts)


def _pbc(one: DatasetProfile, other: DatasetProfile) -> Iterator[Difference]:
    first, second = frame_classes(one, "pbc"), frame_classes(other, "pbc")
    for flags in sorted(set(first) ^ set(second)):
        yield Difference("pbc", flags, f"{first.get(flags, 0)} frames", f"{second.get(flags, 0)} frames")


def _means(one: DatasetProfile, other: DatasetProfile) -> Iterator[Difference]:
    """Means that lie further apart than the first one's numbers spread."""
    for key in sorted(set(one.numbers) & set(other.numbers)):
        first, second = one.numbers[key], other.numbers[key]
        if key[0] != "frame" and key[1] not in _STRUCTURE and _apart(first, second):
            name = f"{key[1]}[{key[2]}]" if (*key[:2], 1) in one.numbers else key[1]
            yield Difference("mean", name, f"{first.mean:.6g}", f"{second.mean:.6g}")


def _apart(first: Moments, second: Moments) -> bool:
    if min(first.finite, second.finite) < _ENOUGH or first.mean is None or second.mean is None:
        return False
    spread = sqrt(first.variance or 0.0)
    return abs(first.mean - second.mean) > _SHIFTED * spread
