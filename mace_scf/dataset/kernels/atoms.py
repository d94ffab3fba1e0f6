"""Reads atom lines and takes the moments of their columns."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from . import words
from .cells import CELL, LANES, SYMBOL, are_separated, read_cell, read_lanes
from .decimals import HARD, INTEGER, STRANGE, read_number
from .masks import line_end
from .moments import CHUNK, add_column
from .walk import BLOCK_END, COMMENT_END, FRAME, ROW, SIZE, WIDTH
from .words import BYTES, DOUBLES, INTEGERS, WORDS

SKIP, REAL, WHOLE = 0, 1, 2
_N = words.INTEGER
SIGNATURE = _N(
    BYTES, INTEGERS, _N, INTEGERS, _N, _N, WORDS, WORDS, _N, DOUBLES, _N, INTEGERS, BYTES, BYTES, INTEGERS,
    INTEGERS, INTEGERS, INTEGERS, INTEGERS, DOUBLES, INTEGERS,
)  # fmt: skip


def read_atoms(
    raw: Any, spans: Any, frames: Any, kinds: Any, columns: Any, cells: Any, blanks: Any, points: Any,
    masks: Any, scratch: Any, room: Any, firsts: Any, sound: Any, finite: Any, tallies: Any, histogram: Any,
    bins: Any, squares: Any, sums: Any, extremes: Any, places: Any,
) -> Any:  # fmt: skip
    """All numbers of frames with the same columns, added to running moments; how many rows were left over.

    Args:
        raw: bytes.
        spans, frames: rows as :mod:`.walk` writes them, and how many.
        kinds, columns: SKIP, REAL or WHOLE for every column, and how many.
        cells: number columns.
        blanks, points, masks: see :func:`.cells.are_separated`.
        scratch, room: (cells, room) for the numbers of some frames; room for the largest and CHUNK more.
        firsts: for as many frames as fit CHUNK and one more: row of the first atom, and number of the frame.
        sound: out, per frame, 0 where Python must look; such a frame is not counted.
        finite: out, per frame, 0 where a number is NaN or infinite.
        tallies, histogram, ...: see :mod:`.moments`; a negative ``tallies[0]`` leaves the numbers in
            ``scratch`` and counts nothing.
    """
    keep = tallies[0] < 0
    row, held = 0, 0
    fixed = _is_fixed(kinds, columns)
    for position in range(frames):
        span = position * ROW
        at, size, width = spans[span + COMMENT_END] + 1, spans[span + SIZE], spans[span + WIDTH]
        status = 0
        if fixed and width == SYMBOL + CELL * cells + 1:
            status = _read_cells(raw, at, size, width, cells, blanks, points, masks, scratch, room, row)
        if status == 0:
            status = _read_lines(raw, at, spans[span + BLOCK_END], size, kinds, columns, scratch, room, row)
        sound[position], finite[position] = status != 0, status != 2
        if status == 0:
            continue
        firsts[2 * held], firsts[2 * held + 1] = row, spans[span + FRAME]
        held += 1
        row += size
        if row >= CHUNK and not keep:
            _add(
                cells, scratch, room, row, firsts, held, tallies, histogram, bins, squares, sums, extremes,
                places,
            )  # fmt: skip
            row, held = 0, 0
    if row > 0 and not keep:
        _add(
            cells, scratch, room, row, firsts, held, tallies, histogram, bins, squares, sums, extremes, places
        )
        row = 0
    return row


@numba.njit
def _add(
    cells: Any, scratch: Any, room: Any, rows: Any, firsts: Any, held: Any, tallies: Any, histogram: Any,
    bins: Any, squares: Any, sums: Any, extremes: Any, places: Any,
) -> Any:  # fmt: skip
    for cell in range(cells):
        begin = 0
        while begin < rows:
            end = min(begin + CHUNK, rows)
            add_column(
                scratch, cell * room, begin, end, cell, firsts, held, tallies, histogram, bins, squares, sums,
                extremes, places,
            )  # fmt: skip
            begin = end
    return 0


@numba.njit(inline="always")
def _is_fixed(kinds: Any, columns: Any) -> Any:
    """Whether a line is one word and then only reals."""
    fixed = kinds[0] == SKIP
    for column in range(1, columns):
        fixed = fixed and kinds[column] == REAL
    return fixed


@numba.njit
def _read_cells(
    raw: Any, at: Any, size: Any, width: Any, cells: Any, blanks: Any, points: Any, masks: Any, scratch: Any,
    room: Any, row: Any,
) -> Any:  # fmt: skip
    """1 if all lines are written as ASE writes them, 0 if not."""
    good = True
    for line in range(size):
        good &= are_separated(raw, at + line * width, blanks, points, masks)
    if not good:
        return 0
    if size < LANES:
        return _read_few(raw, at, size, width, cells, scratch, room, row)
    for first in range(0, size, LANES):
        line = min(first, size - LANES)  # the last lines are read together with some of those before
        every = np.int64(1)
        for cell in range(cells):
            place = at + line * width + SYMBOL + CELL * cell
            every &= read_lanes(raw, place, width, scratch, cell * room + row + line)
        if every == 0:
            return 0
    return 1


@numba.njit
def _read_few(raw: Any, at: Any, size: Any, width: Any, cells: Any, scratch: Any, room: Any, row: Any) -> Any:
    """The same for fewer lines."""
    good = True
    for line in range(size):
        for cell in range(cells):
            well, number = read_cell(raw, at + line * width + SYMBOL + CELL * cell)
            scratch[cell * room + row + line] = number
            good &= well
    return 1 if good else 0


@numba.njit
def _read_lines(
    raw: Any, at: Any, block_end: Any, size: Any, kinds: Any, columns: Any, scratch: Any, room: Any, row: Any
) -> Any:
    """1 for sound lines, 2 if a number is not finite, 0 where Python must look."""
    result = 1
    for _ in range(size):
        end = line_end(raw, at, block_end)
        status = _read_line(raw, at, end, kinds, columns, scratch, room, row)
        if status == 0:
            return 0
        result = max(result, status)
        at = end + 1
        row += 1
    return result


@numba.njit(inline="always")
def _read_line(
    raw: Any, at: Any, end: Any, kinds: Any, columns: Any, scratch: Any, room: Any, row: Any
) -> Any:
    cell, result = 0, 1
    for column in range(columns):
        while at < end and (raw[at] == 32 or raw[at] == 9):
            at += 1
        stop = at
        while stop < end and raw[stop] > 32 and raw[stop] < 127:
            stop += 1
        if stop == at or (stop < end and raw[stop] != 32 and raw[stop] != 9 and raw[stop] != 13):
            return 0
        if kinds[column] != SKIP:
            status, number = read_number(raw, at, stop)
            if kinds[column] == WHOLE and (
                status != INTEGER or stop - at > 18 or number < -2147483648.0 or number >= 2147483648.0
            ):
                return 0
            if status == HARD:
                return 0
            if status == STRANGE:
                number = _read_strange(raw, at, stop)
                if number == 0.0:
                    return 0
                result = 2
            scratch[cell * room + row] = number
            cell += 1
        at = stop
    while at < end:
        if raw[at] != 32 and raw[at] != 9 and raw[at] != 13:
            return 0
        at += 1
    return result


@numba.njit
def _read_strange(raw: Any, at: Any, end: Any) -> Any:
    """NaN and infinities in short spelling and any case; 0 for anything else."""
    negative = raw[at] == 45
    if raw[at] == 45 or raw[at] == 43:
        at += 1
    if end - at != 3:
        return 0.0
    first, second, third = raw[at] | 32, raw[at + 1] | 32, raw[at + 2] | 32
    if first == 110 and second == 97 and third == 110:
        return np.nan
    if first == 105 and second == 110 and third == 102:
        return -np.inf if negative else np.inf
    return 0.0
