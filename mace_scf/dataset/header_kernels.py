"""Compiled walk over frames, their elements, and the splitting of ordinary comment lines."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .compose import ELEMENTS
from .decimal_kernels import HARD, INTEGER, STRANGE, read_number

_U: Any = np.uint64
_BLANK, _KEY_START, _KEY, _PLAIN = 1, 2, 4, 8
KIND_INT, KIND_REAL, KIND_TEXT = 0, 1, 2
FRAME, GROUP, VALUE_START, VALUE_END, NUMBER, KEY_START, KEY_END, COUNT, KIND = range(9)
TABLE = 1 << 14


def byte_classes() -> np.ndarray:
    """What each byte may be in an ordinary comment line, as bits."""
    classes = np.zeros(256, dtype=np.uint8)
    for byte in range(32, 127):
        if chr(byte) not in "\\'{}[]\"":
            classes[byte] |= _PLAIN
        if chr(byte).isalpha() or byte == ord("_"):
            classes[byte] |= _KEY_START | _KEY
        if chr(byte).isdigit() or chr(byte) in ".:-":
            classes[byte] |= _KEY
    for byte in b" \t\r":
        classes[byte] = _BLANK | (_PLAIN if byte == 32 else 0)
    return classes


@numba.njit(cache=True)
def walk_frames(raw: Any, ends: Any, line: Any, start: Any, spans: Any) -> Any:
    """Regular frames from ``line`` on: rows of (line, start, comment start, comment end, block end, size).

    Returns how many, and the line and offset behind the last of them.
    """
    found, total = 0, len(ends)
    size = _count_line(raw, start, ends[line]) if line < total else -1
    while size > 0 and found < len(spans):
        last = line + 1 + size
        if last + 1 >= total:
            break
        after = ends[last] + 1
        following = _count_line(raw, after, ends[last + 1])
        if following < 0:
            break
        row = spans[found]
        row[0], row[1], row[2] = line, start, ends[line] + 1
        row[3], row[4], row[5] = ends[line + 1], after, size
        found += 1
        line, start, size = last + 1, after, following
    return found, line, start


@numba.njit(cache=True)
def _count_line(raw: Any, start: Any, end: Any) -> Any:
    """The number of atoms on a line, -1 for anything but digits and blanks."""
    while start < end and (raw[start] == 32 or raw[start] == 9):
        start += 1
    while end > start and (raw[end - 1] == 32 or raw[end - 1] == 9 or raw[end - 1] == 13):
        end -= 1
    if end == start or end - start > 11:
        return -1
    number = 0
    for at in range(start, end):
        if raw[at] < 48 or raw[at] > 57:
            return -1
        number = number * 10 + (raw[at] - 48)
    return number


@numba.njit(cache=True)
def count_elements(raw: Any, ends: Any, lines: Any, sizes: Any, table: Any, counts: Any, sound: Any) -> Any:
    """Atoms per frame and element; ``sound`` is False where a line begins with no symbol."""
    last = len(raw) - 1
    for frame in range(len(lines)):
        for line in range(lines[frame], lines[frame] + sizes[frame]):
            at = ends[line] + 1
            second, third = raw[min(at + 1, last)], raw[min(at + 2, last)]
            number = table[np.int64(raw[at]) * 256 + second]
            blank = second == 32 or second == 9 or second == 13 or second == 10
            blank = blank or third == 32 or third == 9 or third == 13 or third == 10
            if number < 0 or not blank:
                sound[frame] = False
                break
            counts[frame * ELEMENTS + number] += 1


@numba.njit(cache=True)
def split_headers(
    raw: Any,
    starts: Any,
    ends: Any,
    classes: Any,
    tokens: Any,
    hashes: Any,
    numbers: Any,
    slots: Any,
    keys: Any,
    ordinary: Any,
) -> Any:
    """Tokens and numbers of all ordinary comment lines.

    Args:
        raw: bytes.
        starts, ends: of the comments.
        classes: see :func:`byte_classes`.
        tokens: out, rows by the column names above.
        hashes: out, of the value texts.
        numbers: out, all numbers one after the other.
        slots: hash table: group number + 1 or 0, kept between calls.
        keys: (group, 2) hash of the key and of kind and count, kept between calls; row 0 holds the number
            of groups.
        ordinary: out, per frame.

    Returns how many tokens and numbers, or -1 where the outputs are too small.
    """
    used, stored = 0, 0
    for frame in range(len(starts)):
        first, first_number = used, stored
        at, end, good = starts[frame], ends[frame], True
        while good:
            while at < end and classes[raw[at]] & _BLANK:
                at += 1
            if at >= end:
                break
            if used >= len(tokens) or stored + (end - at) > len(numbers):
                return -1, 0
            token = tokens[used]
            token[KEY_START] = at
            if not classes[raw[at]] & _KEY_START:
                good = False
                break
            name = _U(14695981039346656037)
            while at < end and classes[raw[at]] & _KEY:
                name = (name ^ _U(raw[at])) * _U(1099511628211)
                at += 1
            token[KEY_END] = at
            at, good = _value_bounds(raw, at, end, classes, token)
            if not good:
                break
            kind, count = _read_words(raw, token[VALUE_START], token[VALUE_END], numbers, stored)
            if kind < 0:
                good = False
                break
            token[FRAME], token[KIND], token[COUNT], token[NUMBER] = frame, kind, count, stored
            if kind == KIND_TEXT:
                hashes[used] = _text_hash(raw, token[VALUE_START], token[VALUE_END])
            else:
                stored += count
            group = _group(slots, keys, name, _U(kind) + _U(4) * _U(count))
            if group < 0:
                return -2, 0
            token[GROUP] = group
            for other in range(first, used):
                if keys[tokens[other, GROUP] + 1, 0] == name:
                    good = False
            used += 1
        ordinary[frame] = good and used > first
        if not good:
            used, stored = first, first_number
    return used, stored


@numba.njit(cache=True)
def _value_bounds(raw: Any, at: Any, end: Any, classes: Any, token: Any) -> Any:
    """Where the value behind ``=`` lies; the position behind it, and whether it is ordinary."""
    if at + 1 >= end or raw[at] != 61:
        return at, False
    at += 1
    quoted = raw[at] == 34
    if quoted:
        at += 1
    token[VALUE_START] = at
    if quoted:
        while at < end and raw[at] != 34:
            if not classes[raw[at]] & _PLAIN and raw[at] != 9:
                return at, False
            at += 1
        token[VALUE_END] = at
        if at >= end or at == token[VALUE_START]:
            return at, False
        at += 1
        return at, at == end or (classes[raw[at]] & _BLANK) != 0
    while at < end and not classes[raw[at]] & _BLANK:
        if not classes[raw[at]] & _PLAIN:
            return at, False
        at += 1
    token[VALUE_END] = at
    return at, at > token[VALUE_START]


@numba.njit(cache=True)
def _read_words(raw: Any, at: Any, end: Any, numbers: Any, stored: Any) -> Any:
    """Kind and number of words of a value; the kind is -1 where Python must read it."""
    count, real, longest = 0, False, 0
    while True:
        while at < end and raw[at] == 32:
            at += 1
        if at >= end:
            break
        stop = at
        while stop < end and raw[stop] != 32:
            stop += 1
        status, number = read_number(raw, at, stop)
        numbers[stored + count] = number
        if status == HARD:
            return -1, 0
        if status == STRANGE:
            return KIND_TEXT, 0
        real = real or status != INTEGER
        longest = max(longest, stop - at)
        count += 1
        at = stop
    if count == 0 or (not real and longest > 18):
        return -1, 0
    return (KIND_REAL if real else KIND_INT), count


@numba.njit(cache=True)
def _text_hash(raw: Any, at: Any, end: Any) -> Any:
    value = _U(14695981039346656037) ^ _U(end - at)
    for position in range(at, end):
        value = (value ^ _U(raw[position])) * _U(1099511628211)
    return value ^ (value >> _U(29))


@numba.njit(cache=True)
def _group(slots: Any, keys: Any, name: Any, shape: Any) -> Any:
    """The number of a (key, kind, count), a new one if it was not seen before; -1 if there are too many."""
    mixed = (name ^ shape * _U(0x9E3779B97F4A7C15)) * _U(0xD6E8FEB86659FD93)
    slot = np.int64((mixed >> _U(40)) & _U(TABLE - 1))
    while slots[slot] != 0:
        group = slots[slot] - 1
        if keys[group + 1, 0] == name and keys[group + 1, 1] == shape:
            return group
        slot = (slot + 1) & (TABLE - 1)
    group = np.int64(keys[0, 0])
    if group >= TABLE // 2:
        return -1
    keys[0, 0] = _U(group + 1)
    keys[group + 1, 0], keys[group + 1, 1] = name, shape
    slots[slot] = group + 1
    return group
