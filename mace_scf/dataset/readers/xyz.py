"""Walks the frames of an extended-XYZ file without looking at the atoms.

Every frame is certified by the line behind it: another number of atoms, a blank, or the end. Where that
fails, the damage is reported, and the walk goes on at the next place that reads as a frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .pieces import FrameSpan, Piece

_BOM = b"\xef\xbb\xbf"
_COUNT_LINE = re.compile(rb"^[ \t]*\d{1,12}[ \t]*\r?\n", re.MULTILINE)
_LONE_RETURN = re.compile(rb"\r(?!\n)")
Bytes = bytes | bytearray
if TYPE_CHECKING:
    from .spans import SpanTable

    Spans = list[FrameSpan] | SpanTable


class Report(Protocol):
    """Takes note of damage."""

    def __call__(self, code: str, frame: int, line: int, offset: int, text: Bytes, detail: str = "") -> None:
        """Damage of one sort at a line and byte of the file."""


class Walked(NamedTuple):
    """How far a fast walk came: the next offset, frame and line, and whether it only lacks bytes."""

    start: int
    frame: int
    line: int
    cut_off: bool


class FastWalk(Protocol):
    """Walks over regular frames in machine code."""

    def __call__(self, piece: Piece, spans: Any, start: int, frame: int, line: int, *, final: bool) -> Walked:
        """Add the spans of all regular frames from an offset on; ``final`` if the file ends with the piece."""


class Walker:
    """Finds frames; remembers what lies between pieces."""

    def __init__(self, report: Report, *, frame: int = 0, line: int = 0, base: int = 0) -> None:
        self.report = report
        self.frame, self.line, self.base = frame, line, base
        self.departure: tuple[int, int] | None = None  # offset and frame where ASE goes its own way
        self.unterminated = False
        self.fast: FastWalk | None = None
        self.new_spans: Callable[[], Spans] = list
        self._seeking = False
        self._blank: tuple[int, int, int] | None = None
        self.held = bytearray()
        self._returns = False
        self._last: tuple[int, int] | None = None  # offset and number of the last frame

    def with_newlines(self, fresh: bytearray, *, final: bool) -> bytearray:
        """The same bytes, bare carriage returns as newlines."""
        if b"\r" not in fresh and not self.held:
            return fresh
        fresh, self.held = self.held + fresh, bytearray()
        if fresh.endswith(b"\r") and not final:
            fresh, self.held = fresh[:-1], bytearray(b"\r")
        if fresh.count(b"\r") == fresh.count(b"\r\n"):
            return fresh
        if not self._returns:
            self._returns = True
            self.report("D910", self.frame, self.line, self.base, fresh[:80].partition(b"\r")[0])
        return bytearray(_LONE_RETURN.sub(b"\n", fresh))

    def walk(self, piece: Piece, *, final: bool) -> tuple[Sequence[FrameSpan], int]:
        """Frames that are certain in this piece, and how many bytes they take."""
        spans = self.new_spans()
        state = _Place(0, 0)
        first_line = self.line
        while True:
            self.line = first_line + state.line
            if not self._seeking and self._blank is None:
                state, cut_off = self._regular(piece, state, spans, final=final)
                if (cut_off and len(spans) and not final) or state.start == len(piece.view):
                    break
            if len(spans) >= piece.most:
                break
            if state.line >= len(piece.ends):
                break
            if spans:
                self._last = (self.base + spans[-1].start, spans[-1].frame)
            following = self._step(piece.data, piece.ends, state, spans, final=final)
            if following is None:
                break
            state = following
        self.line = first_line + state.line
        if spans:
            self._last = (self.base + spans[-1].start, spans[-1].frame)
        return spans, state.start

    def _regular(self, piece: Piece, at: _Place, spans: Spans, *, final: bool) -> tuple[_Place, bool]:
        """As many frames as follow each other without anything odd: the fast part of the walk.

        Returns where it ends, and whether it is certain that only more bytes are needed.
        """
        if self.fast is not None:
            found = self.fast(piece, spans, at.start, self.frame, self.line, final=final)
            place = _Place(at.line + found.line - self.line, found.start)
            self.line, self.frame = found.line, found.frame
            return place, found.cut_off
        return self._one_by_one(piece, at, spans) if at.line < len(piece.ends) else (at, False)

    def _one_by_one(self, piece: Piece, at: _Place, spans: Spans) -> tuple[_Place, bool]:
        line, start = at
        view, ends, cut_off = piece.view, piece.ends, False
        first, frame, total = self.line - line, self.frame, len(ends)
        text = bytes(view[start : ends[line]]).strip()
        while text.isdigit() and len(text) < 12 and len(spans) < piece.most:
            count = int(text)
            last = line + 1 + count
            cut_off = last + 1 >= total and count > 0
            if cut_off or count == 0:
                break
            after = ends[last] + 1
            text = bytes(view[after : ends[last + 1]]).strip()
            if not text.isdigit():
                break
            head = ends[line]
            spans.append(FrameSpan(frame, first + line, start, head + 1, ends[line + 1], after, count))
            frame += 1
            line, start = last + 1, after
        self.line, self.frame = first + line, frame
        return _Place(line, start), cut_off

    def _step(
        self, data: bytearray, ends: Sequence[int], at: _Place, spans: Spans, *, final: bool
    ) -> _Place | None:
        """One frame, or one stretch of damage; ``None`` where more bytes are needed."""
        if self._seeking:
            return self._seek(data, ends, at, final=final)
        text = data[at.start : ends[at.line]].strip()
        if text and self._blank is not None:
            self._report_blank(*self._blank)
        if not text.isdigit() or len(text) > 12:
            count = _unusual_count(text)
            if count is None:
                return self._no_count(data, ends, at, text)
            self.report("D937", self.frame, self.line, self.base + at.start, text)
            return self._frame(data, ends, at, count, spans, final=final)
        return self._frame(data, ends, at, int(text), spans, final=final)

    def _frame(
        self,
        data: bytearray,
        ends: Sequence[int],
        at: _Place,
        count: int,
        spans: Spans,
        *,
        final: bool,
    ) -> _Place | None:
        """A frame of ``count`` atoms, if the line behind it certifies it."""
        last = at.line + 1 + count
        if last + 1 >= len(ends) and not final:
            stuck = at.line == 0 and last >= len(ends)
            return self._hidden_header(data, ends, at, count, final=False) if stuck else None
        if last >= len(ends):
            return self._cut_off(data, ends, at, count)
        after = ends[last] + 1
        if last + 1 < len(ends) and self._continues(data, ends, last, count):
            return self._mismatch(data, ends, at, count, final=final)
        comment = int(ends[at.line]) + 1
        end = int(ends[at.line + 1])
        spans.append(FrameSpan(self.frame, self.line, at.start, comment, end, int(after), count))
        self.frame += 1
        return _Place(last + 1, int(after))

    def _no_count(self, data: bytearray, ends: Sequence[int], at: _Place, text: Bytes) -> _Place:
        following = _Place(at.line + 1, int(ends[at.line]) + 1)
        if not text:
            self._blank = self._blank or (self.frame, self.line, self.base + at.start)
            return following
        if text.startswith(_BOM) and self.base + at.start == 0:
            self.report("D908", self.frame, self.line, 0, text)
            self._depart(at.start, self.frame)
            return self._without_mark(data, ends, at)
        if text.startswith(b"VEC") and self._last is not None:
            self.report("D931", self._last[1], self.line, self.base + at.start, text)
            # ASE takes these frames apart in its own way: let it be followed from here.
            self._depart(self._last[0] - self.base, self._last[1])
            return following
        self.report("D902", self.frame, self.line, self.base + at.start, text)
        self._depart(at.start, self.frame)
        self._seeking = True
        return following

    def _report_blank(self, frame: int, line: int, offset: int) -> None:
        self._blank = None
        self.report("D901", frame, line, offset, b"", "at the start of the file" if frame == 0 else "")
        self._depart(offset - self.base, frame)

    def _without_mark(self, data: bytearray, ends: Sequence[int], at: _Place) -> _Place:
        """The mark is passed over; the count behind it begins the frame."""
        if data[at.start + 3 : ends[at.line]].strip().isdigit():
            return _Place(at.line, at.start + 3)
        self._seeking = True
        return _Place(at.line + 1, int(ends[at.line]) + 1)

    def _continues(self, data: bytearray, ends: Sequence[int], last: int, count: int) -> bool:
        """Whether the line behind a frame belongs to it, or the frame has swallowed another one's."""
        after = data[ends[last] + 1 : ends[last + 1]]
        if _may_follow(after):
            return False
        if count == 0:
            return True
        words, row = after.split(), data[ends[last - 1] + 1 : ends[last]].split()
        return len(words) == len(row) or any(b"=" in word for word in (*words, *row))

    def _mismatch(
        self, data: bytearray, ends: Sequence[int], at: _Place, count: int, *, final: bool
    ) -> _Place | None:
        hidden = self._hidden_header(data, ends, at, count, final=True)
        if hidden is not None:
            return hidden
        last = at.line + 1 + count
        found = find_header(data, ends, _Place(last + 1, int(ends[last]) + 1), final=final)
        stands = (found.line if found else len(ends)) - at.line - 2
        detail = f"says {count}, has {stands if found or final else f'more than {count}'}"
        self._lose_frame("D903", data, ends, at, detail)
        self._seeking = found is None
        return found or _Place(last + 1, int(ends[last]) + 1)

    def _hidden_header(
        self, data: bytearray, ends: Sequence[int], at: _Place, count: int, *, final: bool
    ) -> _Place | None:
        """Where another frame begins inside the lines that this one claims."""
        if at.line + 2 >= len(ends):
            return None
        inside = find_header(data, ends, _Place(at.line + 2, int(ends[at.line + 1]) + 1), final=final)
        if inside is None or inside.line > at.line + 1 + count:
            return None
        self._lose_frame("D904", data, ends, at, f"says {count}, has {inside.line - at.line - 2}")
        return inside

    def _cut_off(self, data: bytearray, ends: Sequence[int], at: _Place, count: int) -> _Place:
        hidden = self._hidden_header(data, ends, at, count, final=True)
        if hidden is not None:
            return hidden
        code = "D906" if at.line + 1 >= len(ends) else "D905"
        self._lose_frame(code, data, ends, at, f"{max(len(ends) - at.line - 2, 0)} of {count} atom lines")
        return _Place(len(ends), len(data))

    def _lose_frame(self, code: str, data: bytearray, ends: Sequence[int], at: _Place, detail: str) -> None:
        comment = data[ends[at.line] + 1 : ends[at.line + 1]] if at.line + 1 < len(ends) else b""
        self.report(code, self.frame, self.line, self.base + at.start, comment.strip(), detail)
        self._depart(at.start, self.frame)
        self.frame += 1

    def _seek(self, data: bytearray, ends: Sequence[int], at: _Place, *, final: bool) -> _Place | None:
        found = find_header(data, ends, at, final=final)
        if found is not None:
            self._seeking = False
            return found
        return _Place(len(ends), len(data)) if final or len(ends) - at.line > 2 else None

    def _depart(self, start: int, frame: int) -> None:
        if self.departure is None:
            self.departure = (self.base + start, frame)


