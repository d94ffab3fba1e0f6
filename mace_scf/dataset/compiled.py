"""The compiled engine: the batch engine with its inner loops in machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .batch import BatchEngine
from .build import ProfileBuilder
from .compiled_hashes import FrameHasher, FrameHashes
from .compiled_headers import CompiledColumns
from .compiled_values import CompiledValueReader
from .compiled_walk import CompiledWalk
from .compose import Composition
from .grouping import Group
from .hashing import HashMethod
from .readers.pieces import Piece
from .readers.spans import FRAME, SpanTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class CompiledEngine(BatchEngine):
    """Feeds a builder with whole pieces."""

    piece = 12 << 20

    def __init__(self, builder: ProfileBuilder, method: HashMethod | None, *, values: bool) -> None:
        super().__init__(builder, method, values=values)
        self._hasher = FrameHasher(method) if method is not None else None
        self._walk = CompiledWalk(self._hasher)
        self._found: FrameHashes | None = None
        self._compiled_columns = CompiledColumns()
        self.reader = CompiledValueReader(builder)
        self.fast, self.new_spans = self._walk.walk, SpanTable

    def sort(self, piece: Piece, table: Integers) -> tuple[list[Group], Flags]:
        """Groups of equal readings, and which frames are not ordinary."""
        return self._compiled_columns.sort(piece, table)

    def compose(self, piece: Piece, table: Integers, wanted: Integers) -> Composition:
        """The elements of the wanted frames; others count as unsound."""
        composition, self._found = self._walk.take(table)
        return composition

    def is_ascii(self, piece: Piece) -> bool:
        """Whether no byte has its highest bit, as the walk over the frames has seen."""
        return self._walk.saw_ascii(piece) or super().is_ascii(piece)

    def _add_hashes(self, piece: Piece, table: Integers, method: HashMethod) -> None:
        """Both hashes of every frame."""
        if self._hasher is not None and self._found is not None:
            pairs = self._hasher.complete(piece, table, self._found)
            self.hashes.add(table[:, FRAME].copy(), pairs[:, 0], pairs[:, 1])
