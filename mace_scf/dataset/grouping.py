"""Readings of one key in many frames, as columns: numbers, or texts and which of them each frame has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

import attrs

from .decimals import MARGIN, points_in, read_decimals, word_bounds
from .reading import NINE_NUMBER_KEYS, Reading, Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_LONGEST_INTEGER = 18
_WORTH_IT = 1 << 12  # bytes; a few words are read faster one by one
_SAMPLE = 64  # texts that tell whether a column repeats itself


@attrs.define
class TextColumn:
    """The value texts of one key: in which frames (by position in the batch), and what they are."""

    parts: list[Integers] = attrs.field(factory=list)
    texts: list[bytes] = attrs.field(factory=list)

    @property
    def rows(self) -> Integers:
        """The frames."""
        import numpy as np

        return np.concatenate(self.parts)

    def different(self) -> tuple[list[bytes], Integers] | None:
        """The different texts and which of them each frame has; ``None`` if there are too many of them."""
        if 2 * len(set(self.texts[:_SAMPLE])) > len(self.texts[:_SAMPLE]):
            return None
        place = {text: code for code, text in enumerate(dict.fromkeys(self.texts))}
        if 2 * len(place) > len(self.texts):
            return None
        import numpy as np

        return list(place), np.fromiter(map(place.__getitem__, self.texts), np.int64, len(self.texts))


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


def number_groups(key: str, column: TextColumn, joined: bytes) -> list[Group] | None:
    """Groups by count and kind; ``None`` where the words are not plain numbers after all."""
    read = _read_numbers(joined) if joined.strip() else None
    if read is None:
        return None
    numbers, longest = read
    points = joined.count(b".")
    exponents = b"e" in joined or b"E" in joined
    if not points and not exponents and longest > _LONGEST_INTEGER:
        return None
    if points == len(numbers) or not (points or exponents):
        width = _common_width(column.texts, joined, len(numbers))
        if width:
            reading = number_reading(key, real=_real(column.texts[0]), width=width)
            return None if reading is None else [Group(key, reading, column.rows, numbers.reshape(-1, width))]
    return _mixed_groups(key, column, numbers)


def _read_numbers(joined: bytes) -> tuple[NDArray[np.float64], int] | None:
    """Words between blanks as finite numbers, and the length of the longest; ``None`` if one is something else."""
    import numpy as np

    if len(joined) < _WORTH_IT:
        words = joined.split()
        try:
            numbers = np.array(list(map(float, words)))
        except ValueError:
            return None
        longest = max(map(len, words))
    else:
        raw = np.frombuffer(b" " * MARGIN + joined + b" ", dtype=np.uint8)
        starts, ends = word_bounds(raw == 32)
        read = read_decimals(raw, starts, ends, points_in(raw, starts, ends))
        if read is None:
            return None
        numbers, longest = read[0], int((ends - starts).max())
    return (numbers, longest) if np.isfinite(numbers).all() else None


def _common_width(texts: Sequence[bytes], joined: bytes, words: int) -> int:
    """Numbers per text if all have as many, 0 otherwise; ``joined`` is the texts with a blank between each."""
    width, rest = divmod(words, len(texts))
    if rest or joined.count(b" ") != words - 1:
        return 0
    return width if width == 1 or set(map(bytes.count, texts, repeat(b" "))) == {width - 1} else 0


def _mixed_groups(key: str, column: TextColumn, numbers: Any) -> list[Group] | None:
    found: dict[Reading, tuple[list[int], list[Any]]] = {}
    offset = 0
    for row, text in zip(column.rows.tolist(), column.texts, strict=True):
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


def value_group(key: str, reading: Reading, rows: list[int], values: list[Value]) -> Group:
    """The group of these values, which have one reading, one per row."""
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


def spread(group: Group, which: Integers, rows: Integers) -> Group:
    """A group over different texts, as a group over frames: ``which`` text each of the ``rows`` has."""
    import numpy as np

    place = np.full(int(which.max()) + 1, -1)
    place[np.asarray(group.rows)] = np.arange(len(group.rows))
    own = place[which]
    kept = np.flatnonzero(own >= 0)
    numbers = None if group.numbers is None else np.asarray(group.numbers, dtype=np.float64)[own[kept]]
    codes = None if group.codes is None else group.codes[own[kept]]
    return attrs.evolve(group, rows=rows[kept], numbers=numbers, codes=codes)