class _Place(NamedTuple):
    line: int
    start: int


def find_header(data: bytearray, ends: Sequence[int], at: _Place, *, final: bool) -> _Place | None:
    """The next line from ``at`` on that reads as the first line of a frame."""
    from bisect import bisect_left

    for match in _COUNT_LINE.finditer(data, at.start):
        line = bisect_left(ends, match.end() - 1)
        if line + 1 < len(ends) and _reads_as_frame(data, ends, line, int(match.group()), final=final):
            return _Place(line, match.start())
    return None


def _reads_as_frame(data: bytearray, ends: Sequence[int], line: int, count: int, *, final: bool) -> bool:
    comment = data[ends[line] + 1 : ends[line + 1]]
    if b"Properties=" in comment or b"Lattice=" in comment:
        return True
    last = line + 1 + count
    if last + 1 < len(ends):
        return _may_follow(data[ends[last] + 1 : ends[last + 1]])
    return final and last < len(ends)


def _unusual_count(text: Bytes) -> int | None:
    """A number of atoms that only Python reads as one, such as ``+2``."""
    try:
        count = int(text.decode())
    except ValueError:
        return None
    return count if 0 <= count < 10**12 else None


def _may_follow(line: Bytes) -> bool:
    """Whether a line can stand behind a frame."""
    text = line.strip()
    return not text or text.isdigit() or text.startswith(b"VEC")
