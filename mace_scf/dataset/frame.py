"""What the header of one frame says: the slow, complete reading that the fast engines must agree with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import attrs

from ..catalog.reach import MOVED_INFO
from .columns import DEFAULT_PROPERTIES, KINDS, Layout, read_properties
from .comment import CommentLine, read_comment, read_comment_like_ase
from .loader import info_error, layout_error, placing_error
from .reading import NINE_NUMBER_KEYS, Reading, Value, read_value, read_values_like_ase

NO_READING = Reading("absent")


@attrs.frozen(order=True, cache_hash=True)
class Item:
    """One thing that a frame can carry.

    Attributes:
        location: ``info`` (comment line), ``arrays`` (columns) or ``frame`` (derived facts).
        key: as ASE's reading names it.
        reading: ASE's.
        written: the format's, where it differs; ``None`` where both agree.
        detail: for weights which components are zero (``110``), for derived facts their value.
    """

    location: str
    key: str
    reading: Reading = NO_READING
    written: Reading | None = None
    detail: str = ""


@attrs.frozen
class Header:
    """A comment line, read.

    Attributes:
        values: ASE's reading of every key, the last of duplicates.
        items: the same as items, plus the columns.
        layout: the columns of the atom lines.
        damages: (code, detail) of everything odd.
        error: why ASE refuses the frame, judged without its atom lines.
    """

    values: dict[str, Value]
    items: frozenset[Item]
    layout: Layout
    damages: tuple[tuple[str, str], ...]
    error: str


def read_header(comment: str, atoms: int) -> Header:
    """Read the comment line of a frame of that many atoms completely; never fails."""
    line = read_comment(comment)
    written = {entry.key: read_value(entry) for entry in line.entries}
    values, error = _ase_values(comment)
    properties = values.get("Properties")
    layout = read_properties(properties.text if properties is not None else DEFAULT_PROPERTIES)
    items = [_item(key, value, written.get(key)) for key, value in values.items() if key != "Properties"]
    error = error or info_error(list(values.items())) or layout_error(layout, properties)
    error = error or (placing_error(layout) if atoms else "")
    damages = tuple(_damages(line, written, values, layout, error))
    return Header(values, frozenset([*items, *column_items(layout)]), layout, damages, error)


def column_items(layout: Layout) -> list[Item]:
    """One item per column."""
    return [
        Item("arrays", column.name, Reading(KINDS[column.letter], column.shape)) for column in layout.columns
    ]


def info_item(key: str, reading: Reading, written: Reading, numbers: Sequence[float]) -> Item:
    """The item of an info entry; ``numbers`` tells which components of a weight are zero."""
    detail = ""
    if reading.numeric and key.startswith("config_") and key.endswith("weight"):
        detail = "".join("0" if number == 0.0 else "1" for number in numbers[:9])
    same = written == reading or (key in NINE_NUMBER_KEYS and written.size == reading.size)
    return Item("info", key, reading, None if same else written, detail)


def pbc_flags(values: dict[str, Value]) -> str:
    """``TTF`` and the like, as ASE sets them; ``???`` where it cannot."""
    value = values.get("pbc")
    if value is None:
        return "TTT" if "Lattice" in values else "FFF"
    if value.reading.kind == "text":
        return "TTT"  # `FFF` and `no`, too: for numpy any text is true
    flags = (
        ("F",) if value.text == "_JSON null" else tuple("T" if number else "F" for number in value.numbers)
    )
    if len(flags) == 1:
        return flags[0] * 3
    return "".join(flags) if len(flags) == 3 else "???"


def cell_class(numbers: Sequence[float]) -> tuple[str, float]:
    """``right``, ``left``, ``singular`` or ``none``, and the volume in Å³.

    Args:
        numbers: the 9 numbers of ``Lattice`` in file order (one vector after the other), or none.
    """
    if len(numbers) != 9:
        return "none", 0.0
    a, b, c, d, e, f, g, h, i = numbers
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if determinant == 0.0 or determinant != determinant:
        return "singular", 0.0
    return ("right", determinant) if determinant > 0.0 else ("left", -determinant)


def _ase_values(comment: str) -> tuple[dict[str, Value], str]:
    if not comment.strip():
        return {}, ""
    try:
        pairs = read_comment_like_ase(comment)
    except IndexError:
        return {}, "IndexError: the comment line begins with `=`"
    return read_values_like_ase(pairs), ""


def _item(key: str, value: Value, written: Value | None) -> Item:
    return info_item(key, value.reading, written.reading if written else NO_READING, value.numbers)


def _damages(
    line: CommentLine, written: dict[str, Value], values: dict[str, Value], layout: Layout, error: str
) -> Iterator[tuple[str, str]]:
    keys = [entry.key for entry in line.entries]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "D911", f"`{key}`"
    if line.unbalanced is not None:
        yield "D914", f"`{keys[-1][:40]}`"
    bare = [entry for entry in line.entries if entry.opening == "flag"]
    if bare and "Properties" not in values and len(bare) == len(line.entries):
        yield "D913", ""
    elif "Properties" not in values and not error.startswith("IndexError"):
        yield "D912", ""
    yield from _layout_damages(layout, error)
    yield from _swallowed(line.entries, values)
    yield from value_damages(written, values, error)


_OF_COLUMNS = ("positions", "names or places", "the species", "has no name", "is no constraint")


def _layout_damages(layout: Layout, error: str) -> Iterator[tuple[str, str]]:
    if layout.broken or error.startswith("AttributeError"):
        yield "D918", layout.broken
    elif any(phrase in error for phrase in _OF_COLUMNS):
        yield "D918", error.partition(": ")[2]
    for name in layout.duplicates:
        yield "D919", f"`{name}`"
    if error.startswith("IndexError"):
        yield "D928", ""


def _swallowed(entries: Sequence[object], values: dict[str, Value]) -> Iterator[tuple[str, str]]:
    for entry, following in itertools.pairwise(entries):
        empty = getattr(entry, "text", "x") == "" and getattr(entry, "opening", "") in ('"', "'")
        if empty and getattr(following, "key", "") not in values:
            yield "D929", f"`{getattr(following, 'key', '')}`"


def value_damages(
    written: dict[str, Value], values: dict[str, Value], error: str
) -> Iterator[tuple[str, str]]:
    """(code, detail) of everything odd about some values, in both readings."""
    for key, value in values.items():
        meant = written.get(key)
        if value.reading.kind == "error":
            yield ("D917" if key in NINE_NUMBER_KEYS else "D930"), f"`{key}`"
        elif meant is not None and _differs(key, meant.reading, value.reading):
            numeric_lost = meant.reading.numeric and value.reading.kind == "text"
            yield "D915" if numeric_lost else "D916", f"`{key}`: {_both(meant.reading, value.reading)}"
        elif value.reading.kind == "text" and _looks_numeric(value.text) and key not in MOVED_INFO:
            yield "D915", f"`{key}`"
        if any(number - number != 0.0 for number in value.numbers):
            yield "D924", f"`{key}`"
    if "pbc" in values and values["pbc"].reading.kind == "text":
        yield "D939", f"`pbc={values['pbc'].text[:24]}`"
    if "`pbc`" in error:
        yield "D934", ""
    elif "cannot become numbers" in error:
        yield "D935", error.partition(": ")[2]


def _both(meant: Reading, seen: Reading) -> str:
    return f"{meant.shown} in the format, {seen.shown} for ASE"


def _differs(key: str, meant: Reading, seen: Reading) -> bool:
    """Whether the two readings differ in more than integers against reals."""
    if key in NINE_NUMBER_KEYS and meant.size == seen.size:
        return False
    return (meant.numeric, meant.shape) != (seen.numeric, seen.shape) or (
        not meant.numeric and meant.kind != seen.kind
    )


def _looks_numeric(text: str) -> bool:
    """A number with something attached (``-1.5eV``, ``-1.5-100``), or a spelt-out nothing."""
    text = text.strip()
    if text.lower() in ("none", "null", "n/a", "na") or (text and set(text) == {"*"}):
        return True
    begins = text[:1].isdigit() or (text[:1] in "+-." and text[1:2].isdigit())
    return begins and "." in text and len(text.split()) == 1 and text.count(".") == 1
