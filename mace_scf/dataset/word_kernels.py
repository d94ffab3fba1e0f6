"""Eight bytes at a time: loads from any address, and eight decimal digits as one number."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_U: Any = np.uint64


@intrinsic
def _load_word(typing_context: Any, array: Any, index: Any) -> Any:
    """The 8 bytes of ``array`` from ``index`` on as one little-endian number, whatever the alignment."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        proxy: Any = cgutils.create_struct_proxy
        view = proxy(signature.args[0])(context, builder, value=arguments[0])
        address = builder.bitcast(builder.gep(view.data, [arguments[1]]), ir.IntType(64).as_pointer())
        word = builder.load(address)
        word.align = 1
        return word

    return types.uint64(array, types.int64), generate


load_word: Any = _load_word


@numba.njit(cache=True, inline="always")
def are_digits(word: Any) -> Any:
    """Whether all eight bytes are ASCII digits."""
    high = word & _U(0xF0F0F0F0F0F0F0F0)
    carried = (word + _U(0x0606060606060606)) & _U(0xF0F0F0F0F0F0F0F0)
    return high == _U(0x3030303030303030) and carried == _U(0x3030303030303030)


@numba.njit(cache=True, inline="always")
def eight_digits(word: Any) -> Any:
    """The number that eight ASCII digits spell: pairs, then fours, then all."""
    word = word - _U(0x3030303030303030)
    word = (word * _U(10)) + (word >> _U(8))
    low = (word & _U(0x000000FF000000FF)) * _U(0x000F424000000064)
    high = ((word >> _U(16)) & _U(0x000000FF000000FF)) * _U(0x0000271000000001)
    return np.int64((low + high) >> _U(32))


@numba.njit(cache=True, inline="always")
def right_aligned_digits(word: Any) -> Any:
    """The number spelt by blanks, perhaps a minus, and digits; its sign, 0 for anything else.

    No branch depends on how many digits there are: which is what makes it fast.
    """
    digit = ((word >> _U(4)) & _U(0x0101010101010101)) * _U(0xFF)  # bit 4 tells digits from blank and minus
    before = ~digit
    end = before + _U(1)
    whole = (word & digit) | (_U(0x3030303030303030) & before)
    odd = (word ^ _U(0x2020202020202020)) & before
    minus = _U(0x0D) * (end >> _U(8))
    aligned = before & end == _U(0) and before != _U(0) and before >> _U(56) == _U(0)
    good = aligned and are_digits(whole) and (odd == _U(0) or (odd == minus and before != _U(0xFF)))
    sign = 1.0 if odd == _U(0) else -1.0
    return eight_digits(whole), (sign if good else 0.0)


@numba.njit(cache=True)
def find_newlines(raw: Any, out: Any) -> Any:
    """Write the offsets of all line ends into ``out``; how many."""
    ones, highs, newlines = _U(0x0101010101010101), _U(0x8080808080808080), _U(0x0A0A0A0A0A0A0A0A)
    count, at, size = 0, 0, len(raw)
    while at + 32 <= size:
        found = _U(0)
        for step in range(4):
            word = load_word(raw, at + 8 * step) ^ newlines
            found |= (word - ones) & ~word & highs
        if found != _U(0):
            for place in range(at, at + 32):
                if raw[place] == 10:
                    out[count] = place
                    count += 1
        at += 32
    while at < size:
        if raw[at] == 10:
            out[count] = at
            count += 1
        at += 1
    return count
