"""Python literals in quotes, as people hand heads and schedules over: their values with places, and fixes in them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import attrs

from ..diagnostics import Edit, Fix, Span
from ..source import Entry, Mapping, Node, Scalar, parse_yaml, trainer_object
from ..source import Sequence as SequenceNode
from ..source.edit import apply_edits

_UNREADABLE = (ValueError, SyntaxError, RecursionError, MemoryError, TypeError)
_PYTHON_WORDS = {"true": "True", "false": "False", "null": "None"}
_ENTRY = re.compile(r"(?P<name>\w+): (?P<value>[^{}\[\],\n]+)(?P<comma>, )?")


@attrs.frozen(eq=False)
class Literal:
    """A text that the trainer evaluates, and how it stands in its file.

    Attributes:
        text: the literal itself.
        span: of the quoted text.
        written: the characters of that span; "" where they are not at hand.
    """

    text: str
    span: Span
    written: str = ""

    @cached_property
    def at(self) -> int:
        """Where the literal begins among the written characters; -1 where it is written otherwise."""
        found = self.written.find(self.text)
        return found if found == self.written.rfind(self.text) and self.text else -1

    def node(self) -> Node | None:
        """Its values, each with its place; with the place of the whole where it is written otherwise.

        None where the text is no literal.
        """
        try:
            ast.literal_eval(self.text.strip())
            return _built(ast.parse(self.text.strip(), mode="eval").body, self._place())
        except _UNREADABLE:
            return None

    def _place(self) -> Callable[[ast.expr], Span]:
        if self.at < 0:
            return lambda node: self.span
        start = self.at + len(self.text) - len(self.text.lstrip())
        before = self.written[:start].split("\n")
        column = len(before[-1]) + (self.span.column if len(before) == 1 else 0)
        return _Places(self.span.file, self.span.line + len(before) - 1, column, self.text.strip()).of

    def mended(self, edits: Sequence[Edit]) -> str | None:
        """The literal after edits inside it; None where these would leave no literal of the same kind."""
        if self.at < 0 or any(edit.span == self.span for edit in edits):
            return None
        tail = len(self.written) - self.at - len(self.text)
        written = apply_edits(self.written, (self._moved(edit) for edit in edits))
        try:
            value = ast.literal_eval(written[self.at : len(written) - tail].strip())
        except _UNREADABLE:
            return None
        return written if isinstance(value, dict) else None

    def _moved(self, edit: Edit) -> Edit:
        """The edit with its places counted from the beginning of the written characters."""
        span, first = edit.span, self.span
        return Edit(
            Span(
                span.file,
                span.line - first.line,
                span.column - (first.column if span.line == first.line else 0),
                span.end_line - first.line,
                span.end_column - (first.column if span.end_line == first.line else 0),
            ),
            edit.replacement,
        )


def literal_fault(text: str) -> str:
    """Why a text is no literal, in the words of Python; "" where it is one.

    >>> literal_fault("{'a': 1")
    "'{' was never closed"
    """
    try:
        ast.literal_eval(text.strip())
    except SyntaxError as error:
        return error.msg
    except ValueError:
        return "it holds more than values; words want quotes"
    except _UNREADABLE as error:
        return str(error) or type(error).__name__
    return ""


def sound_fix(fix: Fix | None, literals: Iterable[Literal]) -> Fix | None:
    """A fix as Python where it edits a literal; None where it would leave none.

    Fixes are written for YAML: words get the quotes, and truth values the capitals, that Python wants.
    """
    if fix is None:
        return None
    for literal in literals:
        inside = [edit for edit in fix.edits if literal.span.covers(edit.span)]
        if not inside:
            continue
        ways = (inside, [_as_python(edit, literal) for edit in inside])
        way = next((way for way in ways if literal.mended(way) is not None), None)
        if way is None:
            return None
        others = [edit for edit in fix.edits if edit not in inside]
        fix = attrs.evolve(fix, edits=(*others, *way))
    return fix


def _as_python(edit: Edit, literal: Literal) -> Edit:
    if literal.at < 0:
        return edit
    quote = next((character for character in literal.text if character in "'\""), "'")
    entry = _ENTRY.fullmatch(edit.replacement)
    if edit.span.start == edit.span.end:
        if entry is None:
            return Edit(edit.span, _python_entries(edit.replacement, quote))
        value = _python_value(entry["value"], quote)
        return Edit(edit.span, f"{quote}{entry['name']}{quote}: {value}{entry['comma'] or ''}")
    return Edit(edit.span, _python_value(edit.replacement, quote))


def _python_entries(text: str, quote: str) -> str:
    """Entries with mappings in them; the text itself where it is no such thing.

    >>> _python_entries("scf: {num_scf_steps: 10, constant_charge: true}, ", '"')
    '"scf": {"num_scf_steps": 10, "constant_charge": True}, '
    """
    comma = ", " if text.endswith(", ") else ""
    root = parse_yaml(f"{{{text.removesuffix(comma)}}}", file="").root
    written = repr(trainer_object(root))[1:-1] + comma if isinstance(root, Mapping) else text
    return written.replace("'", quote) if quote not in written else written


def _python_value(text: str, quote: str) -> str:
    """A value of YAML as Python writes it; what is no literal gets quotes.

    >>> _python_value("true", "'"), _python_value("1.0e-3", "'"), _python_value("direct", "'")
    ('True', '1.0e-3', "'direct'")
    """
    word = _PYTHON_WORDS.get(text, text)
    try:
        ast.literal_eval(word)
    except _UNREADABLE:
        return f"{quote}{word}{quote}"
    return word


@attrs.frozen(eq=False)
class _Places:
    """Where the parts of a literal stand in its file; Python counts columns in bytes of UTF-8.

    Attributes:
        line, column: of the literal's first character.
        text: the literal.
    """

    file: str
    line: int
    column: int
    text: str

    def of(self, node: ast.expr) -> Span:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return Span(
            self.file,
            *self._at(node.lineno - 1, node.col_offset),
            *self._at(node.end_lineno - 1, node.end_col_offset),
        )

    def _at(self, line: int, offset: int) -> tuple[int, int]:
        column = offset if self.text.isascii() else bisect_left(self._ends[line], offset)
        return self.line + line, column + (self.column if line == 0 else 0)

    @cached_property
    def _ends(self) -> list[list[int]]:
        """For each line, the bytes before each of its characters."""
        return [
            [0, *accumulate(len(character.encode()) for character in line)] for line in self.text.split("\n")
        ]


def _built(node: ast.expr, place: Callable[[ast.expr], Span]) -> Node:
    if isinstance(node, ast.Dict):
        pairs = {
            ast.literal_eval(key): (key, value)
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        }
        entries = (Entry(_scalar(key, place(key)), _built(value, place)) for key, value in pairs.values())
        return Mapping(tuple(entries), place(node))
    if isinstance(node, ast.List | ast.Tuple):
        return SequenceNode(tuple(_built(item, place) for item in node.elts), place(node))
    return _scalar(node, place(node))


def _scalar(node: ast.expr, span: Span) -> Scalar:
    value: Any = ast.literal_eval(node)
    if isinstance(value, str):
        return Scalar(value, "'", span)
    if value is None:
        return Scalar("null", "", span)
    text = repr(value).replace("inf", ".inf")  # of a number too large for a float
    if isinstance(value, float) and "e" in text and "." not in text:
        text = text.replace("e", ".0e")  # YAML 1.1 would take 1e-07 for a text
    return Scalar(text, "", span)
