"""The numbers of atom lines, frame groups with equal columns at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from .accumulate import array_moments
from .build import ProfileBuilder
from .columns import Layout
from .frame import Header
from .lines import line_numbers, number_places
from .loader import fits
from .plain import add_rows, note_rows
from .readers.pieces import FrameSpan, Piece
from .readers.spans import span_of
from .words import read_cells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_CELL = 17  # ASE writes numbers as " %16.8f"
_SYMBOL = 2
_PORTION = 1500


@attrs.frozen
class Block:
    """Numbers of some frames with the same columns.

    Attributes:
        spans: the frames.
        numbers: (atoms of all frames, number columns).
        finite: per frame, whether all numbers are.
    """

    spans: Sequence[FrameSpan]
    numbers: Any
    finite: Any


class ValueReader:
    """Reads atom lines with numpy and takes the moments of their columns."""

    def __init__(self, builder: ProfileBuilder) -> None:
        self.builder = builder

    def add(self, piece: Piece, table: Integers, layout: Layout) -> None:
        """All numbers of these frames, in the order of the file."""
        spans = [span_of(row) for row in table]
        self.builder.value_frames += len(spans)
        for block in self.read(piece, spans, layout):
            self._note_strange(piece, block, layout)
            self.take(block, layout)

    def read(self, piece: Piece, spans: Sequence[FrameSpan], layout: Layout) -> Iterator[Block]:
        """Blocks of numbers; frames that cannot be read so go through the plain engine."""
        fixed = fixed_width_numbers(piece, spans, layout)
        if fixed is not None:
            import numpy as np

            yield Block(spans, fixed, np.ones(len(spans), dtype=bool))
            return
        kept: list[FrameSpan] = []
        parts: list[Floats] = []
        for some in portions(spans):
            numbers = line_numbers(piece, some, layout)
            if numbers is None:
                self._read_one_by_one(piece, some, layout, kept, parts)
            else:
                kept += some
                parts.append(numbers)
        if kept:
            yield _joined(kept, parts)

    def _read_one_by_one(
        self,
        piece: Piece,
        spans: Sequence[FrameSpan],
        layout: Layout,
        kept: list[FrameSpan],
        parts: list[Floats],
    ) -> None:
        for span in spans:
            numbers = split_numbers(piece, span, layout)
            if numbers is None:
                self.read_plainly(piece, span, layout)
            else:
                kept.append(span)
                parts.append(numbers)

    def take(self, block: Block, layout: Layout) -> None:
        """Moments of a block."""
        import numpy as np

        frames, atoms = rows_of(block.spans)
        for (name, component), values in zip(components(layout), block.numbers.T, strict=True):
            moments = array_moments(np.ascontiguousarray(values), self.builder.file, frames, atoms)
            self.builder.add_moments(("arrays", name, component), moments)

    def finish(self) -> None:
        """Nothing is pending here."""

    def read_plainly(self, piece: Piece, span: FrameSpan, layout: Layout) -> None:
        """A frame with something odd in its lines."""
        rows = rows_of_block(piece, span)
        add_rows(self.builder, piece, span, Header({}, frozenset(), layout, (), ""), rows)

    def _note_strange(self, piece: Piece, block: Block, layout: Layout) -> None:
        import numpy as np

        first = 0
        for span, finite in zip(block.spans, block.finite, strict=True):
            if not finite:
                numbers = block.numbers[first : first + span.size]
                bad = np.flatnonzero(~np.isfinite(numbers).all(axis=1)).tolist()
                count = int(np.count_nonzero(~np.isfinite(numbers)))
                note_rows(self.builder, piece, span, layout, rows_of_block(piece, span), bad, count)
            first += span.size


def components(layout: Layout) -> list[tuple[str, int]]:
    """(column name, component) of every number column."""
    return [
        (column.name, component)
        for column in layout.columns
        if column.letter in "RI"
        for component in range(column.width)
    ]


def rows_of(spans: Sequence[FrameSpan]) -> tuple[Integers, Integers]:
    """Frame and atom of every atom line."""
    import numpy as np

    sizes = np.array([span.size for span in spans], dtype=np.int64)
    frames = np.repeat(np.array([span.frame for span in spans], dtype=np.int64), sizes)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return frames, np.arange(int(sizes.sum()), dtype=np.int64) - first


def fixed_width_numbers(piece: Piece, spans: Sequence[FrameSpan], layout: Layout) -> Floats | None:
    """Numbers of lines as ASE writes them (``%-2s`` and `` %16.8f``); ``None`` for any others.

    Sign and digits are whole numbers of 1e-8 below 2**53, so that one division rounds them correctly.
    """
    import numpy as np

    if any(column.letter != "R" for column in layout.columns[1:]):
        return None
    width = _SYMBOL + _CELL * (layout.width - 1) + 1
    if any(span.block_end - span.comment_end - 1 != width * span.size for span in spans):
        return None
    raw = piece.raw
    numbers = np.empty((sum(span.size for span in spans), layout.width - 1))
    row = 0
    for some in portions(spans):
        lines = np.concatenate(
            [raw[span.comment_end + 1 : span.block_end].reshape(span.size, width) for span in some]
        )
        read = read_cells(lines[:, _SYMBOL:-1].reshape(-1, _CELL))
        if read is None or not (lines[:, -1] == 10).all():
            return None
        numbers[row : row + len(lines)] = read.reshape(len(lines), -1)
        row += len(lines)
    return numbers


def portions(spans: Sequence[FrameSpan]) -> Iterator[list[FrameSpan]]:
    """Frames of some thousand atoms together: what fits the processor's cache."""
    some: list[FrameSpan] = []
    atoms = 0
    for span in spans:
        some.append(span)
        atoms += span.size
        if atoms >= _PORTION:
            yield some
            some, atoms = [], 0
    if some:
        yield some


def split_numbers(piece: Piece, span: FrameSpan, layout: Layout) -> Floats | None:
    """Numbers of one frame's lines in any layout; ``None`` where the plain engine must look."""
    import numpy as np

    words = bytes(piece.view[span.comment_end + 1 : span.block_end]).split()
    width = layout.width
    if not width or len(words) != width * span.size or not all(word[:1].isalpha() for word in words[::width]):
        return None
    wanted = number_places(layout)
    if any(letter == "I" and not all(map(_is_whole, words[at::width])) for letter, at in wanted):
        return None
    if len(wanted) == width - 1:
        del words[::width]
    else:
        words = [word for row in range(span.size) for word in (words[row * width + at] for _, at in wanted)]
    try:
        return np.array(list(map(float, words))).reshape(span.size, len(wanted))
    except ValueError:
        return None


def _is_whole(word: bytes) -> bool:
    plain = word.lstrip(b"+-").isdigit() and len(word) <= 18 and word[1:].isdigit() is (len(word) > 1)
    return plain and fits(int(word))


def _joined(spans: Sequence[FrameSpan], parts: Sequence[Floats]) -> Block:
    """One block; every frame has atoms."""
    import numpy as np

    numbers = np.concatenate(parts)
    finite = np.isfinite(numbers).all(axis=1)
    firsts = np.cumsum([0, *(span.size for span in spans[:-1])])
    return Block(spans, numbers, np.logical_and.reduceat(finite, firsts))


def rows_of_block(piece: Piece, span: FrameSpan) -> list[str]:
    """The atom lines of a frame as text."""
    block = bytes(piece.view[span.comment_end + 1 : span.block_end])
    return block.decode("utf-8", "replace").split("\n")[: span.size]
