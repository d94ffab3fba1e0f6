"""Reads files in pieces of bounded size that hold whole frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, BinaryIO, NamedTuple, Protocol

import attrs

from ..hashing import Running
from .streams import BROKEN, BrokenStreamError, is_damage

PIECE = 1 << 20
MOST_FRAMES = 1 << 14  # in a piece: what is known of a small frame takes more than its bytes
MARGIN = 128  # bytes behind a piece that may be read, though they mean nothing
_STEP = 1 << 19
LineIndex = Callable[["Piece"], Sequence[int]]


class FrameSpan(NamedTuple):
    """Where one frame lies in a piece; offsets in bytes from its beginning."""

    frame: int
    line: int
    start: int
    comment_start: int
    comment_end: int
    block_end: int
    size: int


@attrs.define(slots=False, eq=False)
class Piece:
    """A stretch of whole frames; valid until the next one is asked for.

    Attributes:
        view: its bytes, and behind them MARGIN more.
        base: offset of the first of them in the file.
        first_line: number of the first line in the file.
        index: finds line ends.
        most: how many frames it may have; the next piece begins with the bytes behind them.
        spans: the frames.
    """

    view: memoryview
    base: int
    first_line: int
    index: LineIndex
    most: int = MOST_FRAMES
    spans: Sequence[FrameSpan] = ()

    @cached_property
    def data(self) -> bytearray:
        """The bytes as a text of their own: a copy, for those who look at something odd."""
        return bytearray(self.view)

    @cached_property
    def ends(self) -> Sequence[int]:
        """Offsets of all line ends."""
        return self.index(self)

    @cached_property
    def raw(self) -> Any:
        """The bytes as an array."""
        import numpy as np

        return np.frombuffer(self.view, dtype=np.uint8)


class FrameWalker(Protocol):
    """Finds the frames of a piece and remembers what lies between pieces."""

    base: int
    line: int
    held: bytearray
    unterminated: bool

    def with_newlines(self, fresh: bytearray, *, final: bool) -> bytearray:
        """The same bytes with newlines only."""

    def walk(self, piece: Piece, *, final: bool) -> tuple[Sequence[FrameSpan], int]:
        """Frames that are certain in this piece, and how many bytes they take."""


def newline_positions(piece: Piece) -> Sequence[int]:
    """Offsets of all line ends; the plain implementation."""
    data = piece.data
    positions, at = [], data.find(b"\n")
    while at >= 0:
        positions.append(at)
        at = data.find(b"\n", at + 1)
    return positions


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

    Raises:
        BrokenStreamError: after the frames before the damage.
    """
    buffer, ended, full, wanted = _Buffer(piece), False, False, piece
    while full or not ended:
        if not full:
            asked = wanted if limit is None else min(wanted, limit)
            count = buffer.fill(stream, asked, digest)
            if limit is not None:
                limit -= count
            ended = count < asked or limit == 0
            final = ended and not buffer.broken
            if walker.held or buffer.has_returns:
                buffer.make_newlines(walker, count, final=final)
            if final and buffer.terminate():
                walker.unterminated = True
        full = False
        if not buffer.size:
            continue
        found = Piece(buffer.view, walker.base, walker.line, index, MOST_FRAMES)
        found.spans, consumed = walker.walk(found, final=final)
        yield found
        walker.base += consumed
        buffer.drop(consumed)
        full = len(found.spans) >= found.most
        # A frame larger than a piece: read more at once, so that the walk over it stays linear.
        wanted = piece if consumed else max(piece, buffer.size)
    if buffer.broken:
        raise BrokenStreamError(buffer.broken)


class _Buffer:
    """What was read and not yet consumed, at the beginning of memory that stays where it is."""

    def __init__(self, piece: int) -> None:
        self.memory = bytearray(piece + piece // 8 + MARGIN)
        self.size = 0
        self.has_returns = False
        self.broken = ""

    @property
    def view(self) -> memoryview:
        return memoryview(self.memory)[: self.size]

    def fill(self, stream: BinaryIO, wanted: int, digest: Running | None) -> int:
        """Read so many bytes more, in steps that stay close to the processor; how many came."""
        needed = self.size + wanted + MARGIN
        if needed > len(self.memory):
            larger = bytearray(needed + wanted)
            larger[: self.size] = self.view
            self.memory = larger
        start, end = self.size, self.size + wanted
        self.has_returns = False
        memory = memoryview(self.memory)
        while self.size < end:
            fresh = memory[self.size : min(self.size + _STEP, end)]
            try:
                count: int = stream.readinto1(fresh)  # type: ignore[attr-defined]  # all of ours have it; the other would lose what came before damage
            except (*BROKEN, OSError) as error:
                if not is_damage(error):
                    raise
                self.broken = f"{type(error).__name__}: {error}"
                break
            if not count:
                break
            if digest is not None:
                digest.update(fresh[:count])
            self.size += count
            self.has_returns |= self.memory.find(b"\r", self.size - count, self.size) >= 0
        return self.size - start

    def make_newlines(self, walker: FrameWalker, count: int, *, final: bool) -> None:
        """Bare carriage returns among the fresh bytes become newlines."""
        start = self.size - count
        changed = walker.with_newlines(self.memory[start : self.size], final=final)
        self.size = start + len(changed)  # one byte more at most: there is room
        self.memory[start : self.size] = changed

    def terminate(self) -> bool:
        """Make the last line end in a newline; whether it did not."""
        if not self.size or self.memory[self.size - 1] == 10:
            return False
        self.memory[self.size] = 10
        self.size += 1
        return True

    def drop(self, count: int) -> None:
        """Forget the first bytes."""
        rest = self.size - count
        if count and rest:
            memory = memoryview(self.memory)
            memory[:rest] = memory[count : self.size]
        self.size = rest
