"""The per-atom columns that a frame's ``Properties`` declares."""

from __future__ import annotations

from collections import Counter

import attrs

DEFAULT_PROPERTIES = "species:S:1:pos:R:3"
_WIDEST = 100_000
KINDS = {"R": "real", "I": "int", "S": "text", "L": "bool"}


@attrs.frozen
class Column:
    """A named group of columns.

    Attributes:
        name: as written in the file.
        letter: ``R``, ``I``, ``S`` or ``L``.
        width: how many columns it takes.
        start: index of the first of them in an atom line.
    """

    name: str
    letter: str
    width: int
    start: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape per atom: ``()`` for one column."""
        return () if self.width == 1 else (self.width,)


@attrs.frozen
class Layout:
    """The columns of an atom line.

    Attributes:
        columns: in file order; what could be read of a broken declaration.
        broken: why ASE refuses the declaration, empty if it does not.
        duplicates: column names declared more than once.
    """

    columns: tuple[Column, ...]
    broken: str = ""
    duplicates: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Columns per atom line."""
        return sum(column.width for column in self.columns)

    def column(self, *names: str) -> Column | None:
        """The first column of one of these names."""
        return next((column for column in self.columns if column.name in names), None)

    def last(self, *names: str) -> Column | None:
        """The last column of one of these names: the one that ASE keeps of several."""
        return next((column for column in reversed(self.columns) if column.name in names), None)


def read_properties(text: str) -> Layout:
    """Columns of a ``Properties`` value; never fails.

    >>> [(column.name, column.width) for column in read_properties("species:S:1:pos:R:3").columns]
    [('species', 1), ('pos', 3)]
    """
    fields = text.split(":")
    columns: list[Column] = []
    broken = "" if len(fields) % 3 == 0 else "fields are not triples of name, type and number of columns"
    start = 0
    for name, letter, width_text in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        width = _width(width_text)
        if width is None or letter not in KINDS:
            broken = f"`{name}:{letter}:{width_text}` is no column"
            break
        columns.append(Column(name, letter, width, start))
        start += width
    return Layout(tuple(columns), broken, _duplicates(columns))


def _width(text: str) -> int | None:
    """What ``int`` makes of it, as ASE reads it; `+1` and `1_0` are numbers, too."""
    try:
        width = int(text)
    except ValueError:
        return None
    # A declared width far beyond any line would only cost memory.
    return width if 0 < width < _WIDEST else None


def _duplicates(columns: list[Column]) -> tuple[str, ...]:
    """Names that come twice; if none does, names of single columns: `a:R:2` declares `a0` and `a1`."""
    return _repeated([column.name for column in columns]) or _repeated(
        [name for column in columns for name in _single(column)]
    )


def _single(column: Column) -> list[str]:
    return (
        [column.name] if column.width == 1 else [f"{column.name}{number}" for number in range(column.width)]
    )


def _repeated(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name, count in Counter(names).items() if count > 1))
