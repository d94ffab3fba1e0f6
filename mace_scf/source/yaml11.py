"""What a plain YAML scalar means: to the trainer's YAML 1.1 reader, and to an editor's YAML 1.2 reader."""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Callable
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
    r"""[0-9]{4}-[0-9]{2}-[0-9]{2}
        |(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?:[Tt]|[ \t]+)
         (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]*))?
         (?:[ \t]*(?P<zone>Z|(?P<sign>[-+])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?))?""",
    re.VERBOSE,
)
_STANDARD = "tag:yaml.org,2002:"
_EXACT = "!"  # the tag that makes a text of whatever follows
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
        return _timestamp(text)
    except (ValueError, OverflowError):
        return text


def _timestamp(text: str) -> datetime.date:
    found = _TIMESTAMP_11.fullmatch(text)
    if found is None or found["year"] is None:
        return datetime.date.fromisoformat(text)
    year, month, day, hour, minute, second = (int(found[name]) for name in _PARTS)
    micro = int((found["fraction"] or "")[:6].ljust(6, "0"))
    return datetime.datetime(year, month, day, hour, minute, second, micro, _zone(found))


_PARTS = ("year", "month", "day", "hour", "minute", "second")


def _zone(found: re.Match[str]) -> datetime.tzinfo | None:
    if found["sign"] is None:
        return datetime.UTC if found["zone"] else None
    ahead = datetime.timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return datetime.timezone(-ahead if found["sign"] == "-" else ahead)


def tagged11_value(tag: str, text: str) -> ScalarValue:
    """Value of a scalar with a tag, for the same loader; the text where it refuses it.

    >>> tagged11_value("tag:yaml.org,2002:int", "5"), tagged11_value("tag:yaml.org,2002:str", "5")
    (5, '5')
    """
    make = _TAGGED.get(tag)
    try:
        return make(text) if make else text
    except (ValueError, OverflowError, LookupError):
        return text


def tagged12_value(tag: str, text: str) -> ScalarValue:
    """Value of a scalar with a tag, as editors read it: the tag counts where the text fits it."""
    value = yaml12_value(text)
    kinds = _KINDS_12.get(tag.removeprefix(_STANDARD), ())
    return value if type(value) in kinds else text


def refusal(tag: str, text: str) -> str:
    """Why the trainer's YAML reader stops at a scalar; "" where it makes a value of it.

    Args:
        tag: its tag, "" where it has none.
        text: its characters, of a plain scalar where there is no tag.

    >>> refusal("", "2001-99-99"), refusal("!mine", "5"), refusal("", "5")
    ('`2001-99-99` looks like a date and is none', 'the tag `!mine` means nothing to it', '')
    """
    if tag:
        return _tag_refusal(tag, text)
    if text in ("=", "<<"):
        return f"`{text}` is a sign of YAML's own"
    if text[:1].isdigit() and _TIMESTAMP_11.fullmatch(text) and isinstance(_date(text), str):
        return f"`{text}` looks like a date and is none"
    if text.lstrip("+-")[:2] in ("0b", "0x") and _INTEGER_11.fullmatch(text) and not text.strip("+-0bx_"):
        return f"`{text}` looks like a number and has no digits"
    return ""


def collection_refusal(tag: str, *, is_mapping: bool) -> str:
    """Why the trainer's YAML reader stops at a mapping or list with a tag; "" where it does not."""
    if not tag or tag == _EXACT or COLLECTION_TAGS.get(tag) is is_mapping:
        return ""
    shown = tag.replace(_STANDARD, "!!")
    what = "a mapping" if is_mapping else "a list"
    return f"the tag `{shown}` means nothing to it" + (
        f" on {what}" if tag in COLLECTION_TAGS or tag in _TAGGED else ""
    )


def _tag_refusal(tag: str, text: str) -> str:
    shown = tag.replace(_STANDARD, "!!")
    if tag not in _TAGGED:
        return (
            f"the tag `{shown}` means nothing to it"
            if tag not in COLLECTION_TAGS
            else f"`{shown}` is no text"
        )
    try:
        _TAGGED[tag](text)
    except (ValueError, OverflowError, LookupError):
        return f"`{text}` is no value for the tag `{shown}`"
    return ""


def _tagged_integer(text: str) -> ScalarValue:
    return _whole_11(text.replace("_", ""))


def _tagged_float(text: str) -> ScalarValue:
    return _float_11(text.replace("_", "").lower())


def _tagged_bytes(text: str) -> ScalarValue:
    return str(base64.decodebytes(text.encode("ascii")))  # what becomes of bytes on their way to the parser


_TAGGED: dict[str, Callable[[str], ScalarValue]] = {
    _EXACT: str,
    f"{_STANDARD}str": str,
    f"{_STANDARD}null": lambda text: None,
    f"{_STANDARD}bool": lambda text: _BOOLEANS_11[text.lower()],
    f"{_STANDARD}int": _tagged_integer,
    f"{_STANDARD}float": _tagged_float,
    f"{_STANDARD}timestamp": _timestamp,
    f"{_STANDARD}binary": _tagged_bytes,
}
_KINDS_12: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
}
COLLECTION_TAGS = {
    f"{_STANDARD}{name}": name in ("map", "set") for name in ("map", "set", "seq", "omap", "pairs")
}
"""Tags of collections, and whether they are for mappings."""


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
