"""Comment lines split and sorted by machine code; Python sees every different text and key once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .grouping import Group, number_reading, without
from .kernels.load import address, kernels
from .readers.pieces import Piece
from .readers.spans import COMMENT, COMMENT_END
from .reading import Reading, Value
from .tokens import Columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

# As in kernels/headers.py, which needs numba to be imported; a test holds them equal.
GROUPS, FACTS, TOKEN, NAME, VALUE, REMEMBERED = 1 << 12, 9, 3, 64, 256, 16
BLANK, KEY_START, KEY = 1, 2, 4
KIND_REAL, KIND_TEXT = 1, 2
NAME_SIZE, _, KIND, COUNT = range(4)
USED_GROUPS, USED_TEXTS, USED_TOKENS, USED_NUMBERS, CLOCK, ROOM_FOR_TEXTS, LENIENT = range(7)
FULL_OUTPUT, FULL_GROUPS, FULL_TEXTS = -1, -2, -3
_TEXTS = 1 << 12


def byte_classes() -> NDArray[np.uint8]:
    """What each byte may be in an ordinary comment line outside of values, as bits."""
    import numpy as np

    classes = np.zeros(256, dtype=np.uint8)
    for byte in range(32, 127):
        if chr(byte).isalpha() or byte == ord("_"):
            classes[byte] |= KEY_START | KEY
        if chr(byte).isdigit() or chr(byte) in ".:-":
            classes[byte] |= KEY
    for byte in b" \t\r":
        classes[byte] = BLANK
    return classes


class CompiledColumns:
    """Sorts the comments of a piece into groups; remembers keys and texts between pieces."""

    def __init__(self) -> None:
        import numpy as np

        found = kernels()
        self._split_kernel, self._sort_kernel = found["split_headers"], found["sort_tokens"]
        self._classes = byte_classes()
        self._tables = (
            np.zeros(2 * GROUPS, dtype=np.int64),
            np.zeros(2 * GROUPS, dtype=np.uint64),
            np.zeros((GROUPS + 1) * FACTS, dtype=np.int64),
            np.zeros(GROUPS * NAME + 8, dtype=np.uint8),
            np.zeros(GROUPS * VALUE + 8, dtype=np.uint8),
            np.zeros(GROUPS * REMEMBERED),
        )
        self._facts, self._key_bytes = self._tables[2].reshape(-1, FACTS), self._tables[3]
        self._used = np.zeros(7, dtype=np.int64)
        self._tokens = np.empty((1 << 16, TOKEN), dtype=np.int64)
        self._numbers = np.empty(1 << 18)
        self._names: list[str] = []
        self._values: list[Value | None] = []
        self._shown: list[str] = []
        self._texts = Columns()
        self._make_room(_TEXTS)

    def _make_room(self, texts: int) -> None:
        import numpy as np

        self._text_tables = (np.zeros(texts, dtype=np.uint64), np.zeros(2 * texts, dtype=np.int64))
        self._text_places = np.zeros((texts, 3), dtype=np.int64)
        self._used[ROOM_FOR_TEXTS] = texts
        # Asking an array for its address takes longer than many a frame.
        self._places = [*map(address, (*self._tables, *self._text_tables, self._text_places))]
        self._used_place = address(self._used)

    def sort(self, piece: Piece, table: Integers) -> tuple[list[Group], Flags]:
        """Groups of equal readings, and which frames are not ordinary."""
        import numpy as np

        ordinary = np.zeros(len(table), dtype=np.uint8)
        self._split(piece, table, ordinary)
        odd = ordinary == 0
        self._learn(piece)
        ends, rows, numbers = self._sorted()
        groups: list[Group] = []
        declared = np.zeros(len(table), dtype=bool)
        begin, first = 0, 0
        for group, (end, last) in enumerate(ends.tolist()):
            if end > begin:
                own = rows[begin:end]
                found = self._groups(group, own[:, 0], own[:, 1], numbers[first:last], odd)
                if self._names[group] == "Properties":
                    for part in found:
                        declared[part.rows] = True
                groups += found
            begin, first = end, last
        odd |= ~declared
        return ([without(group, odd) for group in groups] if odd.any() else groups), odd

    def _split(self, piece: Piece, table: Integers, ordinary: NDArray[np.uint8]) -> None:
        import numpy as np

        self._used[LENIENT] = 0
        status, place, step, stride = FULL_OUTPUT, address(table), table.itemsize, table.strides[0]
        while status:
            status = self._split_kernel(
                address(piece.raw), place + COMMENT * step, place + COMMENT_END * step, stride // step, len(table),
                address(self._classes), address(self._tokens), len(self._tokens),
                address(self._numbers), len(self._numbers), *self._places, address(ordinary),
                self._used_place,
            )  # fmt: skip
            if status == FULL_OUTPUT:
                self._tokens = np.empty((2 * len(self._tokens), TOKEN), dtype=np.int64)
                self._numbers = np.empty(2 * len(self._numbers))
            elif status:
                self._forget(status)

    def _forget(self, status: int) -> None:
        """Too many different keys or texts: begin anew; at the second time in a piece with more room."""
        for table in self._tables:
            table[:] = 0
        again, texts = bool(self._used[LENIENT]), int(self._used[ROOM_FOR_TEXTS])
        self._used[:] = 0
        self._used[LENIENT] = 1
        self._make_room(2 * texts if status == FULL_TEXTS and (again or texts < 8 * _TEXTS) else texts)
        self._names, self._values, self._shown = [], [], []  # not emptied: groups still hold the old ones

    def _learn(self, piece: Piece) -> None:
        """Keys and texts that are new."""
        for group in range(len(self._names), int(self._used[USED_GROUPS])):
            size = int(self._facts[group, NAME_SIZE])
            self._names.append(bytes(self._key_bytes[group * NAME : group * NAME + size]).decode())
        new = self._text_places[len(self._values) : int(self._used[USED_TEXTS])]
        for group, start, end in new.tolist():
            value = self._texts.classify(self._names[group], bytes(piece.view[start:end]))
            self._values.append(value)
            self._shown.append(value.text if value is not None else "")

    def _sorted(self) -> tuple[Integers, Integers, NDArray[np.float64]]:
        """Per group where its rows and numbers end; rows (frame, text) and numbers, group by group."""
        import numpy as np

        groups, tokens, stored = (int(self._used[at]) for at in (USED_GROUPS, USED_TOKENS, USED_NUMBERS))
        bounds = np.empty((groups + 1, 2), dtype=np.int64)
        rows, numbers = np.empty((tokens, 2), dtype=np.int64), np.empty(stored)
        self._sort_kernel(
            address(self._tokens), tokens, address(self._numbers), address(self._facts), groups,
            address(bounds), address(rows), address(numbers),
        )  # fmt: skip
        return bounds[:groups], rows, numbers

    def _groups(self, group: int, rows: Integers, texts: Integers, numbers: Any, odd: Flags) -> list[Group]:
        """The groups of one key, kind and count."""
        key, kind, width = self._names[group], int(self._facts[group, KIND]), int(self._facts[group, COUNT])
        if key.lower() == "uid":
            odd[rows] = True
            return []
        if kind == KIND_TEXT:
            return self._text_groups(key, rows, texts, odd)
        reading = number_reading(key, real=kind == KIND_REAL, width=width)
        if reading is None:
            odd[rows] = True
            return []
        return [Group(key, reading, rows, numbers.reshape(-1, width))]

    def _text_groups(self, key: str, rows: Integers, texts: Integers, odd: Flags) -> list[Group]:
        import numpy as np

        counts = np.bincount(texts)
        by_reading: dict[Reading | None, list[int]] = {}
        for text in np.flatnonzero(counts).tolist():
            value = self._values[text]
            by_reading.setdefault(None if value is None else value.reading, []).append(text)
        if len(by_reading) == 1 and None not in by_reading:
            ((reading, own),) = by_reading.items()
            return [self._text_group(key, reading, rows, texts, own)] if reading is not None else []
        groups = []
        for reading, own in by_reading.items():
            chosen = np.isin(texts, own)
            if reading is None:
                odd[rows[chosen]] = True
            else:
                groups.append(self._text_group(key, reading, rows[chosen], texts[chosen], own))
        return groups

    def _text_group(
        self, key: str, reading: Reading, rows: Integers, texts: Integers, different: list[int]
    ) -> Group:
        import numpy as np

        if reading.kind == "text":
            return Group(key, reading, rows, None, texts, self._shown)
        values = [self._values[text] for text in different]
        place = np.zeros(different[-1] + 1, dtype=np.int64)
        place[different] = np.arange(len(different))
        table = np.array([value.numbers if value else () for value in values], dtype=np.float64)
        return Group(key, reading, rows, table[place[texts]])
