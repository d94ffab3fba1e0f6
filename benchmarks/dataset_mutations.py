"""Random damage to a data file, byte by byte and line by line."""

from __future__ import annotations

import random

_BYTES = b"\n\r \t\"'={}[]\\,:0123456789.-+eEDTFabHO#\x00\xff\xc3"


def mutated(data: bytes, source: random.Random) -> bytes:
    """The same file with one to four pieces of damage."""
    for _ in range(source.randint(1, 4)):
        data = source.choice(_MUTATIONS)(data, source)
    return data


def _replace(data: bytes, source: random.Random) -> bytes:
    at = source.randrange(len(data) + 1)
    return data[:at] + bytes([source.choice(_BYTES)]) + data[at + 1 :]


def _insert(data: bytes, source: random.Random) -> bytes:
    at = source.randrange(len(data) + 1)
    return data[:at] + bytes(source.choices(_BYTES, k=source.randint(1, 5))) + data[at:]


def _cut_out(data: bytes, source: random.Random) -> bytes:
    at = source.randrange(len(data) + 1)
    return data[:at] + data[at + source.randint(1, 30) :]


def _truncate(data: bytes, source: random.Random) -> bytes:
    return data[: source.randrange(len(data) + 1)]


def _change_line(data: bytes, source: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = source.randrange(len(lines))
    lines[at : at + 1] = source.choice(([], [b""], [lines[at]] * 2, [lines[at], b"3"], [b"1" + lines[at]]))
    return b"\n".join(lines)


_MUTATIONS = (_replace, _insert, _cut_out, _truncate, _change_line)
