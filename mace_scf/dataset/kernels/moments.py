"""Running moments of one column, exact to the last bit.

Numbers that are 0 or between 2**-27 and 2**22, as nearly all are, are whole numbers of 2**-79, and their
squares of 2**-106. So their sums are taken with whole numbers, split at two and three places that no sum of
a chunk outgrows; adding and subtracting 1.5 * 2**52 splits without a branch. Other numbers are added up by
sign and exponent.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .words import bits_of, double_of

CHUNK = 512  # rows whose split sums fit 63 bits
CODES, SQUARES, SUMS = 4096, 2048, 10  # entries per column
_LOWEST, _HIGHEST = 1023 - 27, 1023 + 22  # biased exponents of what is split
_MANTISSA = (1 << 52) - 1
_LOW = (1 << 26) - 1
_SHIFT: Any = 1.5 * 2.0**52
_SHIFT_BITS: Any = np.int64(np.float64(_SHIFT).view(np.int64))
_MAGNITUDE: Any = np.int64((1 << 63) - 1)
_U: Any = np.uint64


@numba.njit
def add_column(
    scratch: Any, base: Any, begin: Any, end: Any, cell: Any, firsts: Any, held: Any, tallies: Any,
    histogram: Any, bins: Any, squares: Any, sums: Any, extremes: Any, places: Any,
) -> Any:  # fmt: skip
    """Adds at most CHUNK numbers of one column to its running moments.

    Args:
        scratch: numbers; those of the column from ``base`` on.
        begin, end: rows.
        cell: number of the column.
        firsts, held: first row and frame number of each frame in ``scratch``, and how many these are.
        tallies: (cells, 3) NaN, infinite, zero.
        histogram: (cells, CODES) by sign and exponent.
        bins: (cells, CODES, 2) lower and upper mantissa sums.
        squares: (cells, SQUARES, 2) the same of the squares.
        sums: (cells, SUMS) split sums, each as its upper bits and its lower 32.
        extremes: (cells, 2) minimum and maximum.
        places: (cells, 6) frame and atom of minimum, maximum, first NaN or infinity.
    """
    least, most = _MAGNITUDE, np.int64(0)
    for row in range(base + begin, base + end):
        magnitude = bits_of(scratch[row]) & _MAGNITUDE
        most = max(most, magnitude)
        least = min(least, magnitude if magnitude != 0 else _MAGNITUDE)
    if (most >> 52) == 2047:
        for row in range(begin, end):
            _add_one(
                scratch[base + row], row, cell, firsts, held, tallies, histogram, bins, squares, extremes,
                places,
            )  # fmt: skip
        return 0
    smallest, largest = _MAGNITUDE, ~_MAGNITUDE
    for row in range(base + begin, base + end):
        key = _key(bits_of(scratch[row] + 0.0))
        smallest = min(smallest, key)
        largest = max(largest, key)
    low, high = double_of(_U(_key(smallest))), double_of(_U(_key(largest)))
    if low < extremes[2 * cell]:
        extremes[2 * cell] = low
        _note_place(scratch, base, begin, low, firsts, held, places, 6 * cell)
    if high > extremes[2 * cell + 1]:
        extremes[2 * cell + 1] = high
        _note_place(scratch, base, begin, high, firsts, held, places, 6 * cell + 2)
    zeros, code_base = 0, cell * CODES
    for row in range(base + begin, base + end):
        bits = bits_of(scratch[row])
        zeros += (bits & _MAGNITUDE) == 0
        histogram[code_base + ((bits >> 52) & 4095)] += 1
    tallies[3 * cell + 2] += zeros
    if (most >> 52) < _HIGHEST and ((least >> 52) >= _LOWEST):
        _add_split(scratch, base + begin, base + end, cell * SUMS, sums)
    else:
        for row in range(base + begin, base + end):
            _add_binned(scratch[row], cell, bins, squares)
    return 0


@numba.njit(inline="always")
def _key(bits: Any) -> Any:
    """Bits of doubles as numbers of the same order, and back; these can be compared many at a time."""
    return bits ^ ((bits >> 63) & _MAGNITUDE)


@numba.njit
def _add_split(scratch: Any, begin: Any, end: Any, place: Any, sums: Any) -> Any:
    upper, lower = np.int64(0), np.int64(0)
    first, second, third = np.int64(0), np.int64(0), np.int64(0)
    for row in range(begin, end):
        value = scratch[row]
        scaled = value * 2.0**28
        whole = scaled + _SHIFT
        upper += bits_of(whole) - _SHIFT_BITS
        rest = (scaled - (whole - _SHIFT)) * 2.0**51 + _SHIFT
        lower += bits_of(rest) - _SHIFT_BITS
        square = value * value * 2.0**6
        whole = square + _SHIFT
        first += bits_of(whole) - _SHIFT_BITS
        left = (square - (whole - _SHIFT)) * 2.0**50
        whole = left + _SHIFT
        second += bits_of(whole) - _SHIFT_BITS
        rest = (left - (whole - _SHIFT)) * 2.0**50 + _SHIFT
        third += bits_of(rest) - _SHIFT_BITS
    _carry(sums, place, upper)
    _carry(sums, place + 2, lower)
    _carry(sums, place + 4, first)
    _carry(sums, place + 6, second)
    _carry(sums, place + 8, third)


@numba.njit(inline="always")
def _carry(sums: Any, place: Any, total: Any) -> Any:
    sums[place] += total >> 32
    sums[place + 1] += total & np.int64(0xFFFFFFFF)


@numba.njit
def _note_place(
    scratch: Any, base: Any, begin: Any, value: Any, firsts: Any, held: Any, places: Any, target: Any
) -> Any:
    row = begin
    while scratch[base + row] != value:
        row += 1
    frame = held - 1
    while firsts[2 * frame] > row:
        frame -= 1
    places[target], places[target + 1] = firsts[2 * frame + 1], row - firsts[2 * frame]


@numba.njit
def _add_binned(value: Any, cell: Any, bins: Any, squares: Any) -> Any:
    bits = bits_of(value)
    code = (bits >> 52) & 4095
    mantissa = bits & _MANTISSA
    if code & 2047:
        mantissa |= _MANTISSA + 1
    bins[2 * (cell * CODES + code)] += mantissa & _LOW
    bins[2 * (cell * CODES + code) + 1] += mantissa >> 26
    bits = bits_of(value * value)
    code = (bits >> 52) & 4095
    if code != 2047:
        mantissa = bits & _MANTISSA
        if code:
            mantissa |= _MANTISSA + 1
        squares[2 * (cell * SQUARES + code)] += mantissa & _LOW
        squares[2 * (cell * SQUARES + code) + 1] += mantissa >> 26


@numba.njit
def _add_one(
    value: Any, row: Any, cell: Any, firsts: Any, held: Any, tallies: Any, histogram: Any, bins: Any,
    squares: Any, extremes: Any, places: Any,
) -> Any:  # fmt: skip
    """The slow way, for chunks with NaN or infinities."""
    bits = bits_of(value)
    frame = held - 1
    while firsts[2 * frame] > row:
        frame -= 1
    number, atom = firsts[2 * frame + 1], row - firsts[2 * frame]
    if (bits >> 52) & 2047 == 2047:
        tallies[3 * cell + (0 if bits & _MANTISSA else 1)] += 1
        if places[6 * cell + 4] < 0:
            places[6 * cell + 4], places[6 * cell + 5] = number, atom
        return
    tallies[3 * cell + 2] += (bits & _MAGNITUDE) == 0
    histogram[cell * CODES + ((bits >> 52) & 4095)] += 1
    _add_binned(value, cell, bins, squares)
    if value < extremes[2 * cell]:
        extremes[2 * cell] = value
        places[6 * cell], places[6 * cell + 1] = number, atom
    if value > extremes[2 * cell + 1]:
        extremes[2 * cell + 1] = value
        places[6 * cell + 2], places[6 * cell + 3] = number, atom
