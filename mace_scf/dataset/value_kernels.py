"""Compiled reading of atom lines, and moments of what was read."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .decimal_kernels import HARD, INTEGER, STRANGE, read_number
from .word_kernels import are_digits, eight_digits, load_word, right_aligned_digits

SKIP, REAL, WHOLE = 0, 1, 2
_MANTISSA = (1 << 52) - 1
_LOW = (1 << 26) - 1


@numba.njit(cache=True)
def read_atoms(
    raw: Any, ends: Any, lines: Any, sizes: Any, kinds: Any, out: Any, sound: Any, finite: Any
) -> Any:
    """All numbers of frames with the same columns.

    Args:
        raw: bytes.
        ends: line ends in ``raw``.
        lines: index of each frame's first atom line.
        sizes: atom lines per frame.
        kinds: SKIP, REAL or WHOLE for every column.
        out: (atom lines, number columns), filled; rows of unsound frames are undefined.
        sound: per frame, False where Python must look.
        finite: per frame, False where a number is NaN or infinite.
    """
    row = 0
    for frame in range(len(lines)):
        for line in range(lines[frame], lines[frame] + sizes[frame]):
            status = _read_line(raw, ends[line - 1] + 1, ends[line], kinds, out, row)
            if status == 0:
                sound[frame] = False
            elif status == 2:
                finite[frame] = False
            row += 1


@numba.njit(cache=True)
def _read_line(raw: Any, at: Any, end: Any, kinds: Any, out: Any, row: Any) -> Any:
    """1 for a sound line, 2 if a number of it is not finite, 0 where Python must look."""
    cell, result = 0, 1
    for column in range(len(kinds)):
        if kinds[column] == REAL:
            found, number = _read_cell(raw, at, end)
            if found == 0 and at + 1 < end:  # a symbol of one letter leaves one more blank
                found, number = _read_cell(raw, at + 1, end)
                found += found > 0
            if found:
                out[row, cell] = number
                cell += 1
                at += found
                continue
        while at < end and (raw[at] == 32 or raw[at] == 9):
            at += 1
        stop = at
        while stop < end and raw[stop] > 32 and raw[stop] < 127:
            stop += 1
        if stop == at or (stop < end and raw[stop] != 32 and raw[stop] != 9 and raw[stop] != 13):
            return 0
        if kinds[column] != SKIP:
            status, number = read_number(raw, at, stop)
            if kinds[column] == WHOLE and (status != INTEGER or stop - at > 18):
                return 0
            if status == HARD:
                return 0
            if status == STRANGE:
                number = _read_strange(raw, at, stop)
                if number == 0.0:
                    return 0
                result = 2
            out[row, cell] = number
            cell += 1
        at = stop
    while at < end:
        if raw[at] != 32 and raw[at] != 9 and raw[at] != 13:
            return 0
        at += 1
    return result


@numba.njit(cache=True)
def _read_cell(raw: Any, at: Any, end: Any) -> Any:
    """A number as ASE writes it, `` %16.8f``, exactly at ``at``: its width, 0 for anything else."""
    stop = at + 17
    if stop > end or raw[at + 8] != 46 or raw[at] != 32 or (stop < end and raw[stop] > 32):
        return 0, 0.0
    decimals = load_word(raw, at + 9)
    whole, sign = right_aligned_digits(load_word(raw, at))
    if sign == 0 or not are_digits(decimals):
        return 0, 0.0
    # At most 15 digits: a whole number of 1e-8 below 2**53, so that one division rounds correctly.
    return 17, np.float64(whole * 100000000 + eight_digits(decimals)) / 1e8 * sign


@numba.njit(cache=True)
def _read_strange(raw: Any, at: Any, end: Any) -> Any:
    """NaN and infinities in short spelling and any case; 0 for anything else."""
    negative = raw[at] == 45
    if raw[at] == 45 or raw[at] == 43:
        at += 1
    size = end - at
    first = raw[at] | 32 if size > 0 else 0
    second = raw[at + 1] | 32 if size > 1 else 0
    third = raw[at + 2] | 32 if size > 2 else 0
    if size == 3 and first == 110 and second == 97 and third == 110:
        return np.nan
    if size == 3 and first == 105 and second == 110 and third == 102:
        return -np.inf if negative else np.inf
    return 0.0


@numba.njit(cache=True)
def accumulate(
    values: Any, frames: Any, atoms: Any, bins: Any, squares: Any, tallies: Any, extremes: Any, places: Any
) -> Any:
    """Add numbers to running moments.

    Args:
        values: (n, components).
        frames, atoms: (n,) where each row is.
        bins: (components, 4096, 3) per sign and exponent: count, lower and upper mantissa sums.
        squares: (components, 2048, 2) the same sums for the squares.
        tallies: (components, 3) NaN, infinite, zero.
        extremes: (components, 2) minimum and maximum.
        places: (components, 6) frame and atom of minimum, maximum, first NaN or infinity.
    """
    bits = values.view(np.int64)
    products = values * values
    square_bits = products.view(np.int64)
    for row in range(values.shape[0]):
        for component in range(values.shape[1]):
            pattern = bits[row, component]
            code = (pattern >> 52) & 4095
            exponent = code & 2047
            if exponent == 2047:
                tallies[component, 0 if pattern & _MANTISSA else 1] += 1
                if places[component, 4] < 0:
                    places[component, 4], places[component, 5] = frames[row], atoms[row]
                continue
            mantissa = pattern & _MANTISSA
            if exponent != 0:
                mantissa |= _MANTISSA + 1
            elif mantissa == 0:
                tallies[component, 2] += 1
            bins[component, code, 0] += 1
            bins[component, code, 1] += mantissa & _LOW
            bins[component, code, 2] += mantissa >> 26
            pattern = square_bits[row, component]
            exponent = pattern >> 52
            if exponent != 2047:
                mantissa = pattern & _MANTISSA
                if exponent != 0:
                    mantissa |= _MANTISSA + 1
                squares[component, exponent, 0] += mantissa & _LOW
                squares[component, exponent, 1] += mantissa >> 26
            value = values[row, component]
            if value < extremes[component, 0]:
                extremes[component, 0] = value
                places[component, 0], places[component, 1] = frames[row], atoms[row]
            if value > extremes[component, 1]:
                extremes[component, 1] = value
                places[component, 2], places[component, 3] = frames[row], atoms[row]
