"""Comment lines split by the structures of lines before them: the frames of a file nearly all look alike.

A structure is a regular expression of its own: the same keys in the same order, and which of the values are
quoted. Where none matches, the line is split word by word, and may become a structure itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import attrs

Keys = tuple[bytes, ...]
Split = tuple[Keys, tuple[bytes, ...]]
_TIMES = 4  # that a structure has come before it is worth a regular expression
_STRUCTURES = 32  # at most
_LESSONS = 1024  # lines that may teach one, so that files without any structure cost neither time nor memory
_LONGEST, _MOST_KEYS = 4096, 64  # of a structure worth keeping, in bytes
_BLANKS = re.compile(rb"[ \t]*")
_VALUES = {True: rb'="([^"]+)"', False: rb'=([^\s"=]+)'}


@attrs.frozen
class _Template:
    match: Callable[[bytes], re.Match[bytes] | None]
    keys: Keys


class Templates:
    """Splits ordinary comment lines of one file."""

    def __init__(self, split: Callable[[bytes], Split | None]) -> None:
        self._split = split
        self._known: dict[int, list[_Template]] = {}  # by the number of quotes, the last used first
        self._seen: Counter[bytes] = Counter()
        self._lessons = _LESSONS

    def split(self, comment: bytes) -> Split | None:
        """Keys and value texts, exactly as the way word by word gives them."""
        known = self._known.get(comment.count(b'"'), ())
        for place, template in enumerate(known):
            found = template.match(comment)
            if found is not None:
                if place and isinstance(known, list):
                    known.insert(0, known.pop(place))
                return template.keys, found.groups()
        split = self._split(comment)
        if split is not None and self._lessons:
            self._learn(comment, *split)
        return split

    def _learn(self, comment: bytes, keys: Keys, values: Sequence[bytes]) -> None:
        self._lessons -= 1
        pattern = pattern_of(comment, keys, values) if len(keys) <= _MOST_KEYS else None
        if pattern is None or len(pattern) > _LONGEST:
            return
        self._seen[pattern] += 1
        if self._seen[pattern] == _TIMES and sum(map(len, self._known.values())) < _STRUCTURES:
            template = _Template(re.compile(pattern).fullmatch, keys)
            self._known.setdefault(comment.count(b'"'), []).append(template)


def pattern_of(comment: bytes, keys: Keys, values: Sequence[bytes]) -> bytes | None:
    """The regular expression of lines like this one; ``None`` where its blanks or signs are unusual.

    >>> pattern_of(b'a=1 b="2 3"', (b"a", b"b"), (b"1", b"2 3"))
    b'[ \\\\t]*a=([^\\\\s"=]+)[ \\\\t]+b="([^"]+)"[ \\\\t\\\\r]*'
    """
    at, parts = 0, []
    for key, value in zip(keys, values, strict=True):
        at = _end_of_blanks(comment, at)
        quoted = comment.startswith(key + b'="', at)
        written = key + (b'="%b"' if quoted else b"=%b") % value
        if not comment.startswith(written, at) or (not quoted and b"=" in value):
            return None
        parts.append(re.escape(key) + _VALUES[quoted])
        at += len(written)
    return rb"[ \t]*" + rb"[ \t]+".join(parts) + rb"[ \t\r]*"


def _end_of_blanks(comment: bytes, at: int) -> int:
    found = _BLANKS.match(comment, at)
    return at if found is None else found.end()
