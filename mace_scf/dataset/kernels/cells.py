"""Numbers as ASE writes them, `` %16.8f``: 17 bytes each, one or eight lines at a time.

No branch depends on how many digits there are: which is what makes it fast.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .masks import STEP, point_mask, space_mask
from .words import are_digits, eight_digits, load_word

CELL, SYMBOL = 17, 2  # bytes: a line is ``%-2s`` and cells
LANES = 8  # lines that are read at once
POINT = 8  # where it stands in a cell
_UNIT = 1e8  # a cell is a whole number of 1e-8 with at most 15 digits: one division rounds correctly
_U: Any = np.uint64


@numba.njit(inline="always")
def read_cell(raw: Any, at: Any) -> Any:
    """The cell that begins at ``at``: good or not, and its number; blank and point are looked at elsewhere."""
    word, decimals = load_word(raw, at), load_word(raw, at + 9)
    digit = ((word >> _U(4)) & _U(0x0101010101010101)) * _U(0xFF)  # bit 4 tells digits from blank and minus
    before = ~digit
    end = before + _U(1)
    whole = (word & digit) | (_U(0x3030303030303030) & before)
    odd = (word ^ _U(0x2020202020202020)) & before
    minus = _U(0x0D) * (end >> _U(8))
    aligned = (before & end == _U(0)) & (before != _U(0)) & (before >> _U(56) == _U(0))
    signed = (odd == _U(0)) | ((odd == minus) & (before != _U(0xFF)))
    number = np.float64(eight_digits(whole) * 100000000 + eight_digits(decimals)) / _UNIT
    good = aligned & signed & are_digits(whole) & are_digits(decimals)
    return good, (-number if odd != _U(0) else number)


@numba.njit(inline="always")
def are_separated(raw: Any, at: Any, blanks: Any, points: Any, masks: Any) -> Any:
    """Whether a line has a symbol, and a blank and a point wherever cells want them; reads 63 bytes further.

    Args:
        raw, at: bytes, and where the line begins.
        blanks, points, masks: one bit for each byte where there must be one, and how many times 64 bytes these are.
    """
    good = (raw[at] > 32) & (raw[at] < 127) & (raw[at + 1] >= 32) & (raw[at + 1] < 127)
    for mask in range(masks):
        good &= blanks[mask] & ~space_mask(raw, at + mask * STEP) == _U(0)
        good &= points[mask] & ~point_mask(raw, at + mask * STEP) == _U(0)
    return good


@intrinsic
def _read_lanes(typing_context: Any, raw: Any, at: Any, width: Any, out: Any, place: Any) -> Any:
    """The cells at the same place of LANES lines; the numbers in ``out``, and 1 if all are good.

    What :func:`read_cell` does, for a vector, apart from the blank and the point.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        raw, at, width, out, place = arguments
        good, numbers = _numbers(_Lanes(builder), raw, at, width)
        address = builder.bitcast(builder.gep(out, [place]), numbers.type.as_pointer())
        builder.store(numbers, address).align = 8
        packed = builder.bitcast(good, ir.IntType(LANES))
        every = builder.icmp_unsigned("==", packed, ir.Constant(packed.type, (1 << LANES) - 1))
        return builder.zext(every, ir.IntType(64))

    return types.int64(raw, types.int64, types.int64, out, types.int64), generate


read_lanes: Any = _read_lanes


class _Lanes:
    """Writes code for vectors of LANES words."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        self.word = ir.IntType(64)
        self.vector = ir.VectorType(self.word, LANES)

    def constant(self, value: int) -> Any:
        return ir.Constant(self.vector, [value] * LANES)

    def all_bytes(self, value: int) -> Any:
        return self.constant(value * 0x0101010101010101)

    def loaded(self, raw: Any, at: Any, width: Any) -> Any:
        """One word of every line."""
        builder, found = self.builder, ir.Constant(self.vector, ir.Undefined)
        for lane in range(LANES):
            step = builder.mul(width, ir.Constant(self.word, lane))
            address = builder.gep(raw, [builder.add(at, step)])
            one = builder.load(builder.bitcast(address, self.word.as_pointer()))
            one.align = 1
            found = builder.insert_element(found, one, ir.Constant(ir.IntType(32), lane))
        return found

    def left(self, words: Any, bits: int) -> Any:
        return self.builder.shl(words, self.constant(bits))

    def right(self, words: Any, bits: int) -> Any:
        return self.builder.lshr(words, self.constant(bits))

    def is_zero(self, words: Any) -> Any:
        return self.builder.icmp_unsigned("==", words, self.constant(0))

    def not_digits(self, words: Any) -> Any:
        """Words that are 0 where all eight bytes are digits."""
        builder = self.builder
        high = builder.xor(builder.and_(words, self.all_bytes(0xF0)), self.all_bytes(0x30))
        carried = builder.and_(builder.add(words, self.all_bytes(0x06)), self.all_bytes(0xF0))
        return builder.or_(high, builder.xor(carried, self.all_bytes(0x30)))

    def number(self, words: Any) -> Any:
        """The numbers that eight digits each spell: pairs, then fours, then all; products of 32 bits only."""
        builder = self.builder
        words = builder.sub(words, self.all_bytes(0x30))
        pairs = builder.add(builder.mul(words, self.constant(10)), self.right(words, 8))
        pairs = builder.and_(pairs, self.constant(0x00FF00FF00FF00FF))
        fours = builder.add(builder.mul(pairs, self.constant(100)), self.right(pairs, 16))
        fours = builder.and_(fours, self.constant(0x0000FFFF0000FFFF))
        first = builder.and_(fours, self.constant(0xFFFFFFFF))
        return builder.add(builder.mul(first, self.constant(10_000)), self.right(fours, 32))


def _numbers(lanes: _Lanes, raw: Any, at: Any, width: Any) -> tuple[Any, Any]:
    """Code for one cell of every line: whether it is good, and its number."""
    builder = lanes.builder
    words = lanes.loaded(raw, at, width)
    decimals = lanes.loaded(raw, builder.add(at, ir.Constant(lanes.word, POINT + 1)), width)
    bits = builder.and_(lanes.right(words, 4), lanes.all_bytes(1))
    digit = builder.sub(lanes.left(bits, 8), bits)
    before = builder.not_(digit)
    end = builder.add(before, lanes.constant(1))
    whole = builder.or_(builder.and_(words, digit), builder.and_(lanes.all_bytes(0x30), before))
    odd = builder.and_(builder.xor(words, lanes.all_bytes(0x20)), before)
    minus = builder.mul(lanes.right(end, 8), lanes.constant(0x0D))
    negative = builder.icmp_unsigned("!=", odd, lanes.constant(0))
    wrong_sign = builder.and_(negative, builder.icmp_unsigned("!=", odd, minus))
    # A sign before eight digits would have no byte of its own; the first byte is a blank anyway.
    wrong = builder.or_(builder.and_(before, end), lanes.right(before, 56))
    wrong = builder.or_(wrong, builder.or_(lanes.not_digits(whole), lanes.not_digits(decimals)))
    good = builder.and_(lanes.is_zero(wrong), builder.not_(wrong_sign))
    good = builder.and_(good, builder.icmp_unsigned("!=", before, lanes.constant(0)))
    total = builder.mul(lanes.number(whole), lanes.constant(100_000_000))
    total = builder.add(total, lanes.number(decimals))
    doubles = ir.VectorType(ir.DoubleType(), LANES)
    found = builder.sitofp(total, doubles)
    found = builder.select(negative, builder.fneg(found), found)
    return good, builder.fdiv(found, ir.Constant(doubles, [_UNIT] * LANES))
