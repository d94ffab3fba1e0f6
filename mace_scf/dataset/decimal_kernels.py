"""Compiled reading of decimal numbers, correctly rounded: the extra ``[fast]`` brings numba.

Up to 19 digits are read as an integer times a power of ten. Small ones are one exact floating-point
operation; the others take a 128-bit product (the Eisel-Lemire method). The few that this cannot decide are
left to Python.
"""

from __future__ import annotations

import numba
import numpy as np

_FIRST_POWER, _LAST_POWER = -342, 308
READ, INTEGER, STRANGE, HARD = 0, 1, 2, 3
_U = np.uint64


def _powers_of_five() -> tuple[np.ndarray, np.ndarray]:
    """The upper and lower 64 bits of 5**q, scaled to 128 bits, for every q."""
    high, low = [], []
    for power in range(_FIRST_POWER, _LAST_POWER + 1):
        scaled = _scaled_power(power)
        high.append(scaled >> 64)
        low.append(scaled & 0xFFFFFFFFFFFFFFFF)
    return np.array(high, dtype=np.uint64), np.array(low, dtype=np.uint64)


def _scaled_power(power: int) -> int:
    if power >= 0:
        value = 5**power
        return value << (128 - value.bit_length()) if value.bit_length() <= 128 else value >> (
            value.bit_length() - 128
        )
    divisor = 5**-power
    quotient = (1 << (divisor.bit_length() + 256)) // divisor
    # Rounded up, so that the product is never below the true one by more than the method allows.
    return (quotient >> (quotient.bit_length() - 128)) + 1


_HIGH, _LOW = _powers_of_five()
_TENS = np.array([10.0**power for power in range(23)])


@numba.njit(cache=True, inline="always")
def _multiply(one, two):  # type: ignore[no-untyped-def]
    """The upper and lower half of a 64 x 64 bit product."""
    mask, shift = _U(0xFFFFFFFF), _U(32)
    a, b, c, d = one >> shift, one & mask, two >> shift, two & mask
    low, middle_one, middle_two = b * d, a * d, b * c
    middle = (low >> shift) + (middle_one & mask) + (middle_two & mask)
    high = a * c + (middle_one >> shift) + (middle_two >> shift) + (middle >> shift)
    return high, (middle << shift) | (low & mask)


@numba.njit(cache=True)
def _scaled(mantissa, power):  # type: ignore[no-untyped-def]
    """Bits of ``mantissa`` * 10**``power``, and whether they are certain."""
    if power < -300 or power > 290:
        return np.int64(0), False
    zeros = 0
    w = mantissa
    while w & _U(0x8000000000000000) == _U(0):
        w = w << _U(1)
        zeros += 1
    high, low = _multiply(w, _HIGH[power - _FIRST_POWER])
    if high & _U(0x1FF) == _U(0x1FF):
        more, _ = _multiply(w, _LOW[power - _FIRST_POWER])
        low = low + more
        if more > low:
            high = high + _U(1)
        if low == _U(0xFFFFFFFFFFFFFFFF) and (power < -27 or power > 55):
            return np.int64(0), False
    upper = np.int64(high >> _U(63))
    shift = _U(upper + 9)
    digits = high >> shift
    exponent = ((217706 * power) >> 16) + 63 + upper - zeros + 1023
    if exponent <= 0 or exponent >= 2046:
        return np.int64(0), False
    if low <= _U(1) and power >= -4 and power <= 23 and digits & _U(3) == _U(1) and digits << shift == high:
        digits = digits & _U(0xFFFFFFFFFFFFFFFE)
    digits = (digits + (digits & _U(1))) >> _U(1)
    if digits >= _U(0x20000000000000):
        digits = _U(0x10000000000000)
        exponent += 1
    return np.int64(digits & _U(0xFFFFFFFFFFFFF)) | (np.int64(exponent) << np.int64(52)), True


@numba.njit(cache=True)
def read_number(raw, start, end, cell):  # type: ignore[no-untyped-def]
    """Read the word ``raw[start:end]`` into ``cell[0]``.

    Returns READ for a real, INTEGER for digits only, HARD where Python must decide, STRANGE for no number.
    """
    at = start
    negative = False
    if at < end and (raw[at] == 45 or raw[at] == 43):
        negative = raw[at] == 45
        at += 1
    mantissa = _U(0)
    digits, point, seen = 0, -1, False
    while at < end:
        byte = raw[at]
        if byte >= 48 and byte <= 57:
            seen = True
            if digits < 19:
                mantissa = mantissa * _U(10) + _U(byte - 48)
            if digits > 0 or byte != 48:
                digits += 1
        elif byte == 46 and point < 0:
            point = at
        else:
            break
        at += 1
    if not seen:
        return STRANGE
    decimals = at - point - 1 if point >= 0 else 0
    power = -decimals
    integer = point < 0
    if at < end:
        if raw[at] != 101 and raw[at] != 69:
            return STRANGE
        at += 1
        sign = 1
        if at < end and (raw[at] == 45 or raw[at] == 43):
            sign = -1 if raw[at] == 45 else 1
            at += 1
        if at >= end or end - at > 4:
            return STRANGE if at >= end else HARD
        exponent = 0
        while at < end:
            if raw[at] < 48 or raw[at] > 57:
                return STRANGE
            exponent = exponent * 10 + (raw[at] - 48)
            at += 1
        power += sign * exponent
        integer = False
    if digits > 19:
        return HARD
    if mantissa == _U(0):
        cell[0] = -0.0 if negative else 0.0
    elif mantissa <= _U(0x20000000000000) and power >= -22 and power <= 22:
        value = np.float64(mantissa)
        value = value * _TENS[power] if power >= 0 else value / _TENS[-power]
        cell[0] = -value if negative else value
    else:
        bits, certain = _scaled(mantissa, power)
        if not certain:
            return HARD
        cell.view(np.int64)[0] = bits
        if negative:
            cell[0] = -cell[0]
    return INTEGER if integer else READ


def parse_decimal(word: bytes) -> float | None:
    """One word as a number, ``None`` for no number; for tests."""
    cell = np.zeros(1)
    status = read_number(np.frombuffer(word, dtype=np.uint8), 0, len(word), cell)
    if status == STRANGE:
        return None
    return float(word) if status == HARD else float(cell[0])
