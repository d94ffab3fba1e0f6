"""Sums of floating-point numbers without any rounding, so that the order of adding never shows.

Every finite double is an integer multiple of 2**-1074. A sum is kept as that integer; Python's integers
do not overflow, and adding them is associative and commutative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCALE_BITS = 1074
_ONE = 1 << SCALE_BITS
_LEAST, _MOST = 1023 - 27, 1023 + 22  # exponent bits of numbers whose sums are taken by splitting
_SHIFT, _SHIFT_BITS = 1.5 * 2.0**52, 0x4338000000000000  # the same number as a double and as its bits
_SPLIT_ROWS = 1 << 12  # parts of 50 bits and a sign, so many of which 63 bits hold
_LOW_BITS = 26  # a 53-bit mantissa is added in two halves, so that int64 partial sums cannot overflow


def exact_integer(value: float) -> int:
    """The finite ``value`` as a multiple of 2**-1074.

    >>> exact_integer(1.0) == 2**1074
    True
    """
    numerator, denominator = value.as_integer_ratio()
    return numerator * (_ONE // denominator)


def nearest_float(total: int) -> float:
    """The double closest to ``total`` * 2**-1074; ±inf beyond the largest one.

    >>> nearest_float(exact_integer(1e16) + exact_integer(1.0) + exact_integer(-1e16))
    1.0
    """
    try:
        return total / _ONE
    except OverflowError:
        return float("inf") if total > 0 else float("-inf")


def exact_weighted_sums(values: NDArray[np.float64], times: NDArray[np.int64]) -> list[int]:
    """Σ times·values for every column of ``times`` without rounding, as multiples of 2**-1074.

    Args:
        values: (n,), finite, fewer than 2**26.
        times: (n, columns) small non-negative integers, below 2**10.
    """
    import numpy as np

    totals = [0] * times.shape[1]
    if values.size == 0:
        return totals
    fractions, exponents = np.frexp(values)
    mantissas = (fractions * 2.0**53).astype(np.int64)
    halves = np.stack([mantissas & ((1 << _LOW_BITS) - 1), mantissas >> _LOW_BITS])
    for exponent in np.unique(exponents).tolist():
        own = np.flatnonzero(exponents == exponent)
        partials = halves[:, own] @ times[own]
        for part, shift in zip(partials.tolist(), (0, _LOW_BITS), strict=True):
            bits = exponent - 53 + shift + SCALE_BITS
            totals = [total + shifted(partial, bits) for total, partial in zip(totals, part, strict=True)]
    return totals


def can_be_split(exponent: int) -> bool:
    """Whether :func:`split_sums` takes numbers with these exponent bits: zeros, and 2**-27 to 2**22."""
    return exponent == 0 or _LEAST <= exponent < _MOST


def split_sums(values: NDArray[np.float64]) -> tuple[int, int]:
    """Σ values and Σ values², each square rounded once, as multiples of 2**-1074.

    Numbers that are 0 or between 2**-27 and 2**22, as nearly all are, are whole numbers of 2**-79, and their
    squares of 2**-106. They are split into parts of fewer than 51 bits, whose sums are those of whole numbers;
    adding 1.5 * 2**52 is what splits, as in :mod:`.kernels.moments`.

    Args:
        values: (n,), see :func:`can_be_split`.
    """
    total = squares = 0
    for first in range(0, len(values), _SPLIT_ROWS):
        some = values[first : first + _SPLIT_ROWS]
        total += _split_sum(some * 2.0**28, (28, 79))
        squares += _split_sum(some * some * 2.0**6, (6, 56, 106))
    return total, squares


def _split_sum(scaled: NDArray[np.float64], bits: tuple[int, ...]) -> int:
    """The sum of numbers scaled by the first power of two, taken apart at each of them."""
    import numpy as np

    total, before = 0, bits[0]
    for scale in bits:
        if scale != before:
            scaled = scaled * 2.0 ** (scale - before)
        whole = scaled + _SHIFT
        part = int((whole.view(np.int64) - _SHIFT_BITS).sum())
        total += part << (SCALE_BITS - scale)
        scaled, before = scaled - (whole - _SHIFT), scale
    return total


def shifted(partial: int, bits: int) -> int:
    """``partial`` * 2**bits; for negative ``bits`` the dropped digits are zeros by construction."""
    return partial << bits if bits >= 0 else partial >> -bits


def encode(total: int) -> str:
    """A short text for ``total``: odd part and power of two, in hexadecimal.

    >>> encode(exact_integer(-6.0)), decode(encode(exact_integer(-6.0))) == exact_integer(-6.0)
    ('-3p433', True)
    """
    if total == 0:
        return "0p0"
    power = (total & -total).bit_length() - 1
    return f"{total >> power:x}p{power:x}"


def decode(text: str) -> int:
    """The inverse of :func:`encode`."""
    odd, _, power = text.partition("p")
    return int(odd, 16) << int(power, 16)
