"""Decimal numbers of any width read many at a time with numpy, correctly rounded.

The digits before and behind the point, up to 19, are read eight at a time and become one whole number; its
quotient by a power of ten is taken with 64 bits of precision and rounded to 53. The few words for which that
is not certain, and all others that are no plain decimals, are left to Python's `float`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .words import ZEROS, are_digits, eight_digits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

MARGIN = 32  # bytes in front of the first word that may be looked at
_PORTION = 1 << 13  # words whose intermediate numbers stay close to the processor
_MOST_DIGITS, _MOST_DECIMALS = 19, 27  # 5**27 has 63 bits
_EXACT = 1 << 53
_EXACT_DECIMALS = 22
_MINUS, _POINT = 45, 46
_HALF, _BELOW = 0x400, 0x7FF  # of the 11 bits that 64 have more than 53


def read_decimals(
    raw: NDArray[np.uint8], starts: Integers, ends: Integers, points: Integers
) -> tuple[Floats, NDArray[np.bool_]] | None:
    """The numbers of words, and which of these are but sign, digits and point; ``None`` if one is no number.

    Args:
        raw: bytes, the first MARGIN of which belong to no word.
        starts, ends: (n,) bounds of the words.
        points: (n,) where their first point is; where there is none, the end.
    """
    import numpy as np

    numbers, plain = np.empty(len(starts)), np.empty(len(starts), dtype=bool)
    words = _aligned(raw)
    for first in range(0, len(starts), _PORTION):
        some = slice(first, first + _PORTION)
        numbers[some], plain[some] = _read(raw, words, starts[some], ends[some], points[some])
    for row in np.flatnonzero(~plain).tolist():
        try:
            numbers[row] = float(raw[starts[row] : ends[row]].tobytes())
        except ValueError:
            return None
    return numbers, plain


def word_bounds(blank: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """Where the words between blanks begin and end; the first and the last byte must be blank."""
    import numpy as np

    edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
    return edges[::2], edges[1::2]


def points_in(raw: NDArray[np.uint8], starts: Integers, ends: Integers) -> Integers:
    """Where the first point of each word is; its end, where it has none."""
    import numpy as np

    found = np.flatnonzero(raw == _POINT)
    if len(found) == len(starts) and ((starts <= found) & (found < ends)).all():
        return found
    points: Integers = np.append(found, len(raw))[np.searchsorted(found, starts)]
    return np.minimum(points, ends)


def _aligned(raw: NDArray[np.uint8]) -> Any:
    """The bytes eight by eight, with blanks behind them."""
    import numpy as np

    padded = np.full((len(raw) // 8 + 2) * 8, 32, dtype=np.uint8)
    padded[: len(raw)] = raw
    return padded.view("<u8")


def _read(
    raw: NDArray[np.uint8], words: Any, starts: Integers, ends: Integers, points: Integers
) -> tuple[Floats, NDArray[np.bool_]]:
    """Numbers, and which of them are certain."""
    import numpy as np

    negative = raw[starts] == _MINUS
    pointed = points < ends
    decimals = np.where(pointed, ends - points - 1, 0)
    before = points - starts - negative
    digits = before + decimals
    whole, good = _whole_numbers(words, points, np.minimum(before, 8))
    mantissas, fine = _whole_numbers(words, ends, np.where(pointed, decimals, digits))
    good &= fine & (digits > 0) & (digits <= _MOST_DIGITS) & (decimals <= _MOST_DECIMALS)
    good &= (before <= 8) | ~pointed
    mantissas += np.where(pointed, whole, 0) * _whole_tens()[np.minimum(decimals, _MOST_DIGITS)]
    numbers = mantissas.astype(np.float64) / _tens()[np.minimum(decimals, _EXACT_DECIMALS)]
    long = np.flatnonzero(good & ((mantissas > _EXACT) | (decimals > _EXACT_DECIMALS)))
    if long.size:
        numbers[long], certain = _long_quotients(mantissas[long], decimals[long])
        good[long] = certain
    return np.where(negative, -numbers, numbers), good


def _whole_numbers(words: Any, ends: Integers, counts: Integers) -> tuple[Any, NDArray[np.bool_]]:
    """The numbers that so many bytes before some offsets spell, at most 24 each, and whether all are digits."""
    import numpy as np

    masks = _masks()
    place, shift = ends >> 3, ((ends & 7) << 3).astype(np.uint64)
    back = np.uint64(64) - shift
    steps = min(max(-(-int(counts.max()) // 8), 1), 3)
    later, good, total = words[place], np.ones(len(ends), dtype=bool), np.zeros(len(ends), dtype=np.uint64)
    for step in range(steps):
        earlier = words[place - step - 1]
        own = (later << back) | (earlier >> shift)
        later = earlier
        mask = np.take(masks, counts - 8 * step, mode="clip")
        own = (own & mask) | (ZEROS & ~mask)
        good &= are_digits(own)
        total += eight_digits(own) * np.uint64(10 ** (8 * step))
    return total, good


def _long_quotients(mantissas: Any, decimals: Integers) -> tuple[Floats, NDArray[np.bool_]]:
    """Quotients of numbers of more than 53 bits, and whether these are correctly rounded."""
    import numpy as np

    if not _has_long_double():
        return np.zeros(len(mantissas)), np.zeros(len(mantissas), dtype=bool)
    quotients = mantissas.astype(np.longdouble) / _long_tens()[decimals]
    bits = quotients.view(np.uint64)[::2]
    # Rounding twice errs only where the first result lies halfway between two doubles.
    return quotients.astype(np.float64), (bits & np.uint64(_BELOW)) != _HALF


@cache
def _has_long_double() -> bool:
    """Whether there are floating-point numbers with 64 bits of precision in 16 bytes."""
    import numpy as np

    return np.finfo(np.longdouble).nmant == 63 and np.dtype(np.longdouble).itemsize == 16


@cache
def _tens() -> Floats:
    import numpy as np

    return np.array([10.0**power for power in range(_EXACT_DECIMALS + 1)])


@cache
def _long_tens() -> Any:
    import numpy as np

    fives = np.array([5**power for power in range(_MOST_DECIMALS + 1)], dtype=np.uint64)
    return np.ldexp(fives.astype(np.longdouble), np.arange(len(fives)))


@cache
def _whole_tens() -> Any:
    import numpy as np

    return np.array([10**power for power in range(_MOST_DIGITS + 1)], dtype=np.uint64)


@cache
def _masks() -> Any:
    """For 0 to 8 bytes: masks of so many of the last ones of a word, as they are in memory."""
    import numpy as np

    everything = (1 << 64) - 1
    return np.array([(everything << (64 - 8 * count)) & everything for count in range(9)], dtype=np.uint64)
