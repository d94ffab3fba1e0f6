"""Sixty-four bytes at a time: which of them are line ends, blanks, quotes, and where the next one is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .words import count_bits, lowest_bit

_U: Any = np.uint64
STEP = 64  # bytes that a mask covers


def _mask(chosen: Callable[[Any, Any], Any]) -> Any:
    """A function of bytes and an index: one bit for each of 64 bytes from there on, whether it is chosen.

    Args:
        chosen: writes the code that tells it, for a vector of bytes.
    """

    @intrinsic
    def mask(typing_context: Any, pointer: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            vector = ir.VectorType(ir.IntType(8), STEP)
            address = builder.gep(arguments[0], [arguments[1]])
            found = builder.load(builder.bitcast(address, vector.as_pointer()))
            found.align = 1
            return builder.bitcast(chosen(builder, found), ir.IntType(STEP))

        return types.uint64(pointer, types.int64), generate

    return mask


def _any_of(signs: bytes) -> Callable[[Any, Any], Any]:
    def chosen(builder: Any, found: Any) -> Any:
        one_by_one = [
            builder.icmp_unsigned("==", found, ir.Constant(found.type, [sign] * STEP)) for sign in signs
        ]
        return functools.reduce(builder.or_, one_by_one)

    return chosen


def _below(bound: int) -> Callable[[Any, Any], Any]:
    """Bytes beyond ASCII are negative."""

    def chosen(builder: Any, found: Any) -> Any:
        return builder.icmp_signed("<", found, ir.Constant(found.type, [bound] * STEP))

    return chosen


def _strange(builder: Any, found: Any) -> Any:
    """What has no place in an ordinary value."""
    control = builder.and_(_below(32)(builder, found), builder.not_(_any_of(b"\t")(builder, found)))
    return builder.or_(_any_of(b"\\'{}[]\x7f")(builder, found), control)


newline_mask = _mask(_any_of(b"\n"))
quote_mask = _mask(_any_of(b'"'))
space_mask = _mask(_any_of(b" "))
point_mask = _mask(_any_of(b"."))
blank_mask = _mask(_any_of(b" \t\r"))
high_mask = _mask(_below(0))  # beyond ASCII
strange_mask = _mask(_strange)


def _first(mask: Any) -> Any:
    """A function of bytes, a beginning and an end: offset of the first byte of a mask, or the end if there is none.

    It reads 63 bytes further.
    """

    @numba.njit(inline="always")
    def first(raw: Any, at: Any, size: Any) -> Any:
        while at < size:
            found = mask(raw, at)
            if found != _U(0):
                return min(at + lowest_bit(found), size)
            at += STEP
        return size

    return first


line_end = _first(newline_mask)
word_end = _first(space_mask)


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
