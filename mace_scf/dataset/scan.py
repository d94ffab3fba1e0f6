"""Profiles data files: which quantities each frame carries, and with ``values`` every number too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

import attrs

from mace_scf.errors import UnreadableInputError

from .build import ProfileBuilder
from .damage import Example, excerpt
from .engines import CompiledLater, make_engine
from .facts import FileFacts
from .hashing import hash_method
from .loader import Verdict, replay
from .place import Place
from .profile import DatasetProfile, merge_profiles
from .readers.pieces import Piece, read_pieces
from .readers.streams import BrokenStreamError, is_compressed, open_binary, readable_again
from .readers.xyz import Walker

Progress = Callable[[int], None]
_PACKING = 4  # times that a compressed file shrinks, as a rule


def scan(
    paths: Iterable[str | os.PathLike[str]], *, values: bool = False, progress: Progress | None = None
) -> DatasetProfile:
    """The profile of some files together.

    Args:
        paths: extended-XYZ files, plain or compressed (``.gz``, ``.bz2``, ``.xz``).
        values: parse the atom lines to numbers too.
        progress: is called with the number of bytes read since its last call.

    Raises:
        UnreadableInputError: a file cannot be opened.
    """
    return merge_profiles(scan_file(os.fspath(path), values=values, progress=progress) for path in paths)


@attrs.frozen
class Part:
    """A stretch of a file from one frame start to another.

    Attributes:
        offset: first byte.
        size: bytes.
        frame: number of the first frame.
        line: number of the first line.
    """

    offset: int
    size: int
    frame: int
    line: int


def scan_file(
    path: str,
    *,
    values: bool = False,
    engine: str = "auto",
    progress: Progress | None = None,
    part: Part | None = None,
) -> DatasetProfile:
    """The profile of one file.

    Args:
        path: the file.
        values: parse the atom lines to numbers too.
        engine: ``plain``, ``numpy``, ``compiled`` or ``auto``: the fastest that pays off.
        progress: see :func:`scan`.
        part: only this stretch; the file's content hash is then left open.

    Raises:
        UnreadableInputError: the file cannot be opened.
    """
    try:
        with readable_again(path) as source, open_binary(source) as stream:
            size = os.stat(source).st_size if part is None else part.size
            scan = _FileScan(path, source, size, part, values=values, engine=engine, progress=progress)
            return scan.run(stream)
    except OSError as error:
        raise UnreadableInputError(path, error.strerror or str(error)) from error


class _FileScan:
    """One pass over one file."""

    def __init__(
        self,
        path: str,
        source: str,
        size: int,
        part: Part | None,
        *,
        values: bool,
        engine: str,
        progress: Progress | None,
    ) -> None:
        self.path, self.size, self.part, self.values, self.progress = path, size, part, values, progress
        self.source, self.packed, self.empty = source, is_compressed(source), True
        self.reported = 0 if part is None else part.offset
        self.builder = ProfileBuilder(path)
        self.method = hash_method()
        self.builder.hash_method = self.method.name
        first = Part(0, size, 0, 0) if part is None else part
        self.walker = Walker(self._report, frame=first.frame, line=first.line, base=first.offset)
        likely = _PACKING * size if self.packed else size
        self.engine, self.index = make_engine(self.builder, self.method, likely, values=values, engine=engine)
        self._use_fast_walk()

    def _use_fast_walk(self) -> None:
        self.walker.fast = getattr(self.engine, "fast", None)
        self.walker.new_spans = getattr(self.engine, "new_spans", list)

    def run(self, stream: BinaryIO) -> DatasetProfile:
        digest = self.method.running()
        broken, limit = "", None
        if self.part is not None:
            stream.seek(self.part.offset)
            limit = self.part.size
        # One byte more than a small file has: so its end is seen at once.
        most = self.engine.piece if self.packed else min(self.engine.piece, self.size + 1)
        try:
            for piece in read_pieces(
                stream, self.walker, index=self.index, digest=digest, limit=limit, piece=most
            ):
                self._take(piece)
                if isinstance(self.engine, CompiledLater) and self.engine.changes():
                    self._use_fast_walk()
        except BrokenStreamError as error:
            broken = str(error)
        return self._finish(digest.hexdigest(), broken)

    def _take(self, piece: Piece) -> None:
        self.empty = False
        if not self.engine.is_ascii(piece):
            self._check_encoding(piece)
        self.engine.consume(piece)
        if self.walker.unterminated and piece.spans:
            self._check_tail(piece)
        if self.progress is not None:
            read = piece.base + len(piece.view)
            self.progress(read - self.reported)
            self.reported = read

    def _finish(self, digest: str, broken: str) -> DatasetProfile:
        finish = getattr(self.engine, "finish", None)
        if finish is not None:
            finish()
        if broken:
            self._report("D932", self.walker.frame, self.walker.line, self.walker.base, b"", broken)
        elif self.builder.frames == 0 and not self.builder.damage:
            self._report("D933", 0, 0, 0, b"")
        stop = Verdict(0, broken, self.walker.frame) if broken else self._replay()
        refusal, departure = self.builder.refusal, self.walker.departure
        if refusal is not None and departure is not None and refusal[0] >= departure[1]:
            refusal = None  # from there on the replay has judged
        facts = FileFacts(
            self.path,
            self.size,
            self.builder.frames,
            self.builder.atoms,
            f"{self.method.name}:{digest}" if self.part is None and not broken else "",
            stop,
            refusal,
            self.values,
        )
        return self.builder.finish(facts)

    def _replay(self) -> Verdict | None:
        if self.empty:
            return Verdict(0, "UnknownFileTypeError: the file is empty", 0)
        if self.walker.departure is None:
            return None
        offset, frame = self.walker.departure
        return replay(self.source, offset, frame, frames_before=frame)

    def _report(
        self, code: str, frame: int, line: int, offset: int, text: bytes | bytearray, detail: str = ""
    ) -> None:
        example = Example(Place(self.path, frame), line, offset, excerpt(text), detail)
        self.builder.add_damage(code, example)

    def _check_encoding(self, piece: Piece) -> None:
        try:
            piece.data.decode("utf-8")
        except UnicodeDecodeError as error:
            if any(span.start <= error.start < span.block_end for span in piece.spans):
                self._report_encoding(piece, error.start)

    def _report_encoding(self, piece: Piece, offset: int) -> None:
        span = next(span for span in piece.spans if span.start <= offset < span.block_end)
        line_start = piece.data.rfind(b"\n", 0, offset) + 1
        line = span.line + piece.data.count(b"\n", span.start, offset)
        text = piece.data[line_start : piece.data.find(b"\n", offset)]
        self._report("D909", span.frame, line, piece.base + offset, text)
        departure = (piece.base + span.start, span.frame)
        self.walker.departure = min(departure, self.walker.departure or departure)

    def _check_tail(self, piece: Piece) -> None:
        """A file that ends without a newline may end inside its last number."""
        span = piece.spans[-1]
        lines = piece.data[span.comment_end + 1 : span.block_end].split(b"\n")[: span.size]
        if lines and _seems_cut(lines) and not piece.data[span.block_end :].strip():
            line = span.line + 1 + span.size
            offset = piece.base + span.block_end - len(lines[-1]) - 1
            self._report("D907", span.frame, line, offset, lines[-1])


def _seems_cut(lines: Sequence[bytes | bytearray]) -> bool:
    """Whether the last number has fewer decimals than its siblings."""
    words = lines[-1].split()
    if len(lines) > 1:
        siblings = lines[-2].split()[-1:] if len(lines[-2].split()) == len(words) else []
    else:
        siblings = words[-2:-1]
    return bool(words and siblings) and _decimals(words[-1]) < _decimals(siblings[0])


def _decimals(word: bytes | bytearray) -> int:
    return len(word.partition(b".")[2]) if b"." in word else -1
