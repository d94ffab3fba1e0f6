"""What a plain YAML scalar means: to the trainer's YAML 1.1 reader, and to an editor's YAML 1.2 reader."""

from __future__ import annotations

import datetime
import re
from typing import TypeAlias

ScalarValue: TypeAlias = bool | int | float | str | datetime.date | None

_BOOLEANS_11 = {
    word: value
    for value, words in {True: ("yes", "true", "on"), False: ("no", "false", "off")}.items()
    for lower in words
    for word in (lower, lower.capitalize(), lower.upper())
}
_BOOLEANS_12 = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FIRST_OF_NUMBERS = frozenset("+-.0123456789")

_FLOAT_11 = re.compile(
    r"""(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?
         |\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
         |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
         |[-+]?\.(?:inf|Inf|INF)
         |\.(?:nan|NaN|NAN))""",
    re.VERBOSE,
)
_INTEGER_11 = re.compile(
    r"""(?:[-+]?0b[0-1_]+
         |[-+]?0[0-7_]+
         |[-+]?(?:0|[1-9][0-9_]*)
         |[-+]?0x[0-9a-fA-F_]+
         |[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)""",
    re.VERBOSE,
)
_TIMESTAMP_11 = re.compile(
    r"""(?:[0-9]{4}-[0-9]{2}-[0-9]{2}
         |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
          (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)""",
    re.VERBOSE,
)
_INTEGER_12 = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT_12 = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL_12 = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def yaml11_value(text: str) -> ScalarValue:
    """Value of a plain scalar for PyYAML's safe loader, which the trainer uses.

    >>> yaml11_value("1e-3"), yaml11_value("1.0e-3"), yaml11_value("010"), yaml11_value("on")
    ('1e-3', 0.001, 8, True)
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS_11:
        return _BOOLEANS_11[text]
    if text[0] in _FIRST_OF_NUMBERS:
        return _number_11(text)
    return text


def yaml12_value(text: str) -> ScalarValue:
    """Value of a plain scalar under YAML 1.2's core schema, as editors read it.

    >>> yaml12_value("1e-3"), yaml12_value("010"), yaml12_value("on")
    (0.001, 10, 'on')
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS_12:
        return _BOOLEANS_12[text]
    if text[0] in _FIRST_OF_NUMBERS:
        return _number_12(text)
    return text


def _number_11(text: str) -> ScalarValue:
    if _INTEGER_11.fullmatch(text):
        return _integer_11(text.replace("_", ""), text)
    if _FLOAT_11.fullmatch(text):
        return _float_11(text.replace("_", "").lower())
    if _TIMESTAMP_11.fullmatch(text):
        return _date(text)
    return text


_BITS = 1023  # larger integers overflow a float, and in the end any text made of them: no number for anybody


def _integer_11(digits: str, text: str) -> ScalarValue:
    try:
        value = _whole_11(digits)
    except (ValueError, OverflowError):  # "0b_", or more digits than Python converts
        return text
    return value if value.bit_length() <= _BITS else text


def _whole_11(digits: str) -> int:
    sign, digits = (-1, digits[1:]) if digits[0] == "-" else (1, digits.lstrip("+"))
    if digits == "0":
        return 0
    if digits.startswith("0b"):
        return sign * int(digits[2:], 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:], 16)
    if digits.startswith("0"):
        return sign * int(digits, 8)
    return sign * int(_sexagesimal(digits))


def _float_11(digits: str) -> float:
    sign, digits = (-1.0, digits[1:]) if digits[0] == "-" else (1.0, digits.lstrip("+"))
    if digits in (".inf", ".nan"):
        return sign * float(digits[1:])
    return sign * float(_sexagesimal(digits))


def _sexagesimal(digits: str) -> float | int | str:
    if ":" not in digits:
        return digits
    total: float = 0
    for part in digits.split(":"):
        total = total * 60 + float(part)
    return total


def _date(text: str) -> ScalarValue:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:  # a loose form such as 2024-1-2 10:00:00; its exact day matters to nobody here
        return datetime.date.min


def _number_12(text: str) -> ScalarValue:
    try:
        if _INTEGER_12.fullmatch(text):
            value = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            return value if value.bit_length() <= _BITS else text
        if _FLOAT_12.fullmatch(text):
            return float(text)
        if _SPECIAL_12.fullmatch(text):
            return float(text.replace(".", "", 1).lower())
    except ValueError:  # more digits than Python converts
        return text
    return text
