"""Brace expansion: ``a{b,c}`` and ``{1..3}``, done before anything else, as in bash."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from .shell_parts import Literal, Part

_MARKS = re.compile(r"[{},]")
_SEQUENCE = re.compile(r"(-?\d{1,6})\.\.(-?\d{1,6})\Z|([A-Za-z])\.\.([A-Za-z])\Z")
_MOST_WORDS = 512
_MOST_TOKENS = 512
_DEEPEST = 8


def brace_expanded(parts: tuple[Part, ...]) -> list[tuple[Part, ...]] | None:
    """The parts of each word that comes of one word; ``None`` where this is not worked out."""
    if not any(isinstance(part, Literal) and not part.quoted and "{" in part.text for part in parts):
        return [parts]
    tokens = _tokens(parts)
    words = _expanded(tokens, 0) if len(tokens) <= _MOST_TOKENS else None
    return None if words is None else [tuple(_merged(word)) for word in words]


def _tokens(parts: Sequence[Part]) -> list[Part]:
    """The parts with each brace and comma outside quotes on its own."""
    tokens: list[Part] = []
    for part in parts:
        if not isinstance(part, Literal) or part.quoted:
            tokens.append(part)
            continue
        at = 0
        for match in [*_MARKS.finditer(part.text), None]:
            stop = match.start() if match else len(part.text)
            if stop > at:
                tokens.append(_cut(part, at, stop))
            if match:
                tokens.append(_cut(part, stop, match.end()))
                at = match.end()
    return tokens


def _cut(part: Literal, start: int, end: int) -> Literal:
    return Literal(part.text[start:end], part.start + start, part.start + end)


def _mark(token: Part) -> str:
    return token.text if isinstance(token, Literal) and not token.quoted and len(token.text) == 1 else ""


def _expanded(tokens: Sequence[Part], depth: int) -> list[list[Part]] | None:
    opening = 0
    while opening < len(tokens):
        group = _group(tokens, opening) if _mark(tokens[opening]) == "{" else None
        if group is not None:
            return _product(tokens, opening, *group, depth)
        opening += 1
    return [list(tokens)]


def _group(tokens: Sequence[Part], opening: int) -> tuple[int, list[Sequence[Part]]] | None:
    """Closing brace and alternatives of the group that begins at ``opening``, if it is one."""
    level, commas = 0, [opening]
    for index in range(opening, len(tokens)):
        mark = _mark(tokens[index])
        level += {"{": 1, "}": -1}.get(mark, 0)
        if mark == "," and level == 1:
            commas.append(index)
        if level == 0:
            return _alternatives(tokens, commas, index)
    return None


def _alternatives(
    tokens: Sequence[Part], commas: list[int], closing: int
) -> tuple[int, list[Sequence[Part]]] | None:
    if len(commas) > 1:
        ends = [*commas[1:], closing]
        return closing, [tokens[a + 1 : b] for a, b in zip(commas, ends, strict=True)]
    inside = tokens[commas[0] + 1 : closing]
    token = inside[0] if len(inside) == 1 else None
    match = _SEQUENCE.match(token.text) if isinstance(token, Literal) and not token.quoted else None
    if match is None or token is None:
        return None
    return closing, [[Literal(text, token.start, token.end)] for text in _range(match)]


def _range(match: re.Match[str]) -> list[str]:
    if match[3]:
        first, last = ord(match[3]), ord(match[4])
    else:
        first, last = int(match[1]), int(match[2])
    step = 1 if last >= first else -1
    numbers = range(first, last + step, step)[: _MOST_WORDS + 1]
    return [chr(number) if match[3] else str(number) for number in numbers]


def _product(
    tokens: Sequence[Part], opening: int, closing: int, alternatives: list[Sequence[Part]], depth: int
) -> list[list[Part]] | None:
    if depth >= _DEEPEST or len(alternatives) > _MOST_WORDS:
        return None
    rests = _expanded(tokens[closing + 1 :], depth + 1)
    if rests is None:
        return None
    words: list[list[Part]] = []
    for alternative in alternatives:
        middles = _expanded(alternative, depth + 1)
        if middles is None or len(words) + len(middles) * len(rests) > _MOST_WORDS:
            return None
        words += [[*tokens[:opening], *middle, *rest] for middle in middles for rest in rests]
    return words


def _merged(tokens: Sequence[Part]) -> list[Part]:
    """Neighbours that stand side by side in the text, as one part again."""
    merged: list[Part] = []
    for token in tokens:
        last = merged[-1] if merged else None
        if (
            isinstance(token, Literal)
            and isinstance(last, Literal)
            and not (token.quoted or last.quoted)
            and last.end == token.start
        ):
            merged[-1] = attrs.evolve(last, text=last.text + token.text, end=token.end)
        else:
            merged.append(token)
    return merged
