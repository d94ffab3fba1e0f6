"""The elements of a frame's atoms, by the column that ASE takes them from."""

from __future__ import annotations

from collections.abc import Sequence

from ..catalog.elements import NUMBERS, SYMBOLS, atomic_number
from .columns import Column, Layout

_TRUE = ("T", "True")


def elements(layout: Layout, rows: Sequence[str]) -> list[int | None]:
    """The atomic number of every atom line; None for what is no element.

    Numbers go before symbols, for ASE. Where a whole number stands beside every symbol the symbols are
    believed all the same: they stand in front, where they are found without a look at the rest of the line.
    """
    numbers, symbols = layout.last("Z", "numbers"), layout.last("species", "symbols")
    if numbers is None and symbols is None:
        return [0] * len(rows) if layout.columns else []  # without any column ASE makes no atoms
    if numbers is not None and symbols is not None and names_atoms_first(layout):
        found = [_number(row, symbols) for row in rows]
        if None not in found:
            return found
    column = numbers or symbols
    return [_number(row, column) for row in rows] if column is not None else []


def names_atoms_first(layout: Layout) -> bool:
    """Whether a symbol begins every line, and at most one whole number says the same again."""
    first = layout.columns[0] if layout.columns else None
    others = [
        column for column in layout.columns[1:] if column.name in ("species", "symbols", "Z", "numbers")
    ]
    if first is None or (first.name, first.letter, first.width) != ("species", "S", 1) or len(others) > 1:
        return False
    return not others or (
        others[0].name in ("Z", "numbers") and (others[0].letter, others[0].width) == ("I", 1)
    )


def _number(row: str, column: Column) -> int | None:
    words = row.split(None, column.start + 1)
    word = words[column.start] if len(words) > column.start else ""
    if column.letter == "S":
        return atomic_number(word) if column.name in ("species", "symbols") else NUMBERS.get(word)
    if column.letter == "L":
        return int(word in _TRUE) if word else None
    try:
        number = int(word) if column.letter == "I" else int(float(word))
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < len(SYMBOLS) else None
