"""Content hashes: xxHash where it is installed (extra ``[fast]``), BLAKE2 otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol

import attrs

Buffer = bytes | bytearray | memoryview


class Running(Protocol):
    """A hash that is fed piece by piece."""

    def update(self, data: Any, /) -> Any:
        """Take more bytes."""

    def hexdigest(self) -> str:
        """The hash of all bytes so far."""


@attrs.frozen
class HashMethod:
    """A way to hash.

    Attributes:
        name: goes into profiles and caches; hashes of different methods are never compared.
        short: 64-bit hash of one frame.
        running: a fresh 128-bit hash of a file.
    """

    name: str
    short: Callable[[Buffer], int]
    running: Callable[[], Running]


def hash_method() -> HashMethod:
    """The fastest method at hand."""
    try:
        import xxhash
    except ImportError:
        return HashMethod("blake2b", _blake_short, lambda: hashlib.blake2b(digest_size=16))
    return HashMethod("xxh3", xxhash.xxh3_64_intdigest, xxhash.xxh3_128)


def _blake_short(data: Buffer) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def frame_hash(comment: int, block: int) -> int:
    """One 64-bit hash from those of the comment line and of the atom lines."""
    return (comment * 0x9E3779B97F4A7C15 + block) & 0xFFFFFFFFFFFFFFFF
