"""Many bytes at a time: loads from any address, masks of bytes, and eight decimal digits as one number."""

from __future__ import annotations

import functools
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_U: Any = np.uint64
STEP = 64  # bytes that a mask covers
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
def _newline_mask(typing_context: Any, pointer: Any, index: Any) -> Any:
    """One bit for each of 64 bytes from ``index`` on: whether it is a line end."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), STEP)
        address = builder.gep(arguments[0], [arguments[1]])
        found = builder.load(builder.bitcast(address, vector.as_pointer()))
        found.align = 1
        equal = builder.icmp_unsigned("==", found, ir.Constant(vector, [10] * STEP))
        return builder.bitcast(equal, ir.IntType(STEP))

    return types.uint64(pointer, types.int64), generate


@intrinsic
def _high_mask(typing_context: Any, pointer: Any, index: Any) -> Any:
    """One bit for each of 64 bytes from ``index`` on: whether it is beyond ASCII."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), STEP)
        address = builder.gep(arguments[0], [arguments[1]])
        found = builder.load(builder.bitcast(address, vector.as_pointer()))
        found.align = 1
        negative = builder.icmp_signed("<", found, ir.Constant(vector, [0] * STEP))
        return builder.bitcast(negative, ir.IntType(STEP))

    return types.uint64(pointer, types.int64), generate


def _equal_to_any(builder: Any, found: Any, signs: bytes) -> Any:
    """For each byte of a vector whether it is one of these."""
    one_by_one = [
        builder.icmp_unsigned("==", found, ir.Constant(found.type, [sign] * STEP)) for sign in signs
    ]
    return functools.reduce(builder.or_, one_by_one)


def _loaded(builder: Any, pointer: Any, index: Any) -> Any:
    vector = ir.VectorType(ir.IntType(8), STEP)
    found = builder.load(builder.bitcast(builder.gep(pointer, [index]), vector.as_pointer()))
    found.align = 1
    return found


@intrinsic
def _quote_mask(typing_context: Any, pointer: Any, index: Any) -> Any:
    """One bit for each of 64 bytes: whether it is a double quote."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(_equal_to_any(builder, _loaded(builder, *arguments), b'"'), ir.IntType(STEP))

    return types.uint64(pointer, types.int64), generate


@intrinsic
def _space_mask(typing_context: Any, pointer: Any, index: Any) -> Any:
    """One bit for each of 64 bytes: whether it is a space."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(_equal_to_any(builder, _loaded(builder, *arguments), b" "), ir.IntType(STEP))

    return types.uint64(pointer, types.int64), generate


@intrinsic
def _blank_mask(typing_context: Any, pointer: Any, index: Any) -> Any:
    """One bit for each of 64 bytes: whether it is a blank, a tab, or a carriage return."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(
            _equal_to_any(builder, _loaded(builder, *arguments), b" \t\r"), ir.IntType(STEP)
        )

    return types.uint64(pointer, types.int64), generate


@intrinsic
def _strange_mask(typing_context: Any, pointer: Any, index: Any) -> Any:
    """One bit for each of 64 bytes: whether it has no place in an ordinary value."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = _loaded(builder, *arguments)
        few = _equal_to_any(builder, found, b"\\'{}[]\x7f")
        # Bytes beyond ASCII are negative.
        control = builder.icmp_signed("<", found, ir.Constant(found.type, [32] * STEP))
        tab = _equal_to_any(builder, found, b"\t")
        strange = builder.or_(few, builder.and_(control, builder.not_(tab)))
        return builder.bitcast(strange, ir.IntType(STEP))

    return types.uint64(pointer, types.int64), generate


@intrinsic
def _prefetch(typing_context: Any, pointer: Any, index: Any) -> Any:
    """Has the processor fetch the bytes around ``index`` while it does something else."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = ir.IntType(32)
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function: Any = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            builder.module, kind, "llvm.prefetch.p0i8"
        )
        flags = (ir.Constant(number, flag) for flag in (0, 3, 1))  # to read, soon and often, data
        builder.call(function, [builder.gep(arguments[0], [arguments[1]]), *flags])
        return context.get_constant(types.int64, 0)

    return types.int64(pointer, types.int64), generate


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
newline_mask: Any = _newline_mask
high_mask: Any = _high_mask
quote_mask: Any = _quote_mask
space_mask: Any = _space_mask
blank_mask: Any = _blank_mask
strange_mask: Any = _strange_mask
count_bits: Any = _count_bits
lowest_bit: Any = _lowest_bit
prefetch: Any = _prefetch
leading_zeros: Any = _leading_zeros
high_product: Any = _high_product


@numba.njit(inline="always")
def line_end(raw: Any, at: Any, size: Any) -> Any:
    """Offset of the first line end from ``at`` on, ``size`` if there is none; reads 63 bytes further."""
    while at < size:
        mask = newline_mask(raw, at)
        if mask != _U(0):
            return min(at + lowest_bit(mask), size)
        at += STEP
    return size


@numba.njit(inline="always")
def word_end(raw: Any, at: Any, size: Any) -> Any:
    """Offset of the first space from ``at`` on, ``size`` if there is none; reads 63 bytes further."""
    while at < size:
        mask = space_mask(raw, at)
        if mask != _U(0):
            return min(at + lowest_bit(mask), size)
        at += STEP
    return size


@numba.njit(inline="always")
def count_lines(raw: Any, at: Any, end: Any) -> Any:
    """How many line ends lie between two offsets, and a word that is not 0 if a byte is beyond ASCII."""
    count, high = 0, _U(0)
    while at + STEP <= end:
        count += count_bits(newline_mask(raw, at))
        high |= high_mask(raw, at)
        at += STEP
    if at < end:
        kept = (_U(1) << _U(end - at)) - _U(1)
        count += count_bits(newline_mask(raw, at) & kept)
        high |= high_mask(raw, at) & kept
    return count, high


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


@numba.njit(inline="always")
def read_cell(raw: Any, at: Any) -> Any:
    """A number as ASE writes it, `` %16.8f``, in the 17 bytes from ``at`` on: good or not, negative or not,
    and its digits in units of 1e-8.

    No branch depends on how many digits there are: which is what makes it fast.
    """
    word, decimals = load_word(raw, at), load_word(raw, at + 9)
    digit = ((word >> _U(4)) & _U(0x0101010101010101)) * _U(0xFF)  # bit 4 tells digits from blank and minus
    before = ~digit
    end = before + _U(1)
    whole = (word & digit) | (_U(0x3030303030303030) & before)
    odd = (word ^ _U(0x2020202020202020)) & before
    minus = _U(0x0D) * (end >> _U(8))
    aligned = (before & end == _U(0)) & (before != _U(0)) & (before >> _U(56) == _U(0))
    signed = (odd == _U(0)) | ((odd == minus) & (before != _U(0xFF)))
    good = aligned & signed & (raw[at + 8] == 46) & (raw[at] == 32) & are_digits(whole) & are_digits(decimals)
    return good, odd != _U(0), eight_digits(whole) * 100000000 + eight_digits(decimals)
