"""Atom lines of any layout read to numbers, some frames at a time; what is odd is left to a closer look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .columns import Layout
from .decimals import MARGIN, points_in, read_decimals, word_bounds
from .readers.pieces import FrameSpan, Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_BLANK, _TAB, _NEWLINE, _RETURN = 32, 9, 10, 13
_LONGEST_INTEGER = 18
_WORTH_IT = 256  # words; a few are read faster one by one


def line_numbers(piece: Piece, spans: Sequence[FrameSpan], layout: Layout) -> Floats | None:
    """The number columns of these frames, (atoms, columns); ``None`` where one by one is the way.

    Every line must hold a word that begins with a letter and, in all, as many words as there are columns.
    """
    import numpy as np

    atoms, width = sum(span.size for span in spans), layout.width
    wanted = number_places(layout)
    if atoms * len(wanted) < _WORTH_IT:
        return None
    blocks = [piece.raw[span.comment_end + 1 : span.block_end] for span in spans]
    raw = np.concatenate([np.full(MARGIN, _NEWLINE, dtype=np.uint8), *blocks])
    words = _words(raw, atoms, width)
    if words is None:
        return None
    starts, ends = (bounds[:, [at for _, at in wanted]].ravel() for bounds in words)
    points = points_in(raw, starts, ends)
    read = read_decimals(raw, starts, ends, points)
    if read is None or not _are_whole(
        read[0], ends - starts, points == ends, read[1], [kind for kind, _ in wanted]
    ):
        return None
    return read[0].reshape(atoms, len(wanted))


def number_places(layout: Layout) -> list[tuple[str, int]]:
    """Letter and place of every number column."""
    return [
        (column.letter, at)
        for column in layout.columns
        if column.letter in "RI"
        for at in range(column.start, column.start + column.width)
    ]


def _words(raw: Bytes, atoms: int, width: int) -> tuple[Integers, Integers] | None:
    """Bounds of the words of every line, (atoms, width) each."""
    import numpy as np

    blank, newlines = raw <= _BLANK, raw == _NEWLINE
    others = sum(np.count_nonzero(raw == byte) for byte in (_BLANK, _TAB, _RETURN))
    if np.count_nonzero(blank) != np.count_nonzero(newlines) + others:
        return None  # other control characters: Python knows which of them part words
    starts, ends = word_bounds(blank)
    line_ends = np.flatnonzero(newlines)[MARGIN:]
    if len(starts) != atoms * width or len(line_ends) != atoms:
        return None
    starts, ends = starts.reshape(atoms, width), ends.reshape(atoms, width)
    apart = (ends[:, -1] <= line_ends).all() and (starts[1:, 0] > line_ends[:-1]).all()
    return (starts, ends) if apart and _are_letters(raw[starts[:, 0]]) else None


def _are_letters(signs: Bytes) -> bool:
    return bool((((signs | 32) - 97) < 26).all())


def _are_whole(
    numbers: Floats, sizes: Integers, pointless: NDArray[np.bool_], plain: NDArray[np.bool_], kinds: list[str]
) -> bool:
    """Whether all words of integer columns are integers of a size that the columns hold."""
    if "I" not in kinds:
        return True
    own = [at for at, kind in enumerate(kinds) if kind == "I"]
    good = (pointless & plain & (sizes <= _LONGEST_INTEGER)).reshape(-1, len(kinds))
    whole = numbers.reshape(-1, len(kinds))[:, own]
    return bool(good[:, own].all() and (whole >= -(2.0**31)).all() and (whole < 2.0**31).all())
