"""Commands that `xargs` and `parallel` complete: what they put in place of `{}` is unknown."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

import attrs

from .shell_fields import Field
from .shell_values import Hole, Piece, hole, words_hole

_BRACES = re.compile(r"\{(?:[+-]?\d*[./]{0,3}|#|%)\}")
_INPUTS = re.compile(r":{3,4}\+?\Z")
_RUNNERS = ("xargs", "parallel")


def completed(fields: Sequence[Field], program: int) -> tuple[Field, ...]:
    """The words of a command as the program gets them from `xargs` or `parallel`; else just as they are."""
    names = [posixpath.basename(field.text or "") for field in fields[:program]]
    runner = next((name for name in _RUNNERS if name in names), None)
    if runner is None:
        return tuple(fields)
    before, behind = list(fields[: program + 1]), list(fields[program + 1 :])
    if runner == "parallel":
        behind = behind[: next((k for k, field in enumerate(behind) if _is_inputs(field)), len(behind))]
    token = _BRACES if runner == "parallel" else _replaced_by_xargs(names)
    filled = [_filled(field, token, runner) for field in behind] if token is not None else behind
    more = [] if token is not None and filled != behind else [_appended(fields[program], runner)]
    return (*before, *filled, *more)


def _is_inputs(field: Field) -> bool:
    return _INPUTS.match(field.text or "") is not None


def _replaced_by_xargs(names: Sequence[str]) -> re.Pattern[str] | None:
    """The word of ``-I WORD``, which stands for a line of the input."""
    for name, following in zip(names, [*names[1:], ""], strict=True):
        if name.startswith("-I"):
            return re.compile(re.escape(name[2:] or following or "{}"))
        if name in ("-i", "--replace"):
            return re.compile(r"\{\}")
    return None


def _appended(near: Field, runner: str) -> Field:
    return Field(near.raw, near.source, list(words_hole(f"`{runner}` puts words of its input there")), True)


def _filled(field: Field, token: re.Pattern[str], runner: str) -> Field:
    pieces = [part for piece in field.pieces for part in _split(piece, token, runner)]
    return attrs.evolve(field, pieces=pieces) if len(pieces) > len(field.pieces) else field


def _split(piece: Piece, token: re.Pattern[str], runner: str) -> Iterator[Piece]:
    at = 0
    for match in token.finditer(piece.text):
        yield piece.cut(at, match.start())
        yield from hole(f"`{runner}` puts a word of its input there", Hole.WORD)
        at = match.end()
    yield piece.cut(at, len(piece.text)) if at else piece
