"""The comment line of an extended-XYZ frame, read as the format says and as ASE does.

The two readings differ more often than one would wish, and the trainer sees only ASE's.
"""

from __future__ import annotations

import re

import attrs

_KEY, _WORD = re.compile(r"[^\s=]*"), re.compile(r"\S*")
_CLOSING = {'"': '"', "'": "'", "{": "}", "[": "]"}


@attrs.frozen
class Entry:
    """One ``key=value`` of a comment line, by the format's grammar.

    Attributes:
        key: without quotes.
        text: what stands between the delimiters, escapes undone; ``T`` for a bare key.
        opening: the opening delimiter, ``""`` for a bare value, ``flag`` for a bare key.
        start: first code point of the key in the line.
        end: code point after the value.
    """

    key: str
    text: str
    opening: str
    start: int
    end: int


@attrs.frozen
class CommentLine:
    """All entries of a line in order, and the column of a delimiter that is never closed."""

    entries: tuple[Entry, ...]
    unbalanced: int | None = None


def read_comment(line: str) -> CommentLine:
    """Split a comment line by the format's grammar; never fails.

    >>> [(entry.key, entry.text) for entry in read_comment('a=1 b="2 3" flag').entries]
    [('a', '1'), ('b', '2 3'), ('flag', 'T')]
    """
    entries: list[Entry] = []
    position, unbalanced = _skip_blanks(line, 0), None
    while position < len(line):
        start = position
        key, position, closed = _token(line, position, stop_at_equals=True)
        after = _skip_blanks(line, position)
        if after < len(line) and line[after] == "=":
            begin = _skip_blanks(line, after + 1)
            opening = line[begin] if begin < len(line) and line[begin] in _CLOSING else ""
            text, position, value_closed = _token(line, begin, stop_at_equals=False)
            closed = closed and value_closed
        else:
            text, opening = "T", "flag"
        entries.append(Entry(key, text, opening, start, position))
        if not closed and unbalanced is None:
            unbalanced = start
        position = _skip_blanks(line, position)
    return CommentLine(tuple(entries), unbalanced)


def read_comment_like_ase(line: str) -> list[tuple[str, str]]:
    """Pairs of key and value text as ASE's reader splits a line; a bare key has the value ``T``.

    Quotes open and close anywhere, do not nest, and an empty quoted value swallows the next word.

    Raises:
        IndexError: the line begins with ``=``, where ASE stops with the same error.

    >>> read_comment_like_ase('a="" b=2')
    [('a', 'b=2')]
    """
    pairs: list[list[list[str]]] = [[[]]]
    closing, escaped = "", False
    for character in line.strip():
        if escaped:
            pairs[-1][-1].append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif closing:
            closing = _inside_quotes(pairs, character, closing)
        elif character in _CLOSING:
            closing = _CLOSING[character]
        elif character.isspace():
            if pairs[-1][-1]:
                pairs.append([[]])
        elif character == "=":
            if pairs[-1] == [[]]:
                del pairs[-1]
            pairs[-1].append([])
        else:
            pairs[-1][-1].append(character)
    return [_joined(pair) for pair in pairs]


def _inside_quotes(pairs: list[list[list[str]]], character: str, closing: str) -> str:
    if character == closing:
        return ""
    pairs[-1][-1].append(character)
    return closing


def _joined(pair: list[list[str]]) -> tuple[str, str]:
    key, *rest = ["".join(part) for part in pair]
    return key, "=".join(rest) if rest else "T"


def _skip_blanks(line: str, position: int) -> int:
    while position < len(line) and line[position].isspace():
        position += 1
    return position


def _token(line: str, position: int, *, stop_at_equals: bool) -> tuple[str, int, bool]:
    """One bare or delimited token from ``position``: its text, where it ends, whether it was closed."""
    opening = line[position : position + 1]
    if opening in ('"', "'"):
        return _quoted(line, position + 1, opening)
    if opening in ("{", "["):
        return _bracketed(line, position, opening)
    found = (_KEY if stop_at_equals else _WORD).match(line, position)
    end = found.end() if found is not None else position
    # A line that begins with "=" must still move on.
    end = max(end, min(position + 1, len(line))) if stop_at_equals else end
    return line[position:end], end, True


def _quoted(line: str, position: int, closing: str) -> tuple[str, int, bool]:
    characters: list[str] = []
    while position < len(line):
        character = line[position]
        if character == "\\" and position + 1 < len(line):
            characters.append(line[position + 1])
            position += 2
            continue
        position += 1
        if character == closing:
            return "".join(characters), position, True
        characters.append(character)
    return "".join(characters), position, False


def _bracketed(line: str, position: int, opening: str) -> tuple[str, int, bool]:
    """Text between brackets, which nest and may hold quoted strings."""
    closing, depth, start, quoted = _CLOSING[opening], 0, position, False
    while position < len(line):
        character = line[position]
        if character == "\\":
            position += 1
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            depth += (character == opening) - (character == closing)
        position += 1
        if depth == 0:
            return line[start + 1 : position - 1], position, True
    return line[start + 1 : position], min(position, len(line)), False
