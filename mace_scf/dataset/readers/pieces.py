"""Reads files in pieces of bounded size that hold whole frames."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple, Protocol

import attrs

from ..hashing import Running

PIECE = 1 << 20
LineIndex = Callable[[bytearray], Sequence[int]]


class FrameSpan(NamedTuple):
    """Where one frame lies in a piece; offsets in bytes from its beginning."""

    frame: int
    line: int
    start: int
    comment_start: int
    comment_end: int
    block_end: int
    size: int


@attrs.frozen
class Piece:
    """A stretch of whole frames; valid until the next one is asked for.

    Attributes:
        data: bytes.
        base: offset of the first of them in the file.
        spans: the frames.
        ends: offsets of all line ends in ``data``.
        first_line: number of the first line in the file.
    """

    data: bytearray
    base: int
    spans: Sequence[FrameSpan]
    ends: Sequence[int] = ()
    first_line: int = 0


class FrameWalker(Protocol):
    """Finds the frames of a piece and remembers what lies between pieces."""

    base: int
    line: int

    def with_newlines(self, fresh: bytearray, *, final: bool) -> bytearray:
        """The same bytes with newlines only."""

    def terminate(self, data: bytearray) -> None:
        """Make the last line of the file end in a newline."""

    def walk(self, data: bytearray, ends: Sequence[int], *, final: bool) -> tuple[list[FrameSpan], int]:
        """Frames that are certain in this piece, and how many bytes they take."""


def newline_positions(data: bytearray) -> Sequence[int]:
    """Offsets of all line ends; the plain implementation."""
    positions, at = [], data.find(b"\n")
    while at >= 0:
        positions.append(at)
        at = data.find(b"\n", at + 1)
    return positions


def open_binary(path: str) -> BinaryIO:
    """The file's bytes, decompressed."""
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")  # type: ignore[return-value]  # gzip's class is a binary stream


def read_pieces(
    stream: BinaryIO,
    walker: FrameWalker,
    *,
    index: LineIndex = newline_positions,
    digest: Running | None = None,
    limit: int | None = None,
    piece: int = PIECE,
) -> Iterator[Piece]:
    """All frames of a stream, piece by piece.

    The memory of a piece is used again for the next one: fresh memory costs more than reading does.

    Args:
        stream: open at the start of a frame.
        walker: holds the state between pieces.
        index: finds line ends.
        digest: is fed every byte.
        limit: how many bytes to read; all if absent.
        piece: bytes to read at a time.
    """
    data, final, size = bytearray(), False, piece
    scratch = bytearray(piece)
    while not final:
        if size > len(scratch):
            scratch = bytearray(size)
        wanted = len(scratch) if limit is None else min(len(scratch), limit)
        count = stream.readinto(memoryview(scratch)[:wanted]) if wanted else 0  # type: ignore[attr-defined]  # every binary stream of ours has it
        if limit is not None:
            limit -= count
        final = count == 0
        if digest is not None and count:
            digest.update(memoryview(scratch)[:count])
        data += _fresh(walker, scratch, count, final=final)
        if final:
            walker.terminate(data)
        if not data:
            continue
        ends, first_line = index(data), walker.line
        spans, consumed = walker.walk(data, ends, final=final)
        yield Piece(data, walker.base, spans, ends, first_line)
        walker.base += consumed
        del data[:consumed]
        # A frame larger than a piece: read more at once, so that the walk over it stays linear.
        size = piece if consumed else max(piece, len(data))


def _fresh(walker: FrameWalker, scratch: bytearray, count: int, *, final: bool) -> bytearray | memoryview:
    if not final and not walker_holds(walker) and scratch.find(b"\r", 0, count) < 0:
        return memoryview(scratch)[:count]
    return walker.with_newlines(scratch[:count], final=final)


def walker_holds(walker: FrameWalker) -> bool:
    """Whether the walker keeps a byte back from the last piece."""
    return bool(getattr(walker, "held", b""))
