"""What a test in a script comes to, where everything in it is known: `[[ $MODE == debug ]]`, `case $SYSTEM in`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase

_CLOSING = {"[": "]", "[[": "]]"}
_UNARY: Mapping[str, Callable[[str], bool]] = {"-n": bool, "-z": lambda text: not text}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda one, other: one == other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
}
_NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": lambda one, other: one == other,
    "-ne": lambda one, other: one != other,
    "-gt": lambda one, other: one > other,
    "-ge": lambda one, other: one >= other,
    "-lt": lambda one, other: one < other,
    "-le": lambda one, other: one <= other,
}
_WHOLE = re.compile(r"-?[0-9]{1,15}\Z")
_PATTERN = re.compile(r"[*?\[\\]")
_PLAIN_PATTERN = re.compile(r"[\w.*?+:/-]*\Z", re.ASCII)


def outcome(words: Sequence[str | None]) -> bool | None:
    """Whether a test succeeds; None for what depends on something unknown, on files, or is no such test.

    >>> outcome(["[[", "debug", "==", "debug", "]]"]), outcome(["[", "-d", "logs", "]"])
    (True, None)
    """
    if list(words) in (["true"], ["false"]):
        return words[0] == "true"
    if not words or words[0] not in ("[", "[[", "test"):
        return None
    closing = _CLOSING.get(words[0])
    if closing is not None and words[-1] != closing:
        return None
    return _test(words[1 : len(words) - (closing is not None)], patterns=words[0] == "[[")


def _test(operands: Sequence[str | None], *, patterns: bool) -> bool | None:
    match list(operands):
        case [str(operator), str(text)] if operator in _UNARY:
            return _UNARY[operator](text)
        case [str(one), str(operator), str(other)] if operator in _TEXTS:
            return None if patterns and _PATTERN.search(other) else _TEXTS[operator](one, other)
        case [str(one), str(operator), str(other)] if operator in _NUMBERS:
            whole = _WHOLE.match(one) and _WHOLE.match(other)
            return _NUMBERS[operator](int(one), int(other)) if whole else None
    return None


def matches(text: str, pattern: str) -> bool | None:
    """Whether a word fits a pattern of `case`; None for a pattern with more than stars and question marks.

    >>> matches("water", "w*"), matches("water", "[a-z]*")
    (True, None)
    """
    return fnmatchcase(text, pattern) if _PLAIN_PATTERN.match(pattern) else None
