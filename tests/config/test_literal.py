"""Python literals in quotes: every value has its own place, and no fix leaves what is no literal."""

from __future__ import annotations

import ast
import pprint
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.config.literal import Literal, sound_fix
from mace_scf.diagnostics import Edit, Fix, Span
from mace_scf.source import Mapping, Node, Scalar, Sequence, trainer_object
from mace_scf.source.edit import text_between

WORDS = st.text(st.sampled_from("abeE_ äß中😀'\"{}: ,#"), max_size=6)
LEAVES = st.one_of(st.integers(-99, 9999), st.booleans(), st.none(), WORDS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(WORDS, st.integers(0, 9)), inner, max_size=3)
    ),
    max_leaves=12,
)


def literal_in(text: str, literal: str) -> Literal:
    """The literal in quotes, in the middle of a file."""
    start = text.index(literal)
    before, after = text[: start - 1].split("\n"), text[: start + len(literal) + 1].split("\n")
    span = Span("a.sh", len(before) - 1, len(before[-1]), len(after) - 1, len(after[-1]))
    return Literal(literal, span, text[start - 1 : start + len(literal) + 1])


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Mapping):
        for entry in node:
            yield entry.key
            yield from scalars(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        yield node


@given(value=VALUES, width=st.integers(10, 60), before=st.sampled_from(["", "é ", "one\n  two "]))
def test_every_value_stands_where_its_place_says(value: Any, width: int, before: str) -> None:
    written = pprint.pformat({"all": value}, width=width)
    text = f"{before}`{written}` behind"
    literal = literal_in(text, written)

    node = literal.node()

    assert node is not None
    assert trainer_object(node) == {"all": value}
    for scalar in scalars(node):
        found = text_between(text, scalar.span)
        assert ast.literal_eval(f"({found})") == scalar.trainer_value


def test_a_literal_that_is_written_otherwise_has_one_place() -> None:
    span = Span("a.sh", 3, 2, 3, 40)
    node = Literal("{'a': [1, 'b']}", span, "\"{'a': [1, '$B']}\"").node()

    assert node is not None
    assert {scalar.span for scalar in scalars(node)} == {span}


@pytest.mark.parametrize("text", ["{'a': 1", "{'a': b}", "{**{}}", "", "{[]: 1}", "(" * 500])
def test_what_is_no_literal_has_no_values(text: str) -> None:
    assert Literal(text, Span("a.sh"), f"'{text}'").node() is None


LITERAL = literal_in(
    """--x "{0: {'mode': 'scf', 'lr': 1, 'on': True}}" """, "{0: {'mode': 'scf', 'lr': 1, 'on': True}}"
)


@pytest.mark.parametrize(
    ("place", "replacement", "wanted"),
    [
        ("'scf'", "direct", "'direct'"),
        ("True", "false", "False"),
        ("1", "1.0", "1.0"),
        ("scf", "unroll_scf", "unroll_scf"),
    ],
)
def test_fixes_are_written_as_python_inside_a_literal(place: str, replacement: str, wanted: str) -> None:
    fix = Fix("write it", (Edit(_place(place), replacement),))

    assert sound_fix(fix, [LITERAL]) == Fix("write it", (Edit(_place(place), wanted),))


def test_a_new_entry_is_written_as_python_inside_a_literal() -> None:
    at = _place("'mode'")
    fix = Fix("add it", (Edit(Span(at.file, at.line, at.column, at.line, at.column), "solver: cg, "),))

    mended = sound_fix(fix, [LITERAL])

    assert mended is not None
    assert mended.edits[0].replacement == "'solver': 'cg', "


@pytest.mark.parametrize(
    ("span", "replacement"),
    [
        (LITERAL.span, "unroll_scf"),  # nothing would be left of the schedule
        (Span("a.sh", 0, 5, 0, 6), ""),  # nor without its bracket
    ],
)
def test_a_fix_that_leaves_no_literal_is_none(span: Span, replacement: str) -> None:
    assert sound_fix(Fix("write it", (Edit(span, replacement),)), [LITERAL]) is None


def test_fixes_elsewhere_stay_as_they_are() -> None:
    fix = Fix("write it", (Edit(Span("a.sh", 7, 0, 7, 3), "true"),))

    assert sound_fix(fix, [LITERAL]) == fix


def _place(part: str) -> Span:
    column = LITERAL.span.column + LITERAL.written.index(part)
    return Span("a.sh", 0, column, 0, column + len(part))
