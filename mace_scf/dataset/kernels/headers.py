"""Splits ordinary comment lines into tokens, and sorts these by key.

The next key is guessed from the last frame, and so is its value: where the bytes are the same, nothing is
read anew.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from . import words
from .decimals import HARD, INTEGER, STRANGE, read_number
from .masks import STEP, blank_mask, quote_mask, strange_mask, word_end
from .words import BYTES, DOUBLES, INTEGERS, WORDS, are_equal, lowest_bit

BLANK, KEY_START, KEY = 1, 2, 4  # what a byte may be, as bits
KIND_INT, KIND_REAL, KIND_TEXT = 0, 1, 2
GROUPS = 1 << 12  # kept at most
NAME, VALUE, REMEMBERED = 64, 256, 16  # bytes of a key and of a value, numbers of a value that are kept
NAME_SIZE, NAME_ID, KIND, COUNT, NEXT, VALUE_SIZE, QUOTED, LAST_TEXT, STAMP = range(9)  # facts of a group
FACTS = 9
FRAME, GROUP, NUMBER = range(3)  # columns of a token; the number is a text for texts
TOKEN = 3
USED_GROUPS, USED_TEXTS, USED_TOKENS, USED_NUMBERS, CLOCK, ROOM_FOR_TEXTS, LENIENT = range(7)
FULL_OUTPUT, FULL_GROUPS, FULL_TEXTS = -1, -2, -3
_U: Any = np.uint64
_N = words.INTEGER
SPLIT = _N(
    BYTES, INTEGERS, INTEGERS, _N, _N, BYTES, INTEGERS, _N, DOUBLES, _N, INTEGERS, WORDS, INTEGERS, BYTES,
    BYTES, DOUBLES, WORDS, INTEGERS, INTEGERS, BYTES, INTEGERS,
)  # fmt: skip
SORT = _N(INTEGERS, _N, DOUBLES, INTEGERS, _N, INTEGERS, INTEGERS, DOUBLES)


def split_headers(
    raw: Any, starts: Any, ends: Any, stride: Any, frames: Any, classes: Any, tokens: Any, most_tokens: Any,
    numbers: Any, most_numbers: Any, slots: Any, hashes: Any, facts: Any, names: Any, values: Any,
    remembered: Any, text_hashes: Any, text_slots: Any, text_places: Any, ordinary: Any, used: Any,
) -> Any:  # fmt: skip
    """Tokens and numbers of all ordinary comment lines; 0, or why there is no more room.

    Args:
        raw: bytes.
        starts, ends: of the comments, one every ``stride`` integers.
        frames: how many comments.
        classes: what each byte may be.
        tokens, most_tokens: out, rows (frame, group, number).
        numbers, most_numbers: out, all numbers one after the other.
        slots: hash table: group + 1 or 0; this and all up to ``text_slots`` is kept between calls.
        hashes: (group, 2) hash of the key, and of kind and count.
        facts: (GROUPS + 1, FACTS), see the names above; the last row stands for the start of a line.
        names, values, remembered: (group, ...) bytes of the key, bytes and numbers of the last value.
        text_hashes, text_slots: hash table of texts: text + 1 or 0.
        text_places: out, (text, 3) group of a text that is new, and where in ``raw`` it stands.
        ordinary: out, per frame.
        used: in and out, how much of the tables and outputs is in use; a power of two of texts fit; LENIENT
            calls frames with too many different keys not ordinary, and goes on.
    """
    used[USED_TOKENS], used[USED_NUMBERS] = 0, 0
    for frame in range(frames):
        first, first_number = used[USED_TOKENS], used[USED_NUMBERS]
        at, end, good, before = starts[frame * stride], ends[frame * stride], True, np.int64(GROUPS)
        used[CLOCK] += 1
        if first + (end - at) // 2 + 1 > most_tokens or first_number + (end - at) + 1 > most_numbers:
            return FULL_OUTPUT
        while True:
            while at < end and classes[raw[at]] & BLANK:
                at += 1
            if at >= end:
                break
            guess = facts[before * FACTS + NEXT]
            group, after = _guessed(
                raw, at, end, classes, numbers, facts, names, values, remembered, guess, used
            )
            if group < 0:
                group, after = _read_token(
                    raw, at, end, classes, numbers, slots, hashes, facts, names, values, remembered,
                    text_hashes, text_slots, text_places, guess, used,
                )  # fmt: skip
                if group == FULL_TEXTS or (group == FULL_GROUPS and used[LENIENT] == 0):
                    return group
                if group < 0:
                    good = False
                    break
                facts[before * FACTS + NEXT] = group
            same = facts[group * FACTS + NAME_ID] * FACTS + STAMP
            if facts[same] == used[CLOCK]:
                good = False
                break
            facts[same] = used[CLOCK]
            token = used[USED_TOKENS] * TOKEN
            tokens[token + FRAME], tokens[token + GROUP] = frame, group
            if facts[group * FACTS + KIND] == KIND_TEXT:
                tokens[token + NUMBER] = facts[group * FACTS + LAST_TEXT]
            else:
                tokens[token + NUMBER] = used[USED_NUMBERS]
                used[USED_NUMBERS] += facts[group * FACTS + COUNT]
            used[USED_TOKENS] += 1
            at, before = after, group
        ordinary[frame] = 1 if good and used[USED_TOKENS] > first else 0
        if not good:
            used[USED_TOKENS], used[USED_NUMBERS] = first, first_number
    return 0


@numba.njit(inline="always")
def _guessed(
    raw: Any, at: Any, end: Any, classes: Any, numbers: Any, facts: Any, names: Any, values: Any,
    remembered: Any, group: Any, used: Any,
) -> Any:  # fmt: skip
    """The group and the position behind the token if both key and value are those of the last time."""
    fact = group * FACTS
    size, held = facts[fact + NAME_SIZE], facts[fact + VALUE_SIZE]
    quoted = facts[fact + QUOTED]
    begin = at + size + 1 + quoted
    after = begin + held + quoted
    if size == 0 or held == 0 or after > end:
        return np.int64(-1), at
    if not are_equal(raw, at, names, group * NAME, size) or raw[at + size] != 61:
        return np.int64(-1), at
    if not are_equal(raw, begin, values, group * VALUE, held):
        return np.int64(-1), at
    if quoted and (raw[begin - 1] != 34 or raw[after - 1] != 34):
        return np.int64(-1), at
    if after < end and not classes[raw[after]] & BLANK:
        return np.int64(-1), at
    if facts[fact + KIND] != KIND_TEXT:
        stored = used[USED_NUMBERS]
        for place in range(facts[fact + COUNT]):
            numbers[stored + place] = remembered[group * REMEMBERED + place]
    return group, after


@numba.njit
def _read_token(
    raw: Any, at: Any, end: Any, classes: Any, numbers: Any, slots: Any, hashes: Any, facts: Any, names: Any,
    values: Any, remembered: Any, text_hashes: Any, text_slots: Any, text_places: Any, guess: Any, used: Any,
) -> Any:  # fmt: skip
    """The group of a token and the position behind it; -1 for what is not ordinary, or what is full."""
    start = at
    size = facts[guess * FACTS + NAME_SIZE]
    known = size > 0 and at + size < end and are_equal(raw, at, names, guess * NAME, size)
    if not (known and raw[at + size] == 61):
        size, known = _key_size(raw, at, end, classes), False
    if size == 0:
        return np.int64(-1), at
    at += size
    quoted, begin, stop, after = _value_bounds(raw, at, end, classes)
    if stop < 0 or size > NAME - 8:
        return np.int64(-1), at
    stored = used[USED_NUMBERS]
    kind, count = _read_words(raw, begin, stop, numbers, stored)
    if kind < 0:
        return np.int64(-1), at
    group = guess
    if not (known and facts[guess * FACTS + KIND] == kind and facts[guess * FACTS + COUNT] == count):
        name = _key_hash(raw, start, start + size)
        group = _group(slots, hashes, facts, name, np.int64(kind), np.int64(count), used)
    if group < 0:
        return np.int64(FULL_GROUPS), at
    fact = group * FACTS
    if facts[fact + NAME_SIZE] == 0:
        facts[fact + NAME_SIZE] = size
        for place in range(size):
            names[group * NAME + place] = raw[start + place]
    if kind == KIND_TEXT:
        text = _text(raw, begin, stop, group, text_hashes, text_slots, text_places, used)
        if text < 0:
            return np.int64(FULL_TEXTS), at
        facts[fact + LAST_TEXT] = text
    facts[fact + VALUE_SIZE] = 0
    if stop - begin <= VALUE - 8 and count <= REMEMBERED:
        facts[fact + VALUE_SIZE], facts[fact + QUOTED] = stop - begin, quoted
        for place in range(stop - begin):
            values[group * VALUE + place] = raw[begin + place]
        for place in range(count):
            remembered[group * REMEMBERED + place] = numbers[stored + place]
    return group, after


@numba.njit(inline="always")
def _key_size(raw: Any, at: Any, end: Any, classes: Any) -> Any:
    """Bytes of the key that begins here; 0 if none does."""
    stop = at
    if classes[raw[at]] & KEY_START:
        while stop < end and classes[raw[stop]] & KEY:
            stop += 1
    return stop - at


@numba.njit(inline="always")
def _key_hash(raw: Any, at: Any, end: Any) -> Any:
    name = _U(14695981039346656037)
    for place in range(at, end):
        name = (name ^ _U(raw[place])) * _U(1099511628211)
    return name


@numba.njit(inline="always")
def _value_bounds(raw: Any, at: Any, end: Any, classes: Any) -> Any:
    """Of the value behind ``=``: quoted or not, where it begins and ends, and what is behind it.

    The end is -1 for anything that is not ordinary.
    """
    none = np.int64(-1)
    if at + 1 >= end or raw[at] != 61:
        return np.int64(0), at, none, at
    at += 1
    if raw[at] != 34:
        stop, clean = _stretch(raw, at, end, False)
        # ASE takes the next word to a value that ends in `=`.
        return np.int64(0), at, (stop if clean and stop > at and raw[stop - 1] != 61 else none), stop
    at += 1
    stop, clean = _stretch(raw, at, end, True)
    if not clean or stop >= end or stop == at or (stop + 1 < end and not classes[raw[stop + 1]] & BLANK):
        return np.int64(1), at, none, at
    return np.int64(1), at, stop, stop + 1


@numba.njit(inline="always")
def _stretch(raw: Any, at: Any, end: Any, quoted: Any) -> Any:
    """Where the next quote is, or the next blank, and whether all before it is ordinary; reads 63 bytes further."""
    while at < end:
        quotes, strange = quote_mask(raw, at), strange_mask(raw, at)
        stops = quotes if quoted else blank_mask(raw, at)
        if not quoted:
            strange |= quotes
        left = end - at
        if stops != _U(0):
            left = min(left, lowest_bit(stops))
        if left < STEP:
            return at + left, strange & ((_U(1) << _U(left)) - _U(1)) == _U(0)
        if strange != _U(0):
            return at, False
        at += STEP
    return end, True


@numba.njit
def _read_words(raw: Any, at: Any, end: Any, numbers: Any, stored: Any) -> Any:
    """Kind and number of words of a value; the kind is -1 where Python must read it."""
    count, real, longest = 0, False, 0
    while True:
        while at < end and raw[at] == 32:
            at += 1
        if at >= end:
            break
        stop = word_end(raw, at, end)
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


@numba.njit
def _group(slots: Any, hashes: Any, facts: Any, name: Any, kind: Any, count: Any, used: Any) -> Any:
    """The number of a (key, kind, count), a new one if it was not seen before; -1 if there are too many."""
    shape = _U(kind) + _U(4) * _U(count)
    mixed = (name ^ shape * _U(0x9E3779B97F4A7C15)) * _U(0xD6E8FEB86659FD93)
    slot = np.int64((mixed >> _U(40)) & _U(2 * GROUPS - 1))
    while slots[slot] != 0:
        group = slots[slot] - 1
        if hashes[2 * group] == name and hashes[2 * group + 1] == shape:
            return group
        slot = (slot + 1) & (2 * GROUPS - 1)
    group = used[USED_GROUPS]
    if group >= GROUPS:
        return np.int64(-1)
    used[USED_GROUPS] = group + 1
    hashes[2 * group], hashes[2 * group + 1] = name, shape
    slots[slot] = group + 1
    for fact in range(FACTS):
        facts[group * FACTS + fact] = 0
    facts[group * FACTS + KIND], facts[group * FACTS + COUNT] = kind, count
    facts[group * FACTS + NAME_ID] = group
    for other in range(group):
        if hashes[2 * other] == name:
            facts[group * FACTS + NAME_ID] = other
            break
    return group


@numba.njit
def _text(
    raw: Any, at: Any, end: Any, group: Any, text_hashes: Any, text_slots: Any, text_places: Any, used: Any
) -> Any:
    """The number of a text under a key, a new one if it was not seen before; -1 if there are too many."""
    room = used[ROOM_FOR_TEXTS]
    value = _U(14695981039346656037) ^ _U(end - at) ^ (_U(group) << _U(40))
    for position in range(at, end):
        value = (value ^ _U(raw[position])) * _U(1099511628211)
    value = value ^ (value >> _U(29))
    slot = np.int64((value * _U(0xD6E8FEB86659FD93)) >> _U(40)) & (2 * room - 1)
    while text_slots[slot] != 0:
        text = text_slots[slot] - 1
        if text_hashes[text] == value:
            return text
        slot = (slot + 1) & (2 * room - 1)
    text = used[USED_TEXTS]
    if text >= room:
        return np.int64(-1)
    used[USED_TEXTS] = text + 1
    text_hashes[text] = value
    text_slots[slot] = text + 1
    text_places[3 * text], text_places[3 * text + 1], text_places[3 * text + 2] = group, at, end
    return text


def sort_tokens(
    tokens: Any, size: Any, numbers: Any, facts: Any, groups: Any, bounds: Any, rows: Any, sorted_numbers: Any
) -> Any:
    """Brings the tokens of each group together, in the order of the file; how many numbers there are.

    Args:
        tokens, size: of :func:`split_headers`.
        numbers: all numbers.
        facts: of the groups.
        groups: how many.
        bounds: out, (groups + 1, 2) where each group's rows and numbers begin.
        rows: out, (tokens, 2) frame and text of each.
        sorted_numbers: out.
    """
    for group in range(2 * groups + 2):
        bounds[group] = 0
    for token in range(size):
        bounds[2 * tokens[token * TOKEN + GROUP]] += 1
    row, stored = 0, 0
    for group in range(groups):
        count = bounds[2 * group]
        width = facts[group * FACTS + COUNT]
        bounds[2 * group], bounds[2 * group + 1] = row, stored
        row += count
        stored += count * width
    for token in range(size):
        group = tokens[token * TOKEN + GROUP]
        place, target = bounds[2 * group], bounds[2 * group + 1]
        rows[2 * place], rows[2 * place + 1] = tokens[token * TOKEN + FRAME], tokens[token * TOKEN + NUMBER]
        width = facts[group * FACTS + COUNT]
        source = tokens[token * TOKEN + NUMBER]
        for step in range(width):
            sorted_numbers[target + step] = numbers[source + step]
        bounds[2 * group], bounds[2 * group + 1] = place + 1, target + width
    return stored
