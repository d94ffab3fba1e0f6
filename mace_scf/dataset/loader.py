"""What the trainer's loader (ASE's reader) does with a file: how far it gets, and why it stops."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TextIO

import attrs

from ..catalog.elements import NUMBERS, atomic_number
from ..catalog.reach import MOVED_COLUMNS, MOVED_INFO
from .columns import DEFAULT_PROPERTIES, Layout, read_properties
from .comment import read_comment_like_ase
from .readers.streams import open_binary
from .reading import Value, read_values_like_ase

_FLOAT_TAKEN_AS_IS = ("energy", "free_energy", "magmom")
_NOT_ASE_COLUMNS = ("species", "Z", "pos", "symbols", "numbers", "positions", "move_mask")
_LARGEST_INTEGER = 2**31
_LONGEST_REPLAY = 20_000  # frames looked at one by one behind a damaged place


@attrs.frozen
class Verdict:
    """What becomes of a whole file.

    Attributes:
        frames: how many frames the loader hands on; 0 when it raises, because nothing is kept then.
        error: the exception's name and reason; empty if none.
        frame: the frame at which it raises or silently stops.
        certain: the numbers of the atom lines were looked at too, or the error comes before them.
    """

    frames: int
    error: str = ""
    frame: int | None = None
    certain: bool = True


def info_error(pairs: Sequence[tuple[str, Value]]) -> str:
    """Why ASE refuses a comment line, given ASE's own reading of it; empty if it does not."""
    info = dict(pairs)
    for key, value in pairs:
        if value.reading.kind == "error":
            return value.text
        if key in MOVED_INFO and key not in _FLOAT_TAKEN_AS_IS and value.reading.kind in ("text", "object"):
            return f"ValueError: `{key}` cannot become numbers"
    return _pbc_error(info.get("pbc"))


def layout_error(layout: Layout, properties: Value | None) -> str:
    """Why ASE refuses the declared columns of any frame; empty if it does not."""
    if properties is not None and properties.reading.kind != "text":
        return "AttributeError: `Properties` is not text"
    if layout.broken and not layout.broken.startswith("fields"):
        return f"ValueError: {layout.broken}"
    if layout.duplicates:
        return f"ValueError: column `{layout.duplicates[0]}` is declared twice"
    if any(not column.name and column.width == 1 for column in layout.columns):
        return "ValueError: a column has no name"
    mask = layout.column("move_mask")
    if mask is not None and mask.width not in (1, 3):
        return f"XYZError: a `move_mask` of {mask.width} columns is no constraint"
    return ""


def placing_error(layout: Layout) -> str:
    """Why ASE refuses to make atoms of the declared columns, where a frame has any; empty if it does not."""
    position = layout.column("pos", "positions")
    if position is not None and position.width != 3:
        return "ValueError: positions need 3 columns"
    species = layout.column("species", "symbols")
    if species is not None and (species.width != 1 or species.letter not in "S"):
        return "AttributeError: the species are not one column of text"
    if layout.columns and layout.column("species", "symbols", "Z", "numbers", "pos", "positions") is None:
        return "ValueError: no column names or places the atoms"
    return _text_column_error(layout)


def fits(number: float) -> bool:
    """Whether a column of whole numbers can hold it: ASE keeps 32 bits."""
    return -_LARGEST_INTEGER <= number < _LARGEST_INTEGER


def row_error(line: str, layout: Layout) -> str:
    """Why ASE refuses one atom line; empty if it does not."""
    words = line.split()
    for column in layout.columns:
        for word in words[column.start : column.start + column.width]:
            try:
                number = float(word) if column.letter == "R" else int(word) if column.letter == "I" else 0
            except ValueError:
                return f"ValueError: `{word}` in column `{column.name}`"
            if column.letter == "I" and not fits(number):
                return f"OverflowError: `{word[:24]}` in column `{column.name}`"
    if len(words) < layout.width:
        return f"ValueError: {len(words)} of {layout.width} columns"
    return _symbol_error(words, layout)


def frame_error(comment: str, rows: Sequence[str]) -> str:
    """Why ASE refuses a frame, from its comment and atom lines; empty if it does not."""
    try:
        pairs = read_comment_like_ase(comment)
    except IndexError:
        return "IndexError: the comment line begins with `=`"
    info = read_values_like_ase(pairs) if comment.strip() else {}
    properties = info.get("Properties")
    layout = read_properties(properties.text if properties is not None else DEFAULT_PROPERTIES)
    error = info_error(list(info.items())) or layout_error(layout, properties)
    if error or not rows:
        return error
    return placing_error(layout) or next((found for row in rows if (found := row_error(row, layout))), "")


