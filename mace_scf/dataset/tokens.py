"""Splits ordinary comment lines quickly, and sorts their values into columns by key.

Ordinary means: ASCII, double quotes only, no escapes or brackets, every word ``key=value``. There the
format's reading and ASE's agree on how to split. Everything else is left to :mod:`.frame`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..catalog.reach import MOVED_INFO
from .build import TEXT_LENGTH
from .columns import read_properties
from .comment import Entry
from .elements import names_atoms_first
from .grouping import Group, TextColumn, number_groups, spread, value_group, without
from .loader import layout_error, placing_error
from .reading import NINE_NUMBER_KEYS, Reading, Value, read_value, read_value_like_ase
from .templates import Keys, Split, Templates

_ORDINARY = bytes({9, 10, *range(32, 127)} - set(b"\\'{}[]"))
_KEY = re.compile(rb"[A-Za-z_][A-Za-z0-9_.:-]*")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NO_WORDS = frozenset({"t", "f", "true", "false", "nan", "inf", "infinity", "none", "null", "na"})
_KEYS_WITH_FORM = frozenset({"Properties", "pbc", "Lattice", *NINE_NUMBER_KEYS, *MOVED_INFO})
_PLAIN_NUMBERS = b"0123456789+-.eE "
_CACHE_LIMIT = 20_000
_LONG_TEXT = 256  # bytes


def split_comment(comment: bytes) -> Split | None:
    """Keys and value texts of an ordinary line; ``None`` for any other.

    >>> split_comment(b'a=1 b="2 3"')
    ((b'a', b'b'), (b'1', b'2 3'))
    """
    parts = comment.split(b'"')
    last = len(parts) - 1
    if last % 2:
        return None
    keys: list[bytes] = []
    values: list[bytes] = []
    for position in range(0, last, 2):
        part = parts[position]
        if position and part[:1] not in (b" ", b"\t"):
            return None
        *words, opened = part.split() or [b""]
        if opened[-1:] != b"=":
            return None
        for word in words:
            key, _, value = word.partition(b"=")
            if value[-1:] == b"=":
                return None
            keys.append(key)
            values.append(value)
        keys.append(opened[:-1])
        values.append(parts[position + 1])
    if last and parts[last][:1] not in (b"", b" ", b"\t", b"\r"):
        return None
    for word in parts[last].split():
        key, _, value = word.partition(b"=")
        if value[-1:] == b"=":
            return None
        keys.append(key)
        values.append(value)
    return None if b"" in values else (tuple(keys), tuple(values))


def strange(text: bytes) -> bool:
    """Whether some bytes are outside the ordinary."""
    return bool(text.translate(None, _ORDINARY))


class Columns:
    """Sorts the comments of a batch into groups; remembers what it has classified before."""

    def __init__(self) -> None:
        self._plans: dict[Keys, tuple[str, ...] | None] = {}
        self._values: dict[tuple[str, bytes], Value | None] = {}
        self._templates = Templates(split_comment)

    def sort(self, comments: Sequence[bytes]) -> tuple[list[Group], set[int]]:
        """Groups of equal readings, and the positions of comments that are not ordinary.

        The groups hold no rows of those.
        """
        odd: set[int] = set()
        # Carriage returns before a newline are blanks; every other control character is strange.
        check_each = strange(b"\n".join(comments).replace(b"\r\n", b"\n"))
        by_keys: dict[Keys, tuple[list[int], list[tuple[bytes, ...]]]] = {}
        split_line = self._templates.split
        for row, comment in enumerate(comments):
            split = None if check_each and strange(comment.rstrip(b"\r")) else split_line(comment)
            if split is None:
                odd.add(row)
                continue
            rows, values = by_keys.setdefault(split[0], ([], []))
            rows.append(row)
            values.append(split[1])
        columns = self._columns(by_keys, odd)
        groups = [group for key, column in columns.items() for group in self._groups(key, column, odd)]
        if not odd:
            return groups, odd
        import numpy as np

        bad = np.zeros(len(comments), dtype=bool)
        bad[list(odd)] = True
        return [without(group, bad) for group in groups], odd

    def _columns(
        self, by_keys: dict[Keys, tuple[list[int], list[tuple[bytes, ...]]]], odd: set[int]
    ) -> dict[str, TextColumn]:
        import numpy as np

        columns: dict[str, TextColumn] = {}
        for keys, (rows, values) in by_keys.items():
            names = self._plan(keys)
            if names is None:
                odd.update(rows)
                continue
            places = np.array(rows)
            for name, texts in zip(names, zip(*values, strict=True), strict=True):
                column = columns.setdefault(name, TextColumn())
                column.parts.append(places)
                column.texts.extend(texts)
        return columns

    def _plan(self, keys: Keys) -> tuple[str, ...] | None:
        """The keys as text, if they are well-formed, different, and declare the columns."""
        if keys not in self._plans:
            if len(self._plans) > _CACHE_LIMIT:
                self._plans.clear()
            sound = len(set(keys)) == len(keys) and b"Properties" in keys
            sound = sound and all(_KEY.fullmatch(key) and key.lower() != b"uid" for key in keys)
            self._plans[keys] = tuple(key.decode() for key in keys) if sound else None
        return self._plans[keys]

    def _groups(self, key: str, column: TextColumn, odd: set[int]) -> list[Group]:
        """Groups of one key; of texts that come again and again every different one is read once."""
        different = column.different()
        if different is None:
            return self._groups_of_all(key, column, odd)
        import numpy as np

        texts, which = different
        unfit: set[int] = set()
        groups = self._groups_of_all(key, TextColumn([np.arange(len(texts))], texts), unfit)
        rows = column.rows
        odd.update(rows[np.isin(which, list(unfit))].tolist() if unfit else ())
        return [spread(group, which, rows) for group in groups]

    def _groups_of_all(self, key: str, column: TextColumn, odd: set[int]) -> list[Group]:
        joined = b" ".join(column.texts)
        if not joined.translate(None, _PLAIN_NUMBERS):
            groups = number_groups(key, column, joined)
            if groups is not None:
                return groups
        return self._text_groups(key, column, odd)

    def _text_groups(self, key: str, column: TextColumn, odd: set[int]) -> list[Group]:
        found: dict[Reading, tuple[list[int], list[Value]]] = {}
        known = {text: self.classify(key, text) for text in set(column.texts)}
        for row, text in zip(column.rows.tolist(), column.texts, strict=True):
            value = known[text]
            if value is None:
                odd.add(row)
                continue
            rows, values = found.setdefault(value.reading, ([], []))
            rows.append(row)
            values.append(value)
        return [value_group(key, reading, rows, values) for reading, (rows, values) in found.items()]

    def classify(self, key: str, text: bytes) -> Value | None:
        """The value, if nothing about it needs saying."""
        if len(text) > _LONG_TEXT and key != "Properties":
            value = _sound_value(key, text.decode())  # many of them would take all the memory
            cut = value is not None and value.reading.kind == "text"
            return Value(value.reading, (), value.text[:TEXT_LENGTH]) if cut and value else value
        if (key, text) not in self._values:
            if len(self._values) > _CACHE_LIMIT:
                self._values.clear()
            self._values[key, text] = _sound_value(key, text.decode())
        return self._values[key, text]


def _sound_value(key: str, text: str) -> Value | None:
    """The value of a text; words that can be nothing else, such as names of frames, are many and take no look."""
    if _WORD.fullmatch(text) and text.lower() not in _NO_WORDS and key not in _KEYS_WITH_FORM:
        return Value(Reading("text"), (), text)
    return _looked_at(key, text)


def _looked_at(key: str, text: str) -> Value | None:
    from .frame import value_damages

    seen = read_value_like_ase(key, text)
    meant = read_value(Entry(key, text, '"', 0, 0))
    if seen.reading != meant.reading or seen.reading.kind == "error" or "," in text:
        return None
    if key == "pbc" and (
        seen.reading.shape not in ((), (3,)) or seen.reading.kind not in ("int", "real", "bool")
    ):
        return None
    if key in MOVED_INFO and seen.reading.kind not in ("int", "real", "bool"):
        return None
    if key == "Properties":
        layout = read_properties(text)
        if (
            seen.reading.kind != "text"
            or layout_error(layout, seen)
            or placing_error(layout)
            or _unusual(text)
        ):
            return None
    return None if any(value_damages({key: meant}, {key: seen}, "")) else seen


def _unusual(properties: str) -> bool:
    layout = read_properties(properties)
    return bool(layout.broken) or not names_atoms_first(layout)
