"""The plain engine: frame by frame, without numpy. It serves small files and checks the fast engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from .build import ProfileBuilder
from .columns import Column, Layout
from .damage import EXAMPLES, Example, excerpt
from .elements import elements, names_atoms_first
from .frame import Header, cell_class, pbc_flags, read_header
from .hashing import HashMethod, frame_hash
from .loader import fits, row_error
from .place import Place
from .readers.pieces import FrameSpan, Piece

_PLAIN_COMMENT = "D913"


class PlainEngine:
    """Feeds a builder with the frames of pieces.

    Args:
        builder: gathers.
        method: hashes frames; no hashes if absent.
        values: parse the atom lines too.
    """

    piece = 1 << 20

    def __init__(self, builder: ProfileBuilder, method: HashMethod | None, *, values: bool) -> None:
        self.builder, self.method, self.values = builder, method, values

    def consume(self, piece: Piece) -> None:
        """All frames of a piece."""
        for span in piece.spans:
            self.frame(piece, span)

    def is_ascii(self, piece: Piece) -> bool:
        """Whether no byte has its highest bit."""
        return piece.data.isascii()

    def frame(self, piece: Piece, span: FrameSpan, symbols: Mapping[int, int] | None = None) -> Layout | None:
        """One frame.

        Args:
            piece: holds it.
            span: where.
            symbols: its atoms by number, where every line is known to begin with a symbol.

        Returns:
            The columns of its atom lines if nobody has looked at these yet, because they need no words.
        """
        header = read_frame_header(self.builder, piece, span)
        self._add_hashes(piece, span)
        ordinary = names_atoms_first(header.layout) and not header.layout.broken
        if symbols is not None and not header.error and ordinary:
            self.builder.add_frame(span.frame, span.size, header, symbols)
            return header.layout
        block = piece.data[span.comment_end + 1 : span.block_end]
        rows = block.decode("utf-8", "replace").split("\n")[: span.size]
        if swallows_frame(self.builder, piece, span, header.layout, rows):
            return None
        numbers = count_elements(self.builder, piece, span, header.layout, rows)
        self.builder.add_frame(span.frame, span.size, header, numbers)
        if self.values:
            self.builder.value_frames += 1
            add_rows(self.builder, piece, span, header, rows)
        return None

    def _add_hashes(self, piece: Piece, span: FrameSpan) -> None:
        if self.method is not None:
            block = self.method.short(piece.view[span.comment_end + 1 : span.block_end])
            comment = self.method.short(piece.view[span.comment_start : span.comment_end])
            self.builder.add_hashes(span.frame, frame_hash(comment, block), block)


def read_frame_header(builder: ProfileBuilder, piece: Piece, span: FrameSpan) -> Header:
    """The header of a frame, with its damage and the loader's refusal noted."""
    comment = piece.data[span.comment_start : span.comment_end].decode("utf-8", "replace")
    header = read_header(comment, span.size)
    for code, detail in header.damages:
        example = _example(builder, piece, span, 1, span.comment_start, comment.strip(), detail)
        builder.add_damage(code, example)
    builder.refuse(span.frame, header.error)
    note_cell(builder, piece, span, header)
    if any(code == _PLAIN_COMMENT for code, _ in header.damages):
        # Words of a sentence are no keys.
        return Header({}, frozenset(), header.layout, (), header.error)
    return header


def note_cell(builder: ProfileBuilder, piece: Piece, span: FrameSpan, header: Header) -> None:
    """Damage of the cell and of the size of a frame."""
    lattice = header.values.get("Lattice")
    shape, _ = cell_class(lattice.numbers if lattice is not None else ())
    periodic = "T" in pbc_flags(header.values)
    codes = {"none": "D926", "singular": "D925"}
    found = [codes[shape]] if periodic and shape in codes and not header.error else []
    for code in [*found, *(["D927"] if span.size == 0 else [])]:
        builder.add_damage(code, _example(builder, piece, span, 1, span.comment_start, "", ""))


def swallows_frame(
    builder: ProfileBuilder, piece: Piece, span: FrameSpan, layout: Layout, rows: list[str]
) -> bool:
    """Whether a frame counts the lines of another one among its atoms; it is then lost."""
    row = next((row for row, line in enumerate(rows) if line.strip().isdigit()), None)
    if row is None or layout.width <= 1:
        return False
    offset = _row_offset(piece, span, row)
    detail = f"says {span.size}, has {row}"
    builder.add_damage("D904", _example(builder, piece, span, row + 2, offset, rows[row], detail, row))
    errors = (row_error(line, layout) for line in rows)
    builder.refuse(span.frame, next(filter(None, errors), ""))
    return True


