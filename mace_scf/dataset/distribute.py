"""Cuts a file at frame starts, so that its parts can be profiled anywhere and merged in any order."""

from __future__ import annotations

import os

from .engines import newline_index
from .place import Place
from .profile import DatasetProfile, merge_profiles
from .readers.pieces import read_pieces
from .readers.streams import is_compressed, open_binary
from .readers.xyz import Bytes, Walker
from .scan import Part, scan_file

SHARD = 256 << 20  # smaller ones cost more to hand round than to read


def plan_parts(path: str, *, size: int = SHARD) -> list[Part]:
    """Stretches of about ``size`` bytes that begin at frames.

    A file with any damage, or a compressed one, stays in one part: what is damage in the whole may look
    like another in a part.
    """
    total = os.stat(path).st_size
    whole = [Part(0, total, 0, 0)]
    if is_compressed(path) or total <= size:
        return whole
    starts, damaged = _frame_starts(path, size)
    if damaged or not starts:
        return whole
    ends = [start[0] for start in starts[1:]] + [total]
    return [
        Part(offset, end - offset, frame, line)
        for (offset, frame, line), end in zip(starts, ends, strict=True)
    ]


def scan_parts(path: str, parts: list[Part], *, values: bool = False) -> DatasetProfile:
    """The merged profile of some parts, one after the other; a cluster maps :func:`.scan_file` instead."""
    return merge_profiles(scan_file(path, values=values, part=part) for part in parts)


def _frame_starts(path: str, size: int) -> tuple[list[tuple[int, int, int]], bool]:
    """(offset, frame, line) of the first frame of every part, and whether anything is damaged."""
    damages: list[Place] = []

    def report(code: str, frame: int, line: int, offset: int, text: Bytes, detail: str = "") -> None:
        damages.append(Place(path, frame))

    walker = Walker(report)
    starts: list[tuple[int, int, int]] = []
    with open_binary(path) as stream:
        for piece in read_pieces(stream, walker, index=newline_index()):
            for span in piece.spans:
                offset = piece.base + span.start
                if not starts or offset >= starts[-1][0] + size:
                    starts.append((offset, span.frame, span.line))
    return starts, bool(damages)
