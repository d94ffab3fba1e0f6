"""Compiled reading of decimal numbers, correctly rounded: the extra ``[fast]`` brings numba.

Up to 19 digits are read as an integer times a power of ten. Small ones are one exact floating-point
operation; the others take a 128-bit product (the Eisel-Lemire method). The few that this cannot decide are
left to Python.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from . import words
from .words import (
    BYTES,
    DOUBLES,
    are_digits,
    double_of,
    eight_digits,
    high_product,
    leading_zeros,
    load_word,
)

_FIRST_POWER, _LAST_POWER = -342, 308
READ, INTEGER, STRANGE, HARD = 0, 1, 2, 3
_MOST_DECIMALS = 24  # that are read at once
_FEW = 12  # digits of numbers that are worth a look at whether they are small
_U: Any = np.uint64
_I: Any = np.int64
SIGNATURE = words.INTEGER(BYTES, words.INTEGER, words.INTEGER, DOUBLES)


def _powers_of_five() -> tuple[Any, Any]:
    """The upper and lower 64 bits of 5**q, scaled to 128 bits, for every q."""
    high, low = [], []
    for power in range(_FIRST_POWER, _LAST_POWER + 1):
        scaled = _scaled_power(power)
        high.append(scaled >> 64)
        low.append(scaled & 0xFFFFFFFFFFFFFFFF)
    return np.array(high, dtype=np.uint64), np.array(low, dtype=np.uint64)


def _scaled_power(power: int) -> int:
    if power >= 0:
        value: int = 5**power
        shift = 128 - value.bit_length()
        return value << shift if shift >= 0 else value >> -shift
    divisor: int = 5**-power
    quotient: int = (1 << (divisor.bit_length() + 256)) // divisor
    # Rounded up, so that the product is never below the true one by more than the method allows.
    return (quotient >> (quotient.bit_length() - 128)) + 1


_HIGH, _LOW = _powers_of_five()
_WHOLE_TENS = np.array([10**power for power in range(9)], dtype=np.int64)
_TENS = np.array([10.0**power for power in range(23)])


@numba.njit(inline="always")
def multiply(one: Any, two: Any) -> Any:
    """The upper and lower half of a 64 x 64 bit product."""
    return high_product(one, two), one * two


@numba.njit
def _scaled(mantissa: Any, power: Any) -> Any:
    """``mantissa`` * 10**``power`` correctly rounded, and whether that is certain."""
    if power < -300 or power > 290:
        return 0.0, False
    zeros = leading_zeros(mantissa)
    w = mantissa << _U(zeros)
    high, low = multiply(w, _HIGH[power - _FIRST_POWER])
    if high & _U(0x1FF) == _U(0x1FF):
        more, _ = multiply(w, _LOW[power - _FIRST_POWER])
        low = low + more
        if more > low:
            high = high + _U(1)
        if low == _U(0xFFFFFFFFFFFFFFFF) and (power < -27 or power > 55):
            return 0.0, False
    upper = np.int64(high >> _U(63))
    shift = _U(upper + 9)
    digits = high >> shift
    exponent = ((217706 * power) >> 16) + 63 + upper - zeros + 1023
    if exponent <= 1 or exponent >= 2045:
        return 0.0, False
    if low <= _U(1) and power >= -4 and power <= 23 and digits & _U(3) == _U(1) and digits << shift == high:
        digits = digits & _U(0xFFFFFFFFFFFFFFFE)
    digits = (digits + (digits & _U(1))) >> _U(1)
    # 53 bits, the highest of which carries into the exponent.
    return double_of((_U(exponent - 1) << _U(52)) + digits), True


@numba.njit(inline="always")
def _padded(raw: Any, at: Any, size: Any) -> Any:
    """At most eight bytes from ``at`` on behind ASCII zeros, as one word."""
    half = _U(4 * size)
    word = (load_word(raw, at) << (_U(32) - half)) << (_U(32) - half)
    return word | ((_U(0x3030303030303030) >> half) >> half)


@numba.njit(inline="always")
def _decimals(raw: Any, at: Any, size: Any, whole: Any) -> Any:
    """Whether ``size`` bytes are digits, and the digits of ``whole`` with them behind; reads 24 bytes.

    Without a branch for each digit, because nobody can foresee how many there will be.
    """
    word = _padded(raw, at, min(size, 8))
    good, mantissa = are_digits(word), whole * _WHOLE_TENS[min(size, 8)] + eight_digits(word)
    if size > 8:
        two, three = min(size - 8, 8), max(size - 16, 0)
        word, last = _padded(raw, at + 8, two), _padded(raw, at + 16, three)
        good = good & are_digits(word) & are_digits(last)
        mantissa = mantissa * _WHOLE_TENS[two] + eight_digits(word)
        mantissa = mantissa * _WHOLE_TENS[three] + eight_digits(last)
    return good, mantissa


@numba.njit
def read_number(raw: Any, start: Any, end: Any) -> Any:
    """Read the word ``raw[start:end]``: a status, and the number.

    READ is a real, INTEGER digits only, HARD is for Python to decide, STRANGE is no number.
    """
    at = start
    negative = at < end and raw[at] == 45
    at += at < end and (raw[at] == 45 or raw[at] == 43)
    first, mantissa = at, _I(0)
    while at < end:
        digit = _I(raw[at]) - 48
        if digit < 0 or digit > 9:
            break
        mantissa = mantissa * 10 + digit
        at += 1
    digits, decimals = at - first, 0
    real = at < end and raw[at] == 46
    if real:
        at += 1
        point = at
        left = end - at
        if left <= _MOST_DECIMALS:
            good, fine = _decimals(raw, at, left, mantissa)
            if good:
                mantissa, at = fine, end
        while at < end:
            digit = _I(raw[at]) - 48
            if digit < 0 or digit > 9:
                break
            mantissa = mantissa * 10 + digit
            at += 1
        decimals = at - point
        digits += decimals
    if digits == 0:
        return STRANGE, 0.0
    power = -decimals
    if at < end:
        exponent, status = _exponent(raw, at, end)
        if status != READ:
            return status, 0.0
        power += exponent
        real = True
    large = _U(mantissa)
    if digits > 19 + (raw[first] == 48):
        large, digits = _long_mantissa(raw, first, end)
        if digits > 19:
            return HARD, 0.0
    if large == _U(0):
        value = 0.0
    elif digits <= _FEW and power >= -22 and power <= 22:
        value = np.float64(large)
        value = value * _TENS[power] if power >= 0 else value / _TENS[-power]
    else:
        value, certain = _scaled(large, power)
        if not certain:
            return HARD, 0.0
    return (READ if real else INTEGER), (-value if negative else value)


@numba.njit
def _exponent(raw: Any, at: Any, end: Any) -> Any:
    """What stands behind the digits, from ``e`` on."""
    if raw[at] != 101 and raw[at] != 69:
        return 0, STRANGE
    at += 1
    sign = 1
    if at < end and (raw[at] == 45 or raw[at] == 43):
        sign = -1 if raw[at] == 45 else 1
        at += 1
    if at >= end:
        return 0, STRANGE
    if end - at > 4:
        return 0, HARD
    exponent = 0
    while at < end:
        if raw[at] < 48 or raw[at] > 57:
            return 0, STRANGE
        exponent = exponent * 10 + (_I(raw[at]) - 48)
        at += 1
    return sign * exponent, READ


@numba.njit
def _long_mantissa(raw: Any, at: Any, end: Any) -> Any:
    """The digits of a long number without its leading zeros, and how many they are."""
    mantissa, digits = _U(0), 0
    while at < end and raw[at] != 101 and raw[at] != 69:
        if raw[at] != 46:
            if digits < 19:
                mantissa = mantissa * _U(10) + _U(raw[at] - 48)
            if digits > 0 or raw[at] != 48:
                digits += 1
        at += 1
    return mantissa, digits


def read_decimal(raw: Any, start: Any, end: Any, out: Any) -> Any:
    """:func:`read_number` for those outside: the status, and the number in ``out``."""
    status, out[0] = read_number(raw, start, end)
    return status
