"""Many bytes at a time: loads from any address, bits, and eight decimal digits as one number."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

_U: Any = np.uint64
_pointer: Any = types.CPointer
BYTES, INTEGERS, DOUBLES, WORDS = map(_pointer, (types.uint8, types.int64, types.float64, types.uint64))
SHORTS, COUNTS = map(_pointer, (types.int16, types.int32))
INTEGER: Any = types.int64


@intrinsic
def _load_word(typing_context: Any, pointer: Any, index: Any) -> Any:
    """The 8 bytes from ``index`` on as one little-endian number, whatever the alignment."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = builder.gep(arguments[0], [arguments[1]])
        word = builder.load(builder.bitcast(address, ir.IntType(64).as_pointer()))
        word.align = 1
        return word

    return types.uint64(pointer, types.int64), generate


@intrinsic
def _count_bits(typing_context: Any, word: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@intrinsic
def _lowest_bit(typing_context: Any, word: Any) -> Any:
    """How many zeros stand below the lowest bit; the word is not 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@intrinsic
def _leading_zeros(typing_context: Any, word: Any) -> Any:
    """How many zeros stand above the highest bit; the word is not 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@intrinsic
def _high_product(typing_context: Any, one: Any, two: Any) -> Any:
    """The upper 64 bits of a 64 x 64 bit product."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        one, two = (builder.zext(argument, wide) for argument in arguments)
        product = builder.lshr(builder.mul(one, two), ir.Constant(wide, 64))
        return builder.trunc(product, ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


@intrinsic
def _double_of(typing_context: Any, bits: Any) -> Any:
    """The double with these 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.uint64), generate


@intrinsic
def _bits_of(typing_context: Any, value: Any) -> Any:
    """The 64 bits of a double."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


load_word: Any = _load_word
double_of: Any = _double_of
bits_of: Any = _bits_of
count_bits: Any = _count_bits
lowest_bit: Any = _lowest_bit
leading_zeros: Any = _leading_zeros
high_product: Any = _high_product


@numba.njit(inline="always")
def are_equal(one: Any, at: Any, other: Any, start: Any, size: Any) -> Any:
    """Whether ``size`` bytes are the same; reads up to 7 bytes further."""
    step = 0
    while step + 8 <= size:
        if load_word(one, at + step) != load_word(other, start + step):
            return False
        step += 8
    if step == size:
        return True
    kept = (_U(1) << _U(8 * (size - step))) - _U(1)
    return (load_word(one, at + step) ^ load_word(other, start + step)) & kept == _U(0)


@numba.njit(inline="always")
def are_digits(word: Any) -> Any:
    """Whether all eight bytes are ASCII digits."""
    high = word & _U(0xF0F0F0F0F0F0F0F0)
    carried = (word + _U(0x0606060606060606)) & _U(0xF0F0F0F0F0F0F0F0)
    return high == _U(0x3030303030303030) and carried == _U(0x3030303030303030)


@numba.njit(inline="always")
def eight_digits(word: Any) -> Any:
    """The number that eight ASCII digits spell: pairs, then fours, then all."""
    word = word - _U(0x3030303030303030)
    word = (word * _U(10)) + (word >> _U(8))
    low = (word & _U(0x000000FF000000FF)) * _U(0x000F424000000064)
    high = ((word >> _U(16)) & _U(0x000000FF000000FF)) * _U(0x0000271000000001)
    return np.int64((low + high) >> _U(32))