def replay(path: str, offset: int, frame: int, *, frames_before: int) -> Verdict:
    """Follow ASE's own walk from a frame start on, where ours had to leave it.

    Args:
        path: the file.
        offset: byte at which ASE begins to read frame number ``frame``.
        frame: number of that frame.
        frames_before: frames that ASE has indexed before.
    """
    with open_text(path, offset) as stream:
        return _replay(stream, frame, frames_before)


def open_text(path: str, offset: int = 0) -> TextIO:
    """The file as ASE opens it: UTF-8 with any line ends, plain or compressed."""
    raw = open_binary(path)
    raw.seek(offset)
    return io.TextIOWrapper(raw, encoding="utf-8")


@attrs.frozen
class _Walked:
    """One frame as ASE walks it."""

    number: int
    comment: str
    rows: list[str]
    missing: bool
    vectors: list[str]

    def error(self) -> str:
        if not self.comment:
            return "RuntimeError: no comment line"
        error = frame_error("" if self.vectors else self.comment, self.rows)
        if self.missing and not error:
            error = "XYZError: fewer atom lines than the count says"
        return error or next(filter(None, map(_vector_error, range(1, 4), self.vectors)), "")


def _replay(stream: TextIO, frame: int, indexed: int) -> Verdict:
    refused: Verdict | None = None
    try:
        for walked in _frames_like_ase(stream, frame):
            indexed += 1
            if refused is None and walked.number - frame < _LONGEST_REPLAY:
                error = walked.error()
                refused = Verdict(0, error, walked.number) if error else None
    except _IndexError as stop:
        return Verdict(0, stop.args[0], stop.args[1])
    except UnicodeDecodeError:
        return Verdict(0, "UnicodeDecodeError: not UTF-8", indexed)
    return refused or Verdict(indexed, "", indexed)


class _IndexError(Exception):
    """ASE raises while it looks for frame starts, before it keeps anything."""


def _frames_like_ase(stream: TextIO, number: int) -> Iterator[_Walked]:
    line = stream.readline()
    while line.strip():
        try:
            count = int(line)
        except ValueError:
            raise _IndexError(f"XYZError: `{line.strip()[:40]}` is no atom count", number) from None
        comment = stream.readline()
        rows = list(islice(iter(stream.readline, ""), max(count, 0)))
        vectors: list[str] = []
        line = stream.readline()
        while line.lstrip().startswith("VEC"):
            vectors.append(line)
            if len(vectors) > 3:
                raise _IndexError("XYZError: more than 3 VEC lines", number)
            line = stream.readline()
        yield _Walked(number, comment, rows, len(rows) < count or not comment, vectors)
        number += 1


def _vector_error(number: int, line: str) -> str:
    """Why ASE refuses a VEC line; empty if it does not."""
    name, *words = line.split()
    if name != f"VEC{number}":
        try:
            if int(name[3:]) == number:
                return ""
        except ValueError:
            pass
        return f"XYZError: `{name}` where VEC{number} should stand"
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return "ValueError: a VEC line holds text"
    return "" if len(numbers) in (1, 3) else "ValueError: a VEC line needs 3 numbers"


def _pbc_error(value: Value | None) -> str:
    if value is None or (
        set(value.reading.shape[:-1]) <= {1} and value.reading.shape[-1:] in ((), (1,), (3,))
    ):
        return ""
    return "ValueError: `pbc` needs 1 or 3 flags"


def _text_column_error(layout: Layout) -> str:
    for column in layout.columns:
        if column.letter == "S" and column.name in MOVED_COLUMNS:
            return f"ValueError: column `{column.name}` cannot become numbers"
    return ""


def _symbol_error(words: Sequence[str], layout: Layout) -> str:
    numbers, species = layout.last("Z", "numbers"), layout.last("species", "symbols")
    if numbers is not None:
        word = words[numbers.start]
        return f"KeyError: '{word}' is no element" if numbers.letter == "S" and word not in NUMBERS else ""
    if species is None or atomic_number(words[species.start]) is not None:
        return ""
    return f"KeyError: '{words[species.start].capitalize()}' is no element"
