"""What the rules about elements share: the elements of the run and how they are called."""

from __future__ import annotations

from collections.abc import Iterable

from ...catalog.elements import SYMBOLS
from ..rule import Context


def table_of(context: Context) -> dict[int, str] | None:
    """Atomic numbers of training and validation frames -> the option that names the file with the first.

    None where not all the files that count were measured.
    """
    data = context.data
    if data.train is None:
        return None
    if context.run.option("valid_file").given and data.split("valid") is None:
        return None
    if any(split.declared and not split.declared.elements for split in data.splits if split.name != "test"):
        return None  # a card that says nothing of elements
    found: dict[int, str] = {}
    for split in data.splits:
        if split.name != "test":
            for number in split.profile.elements:
                found.setdefault(number, split.setting.name)
    return dict(sorted(found.items()))


def all_seen(context: Context) -> bool:
    """Nothing that was not seen can add an element."""
    return context.run.option("valid_file").known


def first_with(context: Context, numbers: Iterable[int]) -> tuple[str, ...]:
    """A note that names the first frame with each element; nothing for cards by hand."""
    splits = context.data.splits
    places = []
    for number in sorted(numbers):
        seen = [split.profile.elements[number] for split in splits if number in split.profile.elements]
        if seen and seen[0].first.frame >= 0:
            places.append(f"{shown([number])} in {seen[0].first.shown}")
    return (f"first {'; '.join(places[:3])}",) if places else ()


def shown(numbers: Iterable[int]) -> str:
    """``H (1), O (8)``."""
    return ", ".join(
        f"{SYMBOLS[number]} ({number})" if 0 < number < len(SYMBOLS) else str(number)
        for number in sorted(numbers)
    )
