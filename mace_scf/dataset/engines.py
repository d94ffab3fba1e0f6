"""Which engine counts the frames of a file: plain Python, numpy, or machine code."""

from __future__ import annotations

import importlib.util
from typing import Any, Protocol

from .build import ProfileBuilder
from .hashing import HashMethod
from .plain import PlainEngine
from .readers.pieces import LineIndex, Piece, newline_positions
from .readers.xyz import Walker

ENGINES = ("auto", "plain", "numpy", "compiled")
SMALL_FILE = 1 << 20  # below, importing numpy would cost more than it saves
WORTH_LOADING = 32 << 20  # bytes; below, loading compiled kernels costs more than they save
WORTH_BUILDING = 256 << 20  # from here on kernels are compiled, beside the scan, where there are none
_NEAR = 1 << 18  # bytes


class Engine(Protocol):
    """Takes the frames of a piece."""

    @property
    def piece(self) -> int:
        """Bytes that it likes to get at a time."""

    def consume(self, piece: Piece) -> None:
        """Count them."""

    def is_ascii(self, piece: Piece) -> bool:
        """Whether no byte has its highest bit."""


def make_engine(
    builder: ProfileBuilder, method: HashMethod, size: int, *, values: bool, engine: str
) -> tuple[Engine, LineIndex]:
    """The engine of that name, and the function that finds its line ends.

    Raises:
        ValueError: no engine has that name.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}, not {engine!r}")
    if engine == "plain" or (engine == "auto" and (size < SMALL_FILE or not _installed("numpy"))):
        return PlainEngine(builder, method, values=values), newline_positions
    if engine == "compiled":
        from .compiled import CompiledEngine

        return CompiledEngine(builder, method, values=values), NewlineArray()
    if engine == "auto" and size >= WORTH_LOADING and _installed("numba"):
        return CompiledLater(builder, method, size, values=values), NewlineArray()
    from .batch import BatchEngine

    return BatchEngine(builder, method, values=values), NewlineArray()


class CompiledLater:
    """The compiled engine from the moment on at which its kernels are there; before, the batch engine.

    So nobody waits for a compiler: it runs beside the scan of a large file, and where the scan is done
    before, the next one has the kernels.
    """

    def __init__(self, builder: ProfileBuilder, method: HashMethod, size: int, *, values: bool) -> None:
        from .batch import BatchEngine
        from .kernels.load import build_beside, is_ready

        self._arguments, self._values = (builder, method), values
        self._current: Any = None
        if is_ready():
            self._change()
        self._waits = self._current is None and size >= WORTH_BUILDING and build_beside()
        if self._current is None:
            self._current = BatchEngine(builder, method, values=values)

    @property
    def piece(self) -> int:
        """Bytes that it likes to get at a time."""
        return int(self._current.piece)

    @property
    def fast(self) -> Any:
        """The fast walk, where there is one."""
        return getattr(self._current, "fast", None)

    @property
    def new_spans(self) -> Any:
        """What spans are gathered in."""
        return getattr(self._current, "new_spans", list)

    def consume(self, piece: Piece) -> None:
        """Count the frames of a piece."""
        self._current.consume(piece)

    def is_ascii(self, piece: Piece) -> bool:
        """Whether no byte has its highest bit."""
        return bool(self._current.is_ascii(piece))

    def changes(self) -> bool:
        """Change to the compiled engine if it can be had now; whether that was done."""
        from .kernels.load import is_ready

        if not (self._waits and is_ready()):
            return False
        self._current.finish()
        return self._change()

    def finish(self) -> None:
        """Bring home what is still pending."""
        self._current.finish()

    def _change(self) -> bool:
        from .compiled import CompiledEngine
        from .kernels.load import KernelsMissingError

        self._waits = False
        try:
            self._current = CompiledEngine(*self._arguments, values=self._values)
        except KernelsMissingError:  # they were made, but cannot be loaded
            return False
        return True


def walk_fast(walker: Walker, size: int) -> None:
    """Let a walker that only finds frames use machine code, where it is at hand and a file of this size is worth it."""
    if size < WORTH_LOADING or not _installed("numba"):
        return
    from .kernels.load import is_ready

    if is_ready():
        from .compiled_walk import CompiledWalk
        from .readers.spans import SpanTable

        walker.fast, walker.new_spans = CompiledWalk(None).find, SpanTable


def newline_index() -> LineIndex:
    """The fastest way at hand to find line ends."""
    return NewlineArray() if _installed("numpy") else newline_positions


class NewlineArray:
    """Finds line ends with numpy, in memory that is used again and stays close to the processor."""

    def __init__(self) -> None:
        self._mask: Any = None

    def __call__(self, piece: Piece) -> Any:
        """Offsets of all line ends."""
        import numpy as np

        if self._mask is None:
            self._mask = np.empty(_NEAR, dtype=bool)
        raw = piece.raw
        found = [np.empty(0, dtype=np.int64)]
        for first in range(0, len(raw), _NEAR):
            mask = self._mask[: len(raw) - first]
            np.equal(raw[first : first + _NEAR], 10, out=mask)
            found.append(np.flatnonzero(mask) + first)
        # A memoryview gives plain integers, and several times faster than an array does.
        positions: Any = np.concatenate(found)
        return memoryview(positions)


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None
