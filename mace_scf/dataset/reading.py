"""Kind and shape of one written value, as the format means it and as ASE takes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import attrs

from .comment import Entry

Shape = tuple[int, ...]
BOOLEANS = {
    "T": True, "F": False, "true": True, "false": False,
    "True": True, "False": False, "TRUE": True, "FALSE": False,
}  # fmt: skip
NINE_NUMBER_KEYS = frozenset({"Lattice", "virial", "stress"})  # ASE refuses any other form of these
_SEPARATORS = re.compile(r"[^\s,]+")
_INTEGER = re.compile(r"[+-]?\d+")
_REAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
_MAX_INTEGER = 2**63


@attrs.frozen(order=True, cache_hash=True)
class Reading:
    """What a value is.

    Attributes:
        kind: ``int``, ``real``, ``bool``, ``text``, ``object`` (JSON), or ``error``.
        shape: ``()`` for one value.
    """

    kind: str
    shape: Shape = ()

    @property
    def numeric(self) -> bool:
        """Integers or reals."""
        return self.kind in ("int", "real")

    @property
    def size(self) -> int:
        """How many numbers."""
        size = 1
        for length in self.shape:
            size *= length
        return size

    @property
    def shown(self) -> str:
        """``real``, ``3 reals``, ``3x3 reals``, ``text``."""
        if not self.shape:
            return self.kind
        return "x".join(map(str, self.shape)) + f" {self.kind}" + ("s" if self.kind != "text" else "")


@attrs.frozen
class Value:
    """A reading with the numbers it holds (row by row) or, for ``error``, why ASE stops at it."""

    reading: Reading
    numbers: tuple[float, ...] = ()
    text: str = ""


def read_value(entry: Entry) -> Value:
    """The format's reading of an entry.

    >>> read_value(Entry("m", "[1,0],[0,1]", "[", 0, 0)).reading.shape
    (2, 2)
    """
    if entry.opening == "[":
        return _nested(entry.text)
    if entry.opening == "'":
        return Value(Reading("text"), (), f"'{entry.text}'")  # single quotes delimit nothing there
    if entry.text.startswith("_JSON "):
        return _json_value(entry.text[6:], entry.text)
    words = entry.text.split()
    one = len(words) == 1 and entry.opening != "{"
    return _words_value(words, entry.text, () if one else (len(words),))


def read_value_like_ase(key: str, text: str) -> Value:
    """ASE's reading of a value text; ``error`` where ASE stops reading the file.

    >>> read_value_like_ase("REF_energy", "-1.5D+00").reading.kind
    'text'
    """
    value = Value(Reading("text"), (), text) if key.lower() == "uid" else _ase_numbers(text)
    if key in NINE_NUMBER_KEYS:
        return _ase_nine_numbers(key, value)
    if value.reading.kind != "text" or key.lower() == "uid":
        return value
    words = _SEPARATORS.findall(text)
    if words and all(word in BOOLEANS for word in words):
        return Value(Reading("bool", _word_shape(words)), tuple(float(BOOLEANS[word]) for word in words))
    return _ase_json(text) if text.startswith("_JSON ") else value


def read_values_like_ase(pairs: Iterable[tuple[str, str]]) -> dict[str, Value]:
    """The last value of every key, but the first at which ASE stops: it reads all of them, one after the other."""
    values: dict[str, Value] = {}
    for key, text in pairs:
        if key not in values or values[key].reading.kind != "error":
            values[key] = read_value_like_ase(key, text)
    return values


def _ase_numbers(text: str) -> Value:
    words = _SEPARATORS.findall(text)
    shape = _word_shape(words)
    try:
        integers = [int(word) for word in words]
        if all(-_MAX_INTEGER <= number < _MAX_INTEGER for number in integers):
            return Value(Reading("int", shape), tuple(map(float, integers)))
    except ValueError:
        pass
    try:
        return Value(Reading("real", shape), tuple(map(float, words)))
    except ValueError:
        return Value(Reading("text"), (), text)


def _ase_nine_numbers(key: str, value: Value) -> Value:
    if not (value.reading.numeric and value.reading.shape == (9,)):
        return Value(Reading("error"), (), f"ValueError: `{key}` must have 9 numbers")
    return Value(Reading(value.reading.kind, (3, 3)), value.numbers)


def _ase_json(text: str) -> Value:
    try:
        data = json.loads(text.replace("_JSON ", "", 1))
    except (ValueError, RecursionError) as error:
        return Value(Reading("error"), (), f"{type(error).__name__}: the JSON value cannot be read")
    if isinstance(data, list) and _regular_shape(data) is None:
        return Value(Reading("error"), (), "ValueError: the lists of a JSON value differ in length")
    return _json_reading(data, text)


def _word_shape(words: list[str]) -> Shape:
    return () if len(words) == 1 else (len(words),)


def _words_value(words: list[str], text: str, shape: Shape) -> Value:
    if words and all(_INTEGER.fullmatch(word) for word in words):
        return Value(Reading("int", shape), tuple(float(word) for word in words))
    if words and all(_REAL.fullmatch(word) for word in words):
        return Value(Reading("real", shape), tuple(_real(word) for word in words))
    if words and all(word in BOOLEANS for word in words):
        return Value(Reading("bool", shape), tuple(float(BOOLEANS[word]) for word in words))
    return Value(Reading("text"), (), text)


def _real(word: str) -> float:
    return float(word.lower().replace("d", "e") if word[-1].isdigit() or word[-1] == "." else word)


def _json_value(text: str, fallback: str) -> Value:
    try:
        return _json_reading(json.loads(text), fallback)
    except (ValueError, RecursionError):
        return Value(Reading("text"), (), fallback)


def _nested(text: str) -> Value:
    """An array in brackets: JSON as it stands, or words that JSON would want quoted."""
    try:
        return _json_reading(json.loads(f"[{text}]"), text)
    except (ValueError, RecursionError):
        words = _SEPARATORS.findall(text)
        return _words_value(words, text, (len(words),))


def _json_reading(data: Any, text: str) -> Value:
    shape = _regular_shape(data)
    if isinstance(data, str):
        return Value(Reading("text"), (), data)
    if shape is not None and 0 in shape:
        return Value(Reading("real", shape))  # an array of nothing, for numpy of reals
    leaves = _leaves(data) if shape is not None else []
    kinds = {type(leaf) for leaf in leaves}
    if shape is None or not kinds or not kinds <= {int, float, bool}:
        return Value(Reading("object"), (), text)
    kind = "bool" if kinds == {bool} else "real" if float in kinds else "int"
    try:
        return Value(Reading(kind, shape), tuple(float(leaf) for leaf in leaves))
    except OverflowError:
        return Value(Reading("object"), (), text)


def _regular_shape(data: Any) -> Shape | None:
    """Shape of nested lists of equal lengths, ``None`` for anything else."""
    shape: list[int] = []
    level = [data]
    while level and all(isinstance(item, list) for item in level):
        lengths = {len(item) for item in level}
        if len(lengths) != 1:
            return None
        shape.append(lengths.pop())
        level = [inner for item in level for inner in item]
    return None if any(isinstance(item, list) for item in level) else tuple(shape)


def _leaves(data: Any) -> list[Any]:
    level = [data]
    while level and isinstance(level[0], list):
        level = [inner for item in level for inner in item]
    return level
