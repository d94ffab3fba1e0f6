"""The compiled engine: the numpy engine with its inner loops in machine code."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .batch import BatchEngine
from .build import ProfileBuilder
from .compiled_values import CompiledValueReader
from .compose import ELEMENTS, symbol_table
from .hashing import HashMethod
from .readers.pieces import FrameSpan, Piece
from .reading import Reading, Value
from .tokens import Columns, Group, number_reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CompiledEngine(BatchEngine):
    """Feeds a builder with whole pieces."""

    piece = 8 << 20  # every piece costs the same few milliseconds of Python, whatever its size

    def __init__(self, builder: ProfileBuilder, method: HashMethod | None, *, values: bool) -> None:
        super().__init__(builder, method, values=values)
        self.elements = CompiledElements()
        self.compiled_columns = CompiledColumns()
        self.walk = walk_compiled
        self.reader = CompiledValueReader(builder)

    def sort(self, piece: Piece) -> tuple[list[Group], set[int]]:
        """Groups of equal readings, and the positions of frames that are not ordinary."""
        return self.compiled_columns.sort(piece)


class CompiledElements:
    """Counts atoms per frame and element."""

    def __init__(self) -> None:
        self._numbers = symbol_table()

    def count(self, piece: Piece, spans: list[FrameSpan]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Atoms per frame and atomic number, and for which frames every line began with a symbol."""
        import numpy as np

        from .header_kernels import count_elements

        lines = np.array([span.line - piece.first_line + 1 for span in spans], dtype=np.int64)
        sizes = np.array([span.size for span in spans], dtype=np.int64)
        counts = np.zeros(len(spans) * ELEMENTS, dtype=np.int64)
        sound = np.ones(len(spans), dtype=bool)
        raw, ends = np.frombuffer(piece.data, dtype=np.uint8), np.asarray(piece.ends)
        count_elements(raw, ends, lines, sizes, self._numbers, counts, sound)
        return counts.reshape(len(spans), ELEMENTS), sound


