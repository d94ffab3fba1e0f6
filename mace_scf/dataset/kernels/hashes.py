"""The 64-bit XXH3 hash of longer texts, as the package xxhash has it.

Eight lanes of 64 bits take in 64 bytes at a time; see the specification of xxHash, section XXH3. Texts of up
to 240 bytes are hashed in other ways there, and left to Python.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from .decimals import multiply
from .words import load_word

SHORT = 240  # bytes that are left to Python
LANES, STRIPE, SECRET = 8, 64, 192
_STRIPES = (SECRET - STRIPE) // 8  # between two scrambles
_U: Any = np.uint64
_MERGED, _LAST = 11, SECRET - STRIPE - 7  # where the secret is read for the end
_PRIME_1: Any = np.uint64(0x9E3779B185EBCA87)
_PRIME_2: Any = np.uint64(0xC2B2AE3D27D4EB4F)
_PRIME_3: Any = np.uint64(0x165667B19E3779F9)
_PRIME_4: Any = np.uint64(0x85EBCA77C2B2AE63)
_PRIME_5: Any = np.uint64(0x27D4EB2F165667C5)
_SMALL_1: Any = np.uint64(0x9E3779B1)
_SMALL_2: Any = np.uint64(0x85EBCA77)
_SMALL_3: Any = np.uint64(0xC2B2AE3D)
_MIX: Any = np.uint64(0x165667919E3779F9)


@intrinsic
def _accumulate(
    typing_context: Any, lanes: Any, raw: Any, index: Any, secret: Any, offset: Any, count: Any
) -> Any:
    """Takes ``count`` stripes of ``raw`` into the lanes; the secret moves on by 8 bytes each time."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lanes, raw, index, secret, offset, count = arguments
        word = ir.IntType(64)
        vector = ir.VectorType(word, LANES)
        low = ir.Constant(vector, [0xFFFFFFFF] * LANES)
        half = ir.Constant(vector, [32] * LANES)
        swap = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [lane ^ 1 for lane in range(LANES)])

        def load(pointer: Any, place: Any) -> Any:
            address = builder.bitcast(builder.gep(pointer, [place]), vector.as_pointer())
            found = builder.load(address)
            found.align = 1
            return found

        held: Any = cgutils.alloca_once(builder, vector)  # type: ignore[no-untyped-call]
        start = builder.bitcast(lanes, vector.as_pointer())
        before = builder.load(start)
        before.align = 1
        builder.store(before, held)
        with cgutils.for_range(builder, count) as loop:
            data = load(raw, builder.add(index, builder.mul(loop.index, ir.Constant(word, STRIPE))))
            key = load(secret, builder.add(offset, builder.mul(loop.index, ir.Constant(word, 8))))
            mixed = builder.xor(data, key)
            product = builder.mul(builder.and_(mixed, low), builder.lshr(mixed, half))
            swapped = builder.shuffle_vector(data, ir.Constant(vector, ir.Undefined), swap)
            builder.store(builder.add(builder.load(held), builder.add(swapped, product)), held)
        stored = builder.store(builder.load(held), start)
        stored.align = 1
        return context.get_constant(types.int64, 0)

    return types.int64(lanes, raw, types.int64, secret, types.int64, types.int64), generate


accumulate: Any = _accumulate


@numba.njit
def hash_text(raw: Any, at: Any, size: Any, secret: Any, lanes: Any, hashes: Any, place: Any) -> Any:
    """Writes the hash of ``size`` bytes; 0 if there are too few of them.

    Args:
        raw, at, size: the bytes, where they begin, and how many.
        secret: SECRET bytes of the method.
        lanes: LANES numbers of scratch.
        hashes, place: out, and where in it.
    """
    if size <= SHORT:
        return 0
    lanes[0], lanes[1], lanes[2], lanes[3] = _SMALL_3, _PRIME_1, _PRIME_2, _PRIME_3
    lanes[4], lanes[5], lanes[6], lanes[7] = _PRIME_4, _SMALL_2, _PRIME_5, _SMALL_1
    block, end = np.int64(_STRIPES * STRIPE), at + size
    while at + block < end:
        accumulate(lanes, raw, at, secret, np.int64(0), np.int64(_STRIPES))
        for lane in range(LANES):
            value = lanes[lane]
            value = value ^ (value >> _U(47)) ^ load_word(secret, SECRET - STRIPE + 8 * lane)
            lanes[lane] = value * _SMALL_1
        at += block
    accumulate(lanes, raw, at, secret, np.int64(0), (end - 1 - at) // STRIPE)
    accumulate(lanes, raw, end - STRIPE, secret, np.int64(_LAST), np.int64(1))
    total = _U(size) * _PRIME_1
    for pair in range(LANES // 2):
        first = lanes[2 * pair] ^ load_word(secret, _MERGED + 16 * pair)
        second = lanes[2 * pair + 1] ^ load_word(secret, _MERGED + 16 * pair + 8)
        high, low = multiply(first, second)
        total += high ^ low
    total = (total ^ (total >> _U(37))) * _MIX
    hashes[place] = total ^ (total >> _U(32))
    return 1