def count_elements(
    builder: ProfileBuilder, piece: Piece, span: FrameSpan, layout: Layout, rows: list[str]
) -> Counter[int]:
    """Atoms per atomic number; what is no element is noted and left out."""
    numbers: Counter[int] = Counter()
    for row, number in enumerate(elements(layout, rows)):
        if number is not None:
            numbers[number] += 1
        else:
            _note_element(builder, piece, span, row, rows[row], layout)
    return numbers


def _note_element(
    builder: ProfileBuilder, piece: Piece, span: FrameSpan, row: int, line: str, layout: Layout
) -> None:
    code = "D920" if line.strip() else "D936"
    offset = _row_offset(piece, span, row)
    builder.add_damage(code, _example(builder, piece, span, row + 2, offset, line, "", row))
    builder.refuse(span.frame, row_error(line, layout))


def add_rows(builder: ProfileBuilder, piece: Piece, span: FrameSpan, header: Header, rows: list[str]) -> None:
    """The numbers of all atom lines, and what is wrong with them."""
    for row, line in enumerate(rows):
        words = line.split()
        if not words and header.layout.column("species", "symbols", "Z", "numbers") is None:
            _note_element(builder, piece, span, row, line, header.layout)
        if words and not header.layout.broken:
            _note_row(builder, piece, span, header.layout, row, line, words)
        elif words:  # the columns that could be read count for ASE, and are not worth a finding each
            builder.refuse(span.frame, row_error(line, header.layout))
        for column in () if builder.crowded else header.layout.columns:
            if column.letter in "RI":
                _add_numbers(builder, span, row, column, words)


def _add_numbers(
    builder: ProfileBuilder, span: FrameSpan, row: int, column: Column, words: list[str]
) -> None:
    place = Place(builder.file, span.frame, row)
    for component, word in enumerate(words[column.start : column.start + column.width]):
        try:
            number = float(word)
        except ValueError:
            continue
        builder.heap("arrays", column.name, component).add(number, place)


def _note_row(
    builder: ProfileBuilder,
    piece: Piece,
    span: FrameSpan,
    layout: Layout,
    row: int,
    line: str,
    words: list[str],
) -> None:
    for code, detail in row_damages(layout, line, words):
        offset = _row_offset(piece, span, row)
        builder.add_damage(code, _example(builder, piece, span, row + 2, offset, line, detail, row))
        if code in ("D922", "D923", "D938"):
            builder.refuse(span.frame, row_error(line, layout))


def note_rows(
    builder: ProfileBuilder,
    piece: Piece,
    span: FrameSpan,
    layout: Layout,
    rows: list[str],
    bad: list[int],
    count: int,
) -> None:
    """Lines whose only oddity is that ``count`` numbers are not finite: a few examples, and the count."""
    noted = 0
    for row in bad:
        if noted >= EXAMPLES:
            break
        for code, detail in row_damages(layout, rows[row], rows[row].split()):
            offset = _row_offset(piece, span, row)
            example = _example(builder, piece, span, row + 2, offset, rows[row], detail, row)
            builder.add_damage(code, example)
            noted += 1
    builder.count_damage("D924", count - noted)


def row_damages(layout: Layout, line: str, words: list[str]) -> list[tuple[str, str]]:
    """(code, detail) of what is wrong with the numbers of one atom line."""
    found: list[tuple[str, str]] = []
    if len(words) > layout.width:
        found.append(("D921", f"{len(words)} for {layout.width}"))
    if len(words) < layout.width:
        found.append(("D922", f"{len(words)} of {layout.width}"))
    for column in layout.columns:
        if column.letter in "RI":
            found += _number_damages(column, words[column.start : column.start + column.width])
    return found


def _number_damages(column: Column, words: list[str]) -> list[tuple[str, str]]:
    found = []
    for word in words:
        try:
            number = float(word) if column.letter == "R" else int(word)
        except ValueError:
            found.append(("D923", f"`{excerpt(word, 24)}` in `{column.name}`"))
            continue
        if column.letter == "I" and not fits(number):
            found.append(("D938", f"`{excerpt(word, 24)}` in `{column.name}`"))
        if isinstance(number, float) and number - number != 0.0:
            found.append(("D924", f"`{word}` in `{column.name}`"))
    return found


def _row_offset(piece: Piece, span: FrameSpan, row: int) -> int:
    offset = span.comment_end + 1
    for _ in range(row):
        offset = piece.data.index(b"\n", offset) + 1
    return offset


def _example(
    builder: ProfileBuilder,
    piece: Piece,
    span: FrameSpan,
    line: int,
    offset: int,
    text: str,
    detail: str,
    row: int = -1,
) -> Example:
    place = Place(builder.file, span.frame, row)
    return Example(place, span.line + line, piece.base + offset, excerpt(text.strip()), detail)
