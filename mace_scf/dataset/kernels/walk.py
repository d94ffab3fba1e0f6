"""The walk over regular frames, which counts their elements and hashes them while they are near the processor."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .hashes import hash_text
from .masks import count_lines, line_end
from .words import BYTES, COUNTS, INTEGER, INTEGERS, SHORTS, WORDS

FRAME, LINE, START, COMMENT, COMMENT_END, BLOCK_END, SIZE, WIDTH = range(8)
ROW = 8  # columns of a span
NEXT_START, NEXT_LINE, STATUS, COLUMNS, BEYOND_ASCII = range(5)
MORE, ODD, FULL, NARROW = range(4)
_DIGITS = 11
_U: Any = np.uint64

SIGNATURE = INTEGER(
    BYTES, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, INTEGERS, INTEGER, SHORTS, SHORTS, COUNTS, INTEGER,
    BYTES, INTEGERS, INTEGER, BYTES, WORDS, WORDS, BYTES,
)  # fmt: skip


def walk_frames(
    raw: Any, size: Any, final: Any, start: Any, frame: Any, line: Any, spans: Any, most: Any, table: Any,
    columns: Any, counts: Any, width: Any, sound: Any, state: Any, hashing: Any, secret: Any, lanes: Any,
    hashes: Any, known: Any,
) -> Any:  # fmt: skip
    """Regular frames from an offset on, each certified by the count line or the end behind it; how many.

    Args:
        raw: bytes, 64 more of which may be read than ``size``.
        size: how many there are.
        final: 1 if the file ends there.
        start: offset of the first line.
        frame, line: numbers of the first frame and line.
        spans: out, rows of the columns named above; the width is 0 where lines differ in length.
        most: rows that fit.
        table: two bytes -> atomic number, -1 for none.
        columns: atomic number -> column of ``counts``, -1 for none yet; kept between calls.
        counts: out, (frames, width) atoms per column.
        width: columns that fit.
        sound: out, per frame, 0 where a line does not begin with a symbol.
        state: in and out; where the walk ends, why (MORE bytes are needed, something is ODD, the rows are
            FULL, the columns too NARROW), how many columns are in use, and 1 for bytes beyond ASCII.
        hashing: 1 if hashes are wanted.
        secret, lanes: see :func:`.hashes.hash_text`.
        hashes: out, two per frame: of the comment and of the atom lines.
        known: out, two per frame, 0 where Python must hash.
    """
    found = 0
    state[STATUS] = MORE
    end = line_end(raw, start, size)
    atoms = _count(raw, start, end, size)
    while atoms > 0:
        if found == most:
            state[STATUS] = FULL
            break
        comment = end + 1
        comment_end = line_end(raw, comment, size)
        block = comment_end + 1
        if block >= size:
            break
        length = line_end(raw, block, size) + 1 - block
        if block + length > size:
            break
        block_end = block + atoms * length
        regular, high = False, _U(0)
        if block_end <= size:
            regular, high = _are_lines(raw, block, block_end, length)
        if not regular:
            length = 0
            block_end = _skip_lines(raw, block, size, atoms)
            if block_end < 0:
                break
            _, high = count_lines(raw, block, block_end)
        end = line_end(raw, block_end, size)
        following = _count(raw, block_end, end, size)
        if following < 0 and not (final == 1 and block_end == size):
            atoms = following
            break
        fits = _count_elements(
            raw, block, length, atoms, table, columns, counts, found * width, width, sound, found, state
        )
        if not fits:
            state[STATUS] = NARROW
            break
        _, other = count_lines(raw, comment, comment_end)
        if high | other != _U(0):
            state[BEYOND_ASCII] = 1
        if hashing == 1:
            known[2 * found] = hash_text(
                raw, comment, comment_end - comment, secret, lanes, hashes, 2 * found
            )
            known[2 * found + 1] = hash_text(
                raw, block, block_end - block, secret, lanes, hashes, 2 * found + 1
            )
        row = found * ROW
        spans[row + FRAME], spans[row + LINE] = frame + found, line
        spans[row + START], spans[row + COMMENT] = start, comment
        spans[row + COMMENT_END], spans[row + BLOCK_END] = comment_end, block_end
        spans[row + SIZE], spans[row + WIDTH] = atoms, length
        found += 1
        line += atoms + 2
        start = block_end
        atoms = following
    if atoms == -1 or atoms == 0:
        state[STATUS] = ODD
    state[NEXT_START], state[NEXT_LINE] = start, line
    return found


@numba.njit(inline="always")
def _count(raw: Any, at: Any, end: Any, size: Any) -> Any:
    """The number of atoms on a line; -1 for anything but digits and blanks, -2 for a line that is cut off."""
    if end == size:
        return np.int64(-2)
    while at < end and (raw[at] == 32 or raw[at] == 9):
        at += 1
    while end > at and (raw[end - 1] == 32 or raw[end - 1] == 9 or raw[end - 1] == 13):
        end -= 1
    if end == at or end - at > _DIGITS:
        return np.int64(-1)
    number = np.int64(0)
    while at < end:
        digit = np.int64(raw[at]) - 48
        if digit < 0 or digit > 9:
            return np.int64(-1)
        number = number * 10 + digit
        at += 1
    return number


@numba.njit(inline="always")
def _are_lines(raw: Any, at: Any, end: Any, length: Any) -> Any:
    """Whether lines of this length fill the stretch: each ends where it should, and none anywhere else.

    The second result is not 0 if a byte is beyond ASCII.
    """
    good, lines, place = True, np.int64(0), at + length - 1
    while place < end:
        good &= raw[place] == 10
        lines += 1
        place += length
    if not good:
        return False, _U(0)
    count, high = count_lines(raw, at, end)
    return count == lines, high


@numba.njit
def _skip_lines(raw: Any, at: Any, size: Any, lines: Any) -> Any:
    """Offset behind so many lines, -1 if there are fewer."""
    for _ in range(lines):
        at = line_end(raw, at, size) + 1
        if at > size:
            return np.int64(-1)
    return at


@numba.njit
def _count_elements(
    raw: Any, at: Any, length: Any, atoms: Any, table: Any, columns: Any, counts: Any, base: Any, width: Any,
    sound: Any, frame: Any, state: Any,
) -> Any:  # fmt: skip
    """Atoms per column of one frame; False where the columns do not suffice."""
    for column in range(width):
        counts[base + column] = 0
    sound[frame] = 1
    for _ in range(atoms):
        second, third = raw[at + 1], raw[at + 2]
        number = np.int64(table[np.int64(raw[at]) * 256 + np.int64(second)])
        blank = (second == 32) | (second == 9) | (second == 13) | (second == 10)
        blank |= (third == 32) | (third == 9) | (third == 13) | (third == 10)
        if number < 0 or not blank:
            sound[frame] = 0
            return True
        if columns[number] < 0:
            if state[COLUMNS] >= width:
                return False
            columns[number] = state[COLUMNS]
            state[COLUMNS] += 1
        counts[base + np.int64(columns[number])] += 1
        at = at + length if length > 0 else line_end(raw, at, at + (1 << 40)) + 1
    return True
