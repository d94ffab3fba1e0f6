"""Splits ordinary comment lines quickly, and sorts their values into columns by key.

Ordinary means: ASCII, double quotes only, no escapes or brackets, every word ``key=value``. There the
format's reading and ASE's agree on how to split. Everything else is left to :mod:`.frame`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs

from .columns import read_properties
from .comment import Entry
from .loader import layout_error
from .reach import MOVED_INFO
from .reading import NINE_NUMBER_KEYS, Reading, Value, read_value, read_value_like_ase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STRANGE = re.compile(rb"[\\'{}\[\]\x00-\x08\x0b-\x1f\x7f-\xff]")
_KEY = re.compile(rb"[A-Za-z_][A-Za-z0-9_.:-]*")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NO_WORDS = frozenset({"t", "f", "true", "false", "nan", "inf", "infinity", "none", "null", "na"})
_KEYS_WITH_FORM = frozenset({"Properties", "pbc", "Lattice", *NINE_NUMBER_KEYS, *MOVED_INFO})
_PLAIN_NUMBERS = b"0123456789+-.eE "
_CACHE_LIMIT = 20_000
_LONGEST_INTEGER = 18

Keys = tuple[bytes, ...]


@attrs.define
class TextColumn:
    """The value texts of one key: in which frames (by position in the batch), and what they are."""

    rows: list[int] = attrs.field(factory=list)
    texts: list[bytes] = attrs.field(factory=list)


@attrs.frozen(eq=False)
class Group:
    """Equal readings of one key.

    Attributes:
        key: as text.
        reading: the format's and ASE's alike.
        rows: positions of the frames in the batch.
        numbers: a row of numbers per frame (also for booleans); ``None`` for text.
        codes: which of the ``names`` each frame has; ``None`` for numbers.
        names: different texts.
    """

    key: str
    reading: Reading
    rows: Any
    numbers: Any = None
    codes: Any = None
    names: Sequence[str] = ()


def split_comment(comment: bytes) -> tuple[Keys, tuple[bytes, ...]] | None:
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
    return _STRANGE.search(text) is not None


class Columns:
    """Sorts the comments of a batch into groups; remembers what it has classified before."""

    def __init__(self) -> None:
        self._plans: dict[Keys, tuple[str, ...] | None] = {}
        self._values: dict[tuple[str, bytes], Value | None] = {}

    def sort(self, comments: Sequence[bytes]) -> tuple[list[Group], set[int]]:
        """Groups of equal readings, and the positions of comments that are not ordinary.

        The groups hold no rows of those.
        """
        odd: set[int] = set()
        # Carriage returns before a newline are blanks; every other control character is strange.
        check_each = strange(b"\n".join(comments).replace(b"\r\n", b"\n").replace(b"\n", b""))
        by_keys: dict[Keys, tuple[list[int], list[tuple[bytes, ...]]]] = {}
        for row, comment in enumerate(comments):
            split = None if check_each and strange(comment.rstrip(b"\r")) else split_comment(comment)
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
        columns: dict[str, TextColumn] = {}
        for keys, (rows, values) in by_keys.items():
            names = self._plan(keys)
            if names is None:
                odd.update(rows)
                continue
            for name, texts in zip(names, zip(*values, strict=True), strict=True):
                column = columns.setdefault(name, TextColumn())
                column.rows.extend(rows)
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
        joined = b" ".join(column.texts)
        if not joined.translate(None, _PLAIN_NUMBERS):
            groups = _number_groups(key, column, joined)
            if groups is not None:
                return groups
        return self._text_groups(key, column, odd)

    def _text_groups(self, key: str, column: TextColumn, odd: set[int]) -> list[Group]:
        found: dict[Reading, tuple[list[int], list[Value]]] = {}
        known = {text: self.classify(key, text) for text in set(column.texts)}
        for row, text in zip(column.rows, column.texts, strict=True):
            value = known[text]
            if value is None:
                odd.add(row)
                continue
            rows, values = found.setdefault(value.reading, ([], []))
            rows.append(row)
            values.append(value)
        return [_value_group(key, reading, rows, values) for reading, (rows, values) in found.items()]

    def classify(self, key: str, text: bytes) -> Value | None:
        """The value, if nothing about it needs saying."""
        if (key, text) not in self._values:
            if len(self._values) > _CACHE_LIMIT:
                self._values.clear()
            self._values[key, text] = _sound_value(key, text.decode())
        return self._values[key, text]


def _number_groups(key: str, column: TextColumn, joined: bytes) -> list[Group] | None:
    """Groups by count and kind; ``None`` where the words are not plain numbers after all."""
    import numpy as np

    words = joined.split()
    try:
        numbers = np.array(list(map(float, words)))
    except ValueError:
        return None
    if not np.isfinite(numbers).all():
        return None
    points = joined.count(b".")
    exponents = b"e" in joined or b"E" in joined
    if not points and not exponents and max(map(len, words)) > _LONGEST_INTEGER:
        return None
    if points == len(words) or not (points or exponents):
        width = _common_width(column.texts, len(words))
        if width:
            reading = number_reading(key, real=_real(column.texts[0]), width=width)
            rows = np.array(column.rows)
            return None if reading is None else [Group(key, reading, rows, numbers.reshape(-1, width))]
    return _mixed_groups(key, column, numbers)


def _common_width(texts: Sequence[bytes], words: int) -> int:
    """Numbers per text if all have as many, 0 otherwise."""
    width, rest = divmod(words, len(texts))
    if rest:
        return 0
    if width == 1:
        return 0 if any(b" " in text for text in texts) else 1
    return width if all(text.count(b" ") == width - 1 for text in texts) else 0


def _mixed_groups(key: str, column: TextColumn, numbers: Any) -> list[Group] | None:
    found: dict[Reading, tuple[list[int], list[Any]]] = {}
    offset = 0
    for row, text in zip(column.rows, column.texts, strict=True):
        width = len(text.split())
        reading = number_reading(key, real=_real(text), width=width)
        if reading is None or (reading.kind == "int" and len(text) > _LONGEST_INTEGER):
            return None
        rows, values = found.setdefault(reading, ([], []))
        rows.append(row)
        values.append(numbers[offset : offset + width])
        offset += width
    return [Group(key, reading, rows, values) for reading, (rows, values) in found.items()]


def number_reading(key: str, *, real: bool, width: int) -> Reading | None:
    """The reading of so many numbers; ``None`` where ASE refuses the frame for it."""
    kind = "real" if real else "int"
    if key in NINE_NUMBER_KEYS:
        return Reading(kind, (3, 3)) if width == 9 else None
    if key == "Properties" or (key == "pbc" and width not in (1, 3)):
        return None
    return Reading(kind, () if width == 1 else (width,))


def _real(text: bytes) -> bool:
    return b"." in text or b"e" in text or b"E" in text


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
    if key == "Properties" and (
        seen.reading.kind != "text" or layout_error(read_properties(text), seen) or _unusual(text)
    ):
        return None
    return None if any(value_damages({key: meant}, {key: seen}, "")) else seen


def _unusual(properties: str) -> bool:
    layout = read_properties(properties)
    first = layout.columns[0] if layout.columns else None
    return (
        bool(layout.broken) or first is None or (first.name, first.letter, first.width) != ("species", "S", 1)
    )


def _value_group(key: str, reading: Reading, rows: list[int], values: list[Value]) -> Group:
    if reading.kind == "text":
        return text_group(key, reading, rows, [value.text for value in values])
    return Group(key, reading, rows, [value.numbers for value in values])


def text_group(key: str, reading: Reading, rows: Any, texts: Sequence[str]) -> Group:
    """The group of these texts, one per row."""
    import numpy as np

    names = list(dict.fromkeys(texts))
    place = {name: code for code, name in enumerate(names)}
    return Group(key, reading, rows, None, np.array([place[text] for text in texts], dtype=np.int64), names)


def without(group: Group, odd: NDArray[np.bool_]) -> Group:
    """The group with the rows of ordinary frames only."""
    import numpy as np

    rows = np.asarray(group.rows, dtype=np.int64)
    return part(group, np.flatnonzero(~odd[rows]), rows)


def part(group: Group, kept: NDArray[np.int64], rows: NDArray[np.int64]) -> Group:
    """Some positions of a group, of which ``rows`` are the frames."""
    import numpy as np

    numbers = None if group.numbers is None else np.asarray(group.numbers, dtype=np.float64)[kept]
    codes = None if group.codes is None else group.codes[kept]
    return attrs.evolve(group, rows=rows[kept], numbers=numbers, codes=codes)