class CompiledColumns:
    """Sorts the comments of a piece into groups; remembers keys and texts between pieces."""

    def __init__(self) -> None:
        import numpy as np

        from .header_kernels import TABLE, byte_classes

        self._classes = byte_classes()
        self._slots = np.zeros(TABLE, dtype=np.int64)
        self._keys = np.zeros((TABLE // 2 + 2, 2), dtype=np.uint64)
        self._names: dict[int, str] = {}
        self._tokens = np.zeros((4096, 9), dtype=np.int64)
        self._hashes = np.zeros(4096, dtype=np.uint64)
        self._numbers = np.zeros(1 << 16)
        self._texts = Columns()

    def sort(self, piece: Piece) -> tuple[list[Group], set[int]]:
        """Groups of equal readings, and the positions of frames that are not ordinary."""
        import numpy as np

        raw = np.frombuffer(piece.data, dtype=np.uint8)
        ordinary = np.ones(len(piece.spans), dtype=bool)
        tokens, hashes, numbers = self._split(raw, piece.spans, ordinary)
        odd = {int(row) for row in np.flatnonzero(~ordinary)}
        order = np.argsort(tokens[:, 1], kind="stable")
        bounds = np.flatnonzero(np.diff(tokens[order, 1], prepend=-1, append=-2))
        groups: list[Group] = []
        for begin, end in itertools.pairwise(bounds):
            own = order[begin:end]
            groups += self._groups(piece, tokens[own], hashes[own], numbers, odd)
        declared = np.zeros(len(piece.spans), dtype=bool)
        for group in groups:
            if group.key == "Properties":
                declared[group.rows] = True
        odd.update(int(row) for row in np.flatnonzero(~declared))
        return ([_without(group, odd, len(piece.spans)) for group in groups] if odd else groups), odd

    def _split(self, raw: NDArray[np.uint8], spans: Sequence[FrameSpan], ordinary: NDArray[np.bool_]) -> Any:
        import numpy as np

        from .header_kernels import split_headers

        starts = np.array([span.comment_start for span in spans], dtype=np.int64)
        ends = np.array([span.comment_end for span in spans], dtype=np.int64)
        while True:
            used, stored = split_headers(
                raw, starts, ends, self._classes, self._tokens, self._hashes, self._numbers, self._slots,
                self._keys, ordinary,
            )  # fmt: skip
            if used >= 0:
                return self._tokens[:used], self._hashes[:used], self._numbers[:stored]
            if used == -2:
                self._forget()
            self._tokens = np.zeros((2 * len(self._tokens), 9), dtype=np.int64)
            self._hashes = np.zeros(len(self._tokens), dtype=np.uint64)
            self._numbers = np.zeros(2 * len(self._numbers))

    def _forget(self) -> None:
        """Too many different keys: begin anew."""
        self._slots[:], self._keys[:] = 0, 0
        self._names.clear()

    def _groups(
        self, piece: Piece, tokens: NDArray[np.int64], hashes: Any, numbers: Any, odd: set[int]
    ) -> list[Group]:
        """The groups of one key, kind and count."""
        import numpy as np

        group, start, end = int(tokens[0, 1]), int(tokens[0, 5]), int(tokens[0, 6])
        if group not in self._names:
            self._names[group] = piece.data[start:end].decode()
        key, rows = self._names[group], tokens[:, 0]
        if key.lower() == "uid":
            odd.update(rows.tolist())
            return []
        if tokens[0, 8] == 2:
            return self._text_groups(piece, key, tokens, hashes, odd)
        width = int(tokens[0, 7])
        reading = number_reading(key, real=bool(tokens[0, 8]), width=width)
        if reading is None:
            odd.update(rows.tolist())
            return []
        return [Group(key, reading, rows, numbers[tokens[:, 4][:, None] + np.arange(width)])]

    def _text_groups(
        self, piece: Piece, key: str, tokens: NDArray[np.int64], hashes: Any, odd: set[int]
    ) -> list[Group]:
        import numpy as np

        _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        values = [
            self._texts.classify(key, bytes(piece.data[tokens[at, 2] : tokens[at, 3]]))
            for at in first.tolist()
        ]
        by_reading: dict[Reading | None, list[int]] = {}
        for position, value in enumerate(values):
            by_reading.setdefault(None if value is None else value.reading, []).append(position)
        groups = []
        for reading, positions in by_reading.items():
            own = np.isin(inverse, positions)
            if reading is None:
                odd.update(tokens[own, 0].tolist())
            else:
                groups.append(_text_group(key, reading, tokens[own, 0], inverse[own], values))
        return groups


class CompiledNewlines:
    """Finds line ends eight bytes at a time, in memory that is used again."""

    def __init__(self) -> None:
        self._out: Any = None

    def __call__(self, data: bytearray) -> Any:
        """Offsets of all line ends."""
        import numpy as np

        from .word_kernels import find_newlines

        if self._out is None or len(self._out) < len(data):
            self._out = np.empty(2 * len(data), dtype=np.int64)  # mostly never touched
        count = find_newlines(np.frombuffer(data, dtype=np.uint8), self._out)
        return memoryview(self._out[:count])


def walk_compiled(data: bytearray, ends: Any, line: int, start: int) -> tuple[list[list[int]], int, int]:
    """Regular frames from a line on; see :func:`.header_kernels.walk_frames`."""
    import numpy as np

    from .header_kernels import walk_frames

    spans = np.empty((max(1, (len(ends) - line) // 3 + 1), 6), dtype=np.int64)
    found, line, start = walk_frames(
        np.frombuffer(data, dtype=np.uint8), np.asarray(ends), line, start, spans
    )
    return spans[:found].tolist(), int(line), int(start)


def _text_group(key: str, reading: Reading, rows: Any, inverse: Any, values: list[Value | None]) -> Group:
    import numpy as np

    if reading.kind == "text":
        shown = [value.text if value is not None else "" for value in values]
        return Group(key, reading, rows, None, [shown[position] for position in inverse.tolist()])
    width = max(reading.size, 1)
    table = np.array(
        [value.numbers if value and value.reading == reading else (0.0,) * width for value in values]
    )
    return Group(key, reading, rows, table[inverse])


def _without(group: Group, odd: set[int], size: int) -> Group:
    import attrs
    import numpy as np

    bad = np.zeros(size, dtype=bool)
    bad[list(odd)] = True
    rows = np.asarray(group.rows)
    kept = np.flatnonzero(~bad[rows])
    texts = None if group.texts is None else [group.texts[position] for position in kept.tolist()]
    numbers = None if group.numbers is None else group.numbers[kept]
    return attrs.evolve(group, rows=rows[kept], numbers=numbers, texts=texts)
