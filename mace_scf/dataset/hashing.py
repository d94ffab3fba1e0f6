"""Content hashes: xxHash where it is installed (the extras ``[dataset]`` and ``[fast]``), SHA-1 otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol

import attrs

from .readers.streams import open_binary

_OPEN_ENDED = frozenset({"shake_128", "shake_256"})  # hashes of any length
Buffer = bytes | bytearray | memoryview
MIX = 0x9E3779B97F4A7C15  # an odd number without pattern: 2**64 over the golden ratio


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
        # Of the standard library's, the fastest where the processor knows it; nothing is to be kept secret.
        return HashMethod("sha1", _sha_short, _sha)
    return HashMethod("xxh3", xxhash.xxh3_64_intdigest, xxhash.xxh3_128)


def content_hash(path: str, method: str) -> str | None:
    """Hash of a file's content, decompressed, with the method before it; None where the method is not at hand.

    Raises:
        OSError: the file cannot be read.
        EOFError, zlib.error: the compressed file is cut off or damaged.
    """
    own = hash_method()
    if method == own.name:
        running: Running | None = own.running()
    elif method == "blake2b":  # of cards by older versions
        running = hashlib.blake2b(digest_size=16)
    else:
        running = hashlib.new(method) if method in hashlib.algorithms_guaranteed - _OPEN_ENDED else None
    if running is None:
        return None
    with open_binary(path) as file:
        while piece := file.read(1 << 20):
            running.update(piece)
    return f"{method}:{running.hexdigest()}"


def _sha() -> Running:
    return hashlib.sha1(usedforsecurity=False)


def _sha_short(data: Buffer) -> int:
    return int.from_bytes(hashlib.sha1(data, usedforsecurity=False).digest()[:8], "big")


def frame_hash(comment: int, block: int) -> int:
    """One 64-bit hash from those of the comment line and of the atom lines."""
    return (comment * MIX + block) & 0xFFFFFFFFFFFFFFFF
