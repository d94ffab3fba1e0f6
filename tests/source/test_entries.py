"""Whole entries taken out, put in and moved: values, comments, anchors and the style of the text."""

from __future__ import annotations

import pytest

from mace_scf.source import Document, Entry, Mapping, parse_yaml
from mace_scf.source.edit import apply_edits
from mace_scf.source.entries import moved, nested, within, without


def read(text: str) -> Document:
    document = parse_yaml(text, file="x.yaml")
    assert document.parsed
    return document


def find(document: Document, path: str) -> tuple[Mapping, Entry]:
    mapping = document.mapping
    assert mapping is not None
    *parents, name = path.split(".")
    for parent in parents:
        found = mapping.get(parent)
        assert found is not None
        assert isinstance(found.value, Mapping)
        mapping = found.value
    entry = mapping.get(name)
    assert entry is not None
    return mapping, entry


def taken_out(text: str, path: str) -> str | None:
    document = read(text)
    edit = without(document, *find(document, path))
    return None if edit is None else apply_edits(text, [edit])


@pytest.mark.parametrize(
    ("text", "path", "left"),
    [
        ("a: 1\nb: 2\n", "a", "b: 2\n"),
        ("a: 1\nb: 2", "b", "a: 1\n"),
        ("a: 1\nb: 2  # why\n", "b", "a: 1\n# why\n"),
        ("a:\n  # in\n  c: 1 # d\n\nb: 2\n", "a", "  # in\n# d\n\nb: 2\n"),
        ("a: '# no'\nb: 2\n", "a", "b: 2\n"),
        ("a: |\n  # text\n  more\nb: 2\n", "a", "b: 2\n"),
        ("a: >-\n  more\n\n\nb: 2\n", "a", "\n\nb: 2\n"),
        ("a: 'x\n  y'\nb: 2\n", "a", "b: 2\n"),
        ("a: [1,\n  2]\nb: 2\n", "a", "b: 2\n"),
        ("a:\n- 1\n- 2\nb: 2\n", "a", "b: 2\n"),
        ("a:\nb: 2\n", "a", "b: 2\n"),
        ("x: {a: 1, b: 2, c: 3}\n", "x.a", "x: {b: 2, c: 3}\n"),
        ("x: {a: 1, b: 2, c: 3}\n", "x.c", "x: {a: 1, b: 2}\n"),
        ("x: {a: 1,\n    b: 2}\n", "x.b", "x: {a: 1}\n"),
        ("x: {a: 1,\n    b: 2}\n", "x.a", "x: {b: 2}\n"),
        ("x: {\n  a: 1,  # one\n  b: 2,\n}\n", "x.a", "x: {\n  # one\n  b: 2,\n}\n"),
        ("x: {a: {c: 1, # in\n d: 2}, b: 2}\n", "x.a", "x: { # in\nb: 2}\n"),
        ("x: {b: 2, a: [1, # in\n 2]}\n", "x.a", "x: {b: 2 # in\n}\n"),
        ("x: {a: 1, b: 2 }\n", "x.b", "x: {a: 1 }\n"),
        ('"a": 1\nb: 2\n', "a", "b: 2\n"),
        ("é: ü\nb: '😀'\nc: 1\n", "b", "é: ü\nc: 1\n"),
        ("a: &k 1\nb: 2\n", "a", "b: 2\n"),
        ("b: &k 2\na: *k\nc: 3\n", "a", "b: &k 2\nc: 3\n"),
        ("b: &k {x: 1}\na: *k # same\nc: 3\n", "a", "b: &k {x: 1}\n# same\nc: 3\n"),
        ("a: 1\r\nb: 2 # c\r\n", "b", "a: 1\r\n# c\r\n"),
        ("a: 1 # mace-scf: ignore[C101] x\nb: 2\n", "a", "b: 2\n"),
        ("x: {a: 1, b: {c: 1, d: 2}}\n", "x.b.d", "x: {a: 1, b: {c: 1}}\n"),
    ],
)  # fmt: skip
def test_an_entry_goes_and_its_comments_stay(text: str, path: str, left: str) -> None:
    found = taken_out(text, path)

    assert found is not None
    assert _lines(found) == _lines(left)


def _lines(text: str) -> list[str]:
    return [line.strip(" ") for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: 1\n", "a"),
        ("x: {a: 1}\n", "x.a"),
        ("a: &k 1\nb: *k\n", "a"),
        ("a: {c: &k 1}\nb: *k\n", "a"),
        ("a: &k\n  c: 1\n  d: 2\nb: *k\n", "a.c"),
        ("a: 1\rb: 2\n", "a"),
        ("? a\n: 1\nb: 2\n", "a"),
    ],
)
def test_an_entry_stays_where_others_need_it(text: str, path: str) -> None:
    assert taken_out(text, path) is None


@pytest.mark.parametrize(
    ("text", "at_end", "result"),
    [
        ("x:\n  a: 1 # one\n", False, "x:\n  n: 0\n  a: 1 # one\n"),
        ("x:\n  a: 1 # one\n", True, "x:\n  a: 1 # one\n  n: 0\n"),
        ("x:\n  a: 1", True, "x:\n  a: 1\n  n: 0"),
        ("x:\n  a:\n    b: 1\ny: 1\n", True, "x:\n  a:\n    b: 1\n  n: 0\ny: 1\n"),
        ("x: {a: 1}\n", True, "x: {n: 0, a: 1}\n"),
        ("x: {}\n", False, "x: {n: 0}\n"),
        ("x: &k {a: 1}\n", False, "x: &k {n: 0, a: 1}\n"),
        ("x: &k\n  a: 1\n", False, "x: &k\n  n: 0\n  a: 1\n"),
        ("x: &k # c\n  'a': 1\n", False, "x: &k # c\n  n: 0\n  'a': 1\n"),
        ("x:\r\n  a: 1\r\n", False, "x:\r\n  n: 0\r\n  a: 1\r\n"),
        ("w: &k {b: 1}\nx:\n  <<: *k\n", False, "w: &k {b: 1}\nx:\n  n: 0\n  <<: *k\n"),
    ],
)
def test_an_entry_is_written_in_the_style_of_its_mapping(text: str, at_end: bool, result: str) -> None:
    document = read(text)
    _, entry = find(document, "x")
    assert isinstance(entry.value, Mapping)

    edit = within(document, entry.key.span, entry.value, {"n": "0"}, at_end=at_end)

    assert edit is not None
    assert apply_edits(text, [edit]) == result


@pytest.mark.parametrize("text", ["w: &k {b: 1}\nx: *k\n", "x: &k {b: 1}\nw: *k\n", "x: !t {b: 1}\n"])
def test_nothing_is_written_where_it_would_count_elsewhere(text: str) -> None:
    document = read(text)
    _, entry = find(document, "x")
    assert isinstance(entry.value, Mapping)

    assert within(document, entry.key.span, entry.value, {"n": "0"}) is None


@pytest.mark.parametrize(
    ("text", "path", "target", "result"),
    [
        ("x:\n  a: 1\nb: 2 # two\nc: 3\n", "b", "x", "x:\n  a: 1\n  b: 2 # two\nc: 3\n"),
        ("x: {a: 1}\nb: 2 # two\nc: 3\n", "b", "x", "x: {b: 2, a: 1}\n# two\nc: 3\n"),
        ("x: {a: 1, b: 2}\ny:\n  c: 3\n", "x.b", "y", "x: {a: 1}\ny:\n  b: 2\n  c: 3\n"),
        ("x:\n  a: 1\nb:\n  # in\n  d: 2\nc: 3\n", "b", "x", "x:\n  a: 1\n  b:\n    # in\n    d: 2\nc: 3\n"),
        ("x:\n  a: 1\n  b: 2\ny:\n  c: 3", "x.b", "y", "x:\n  a: 1\ny:\n  c: 3\n  b: 2"),
        ("k: &k 2\nx:\n  a: 1\nb: *k\n", "b", "x", "k: &k 2\nx:\n  a: 1\n  b: *k\n"),
    ],
)
def test_an_entry_moves_with_its_comments(text: str, path: str, target: str, result: str) -> None:
    document = read(text)
    _, entry = find(document, path)
    _, home = find(document, target)
    assert isinstance(home.value, Mapping)

    edits = moved(document, entry.key.span, home.value, home.key.span)

    assert edits is not None
    assert apply_edits(text, edits) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            "x:\n  m: 0\n  a: 1 # one\n  # two\n  b: 2\n",
            "x:\n  m: 0\n  s:\n    a: 1 # one\n    # two\n    b: 2\n",
        ),
        ("x: {m: 0, a: 1, b: 2}\n", "x: {m: 0, s: {a: 1, b: 2}}\n"),
        ("x:\n  a: 1\n  b:\n    c: 2", "x:\n  s:\n    a: 1\n    b:\n      c: 2"),
        ("x:\n  a: 1\n  m: 0\n  b: 2\n", None),
        ("x:\n  m: 0\n  a: |\n    text\n", None),
        ("k: &k {b: 1}\nx:\n  <<: *k\n  a: 1\n", None),
    ],
)
def test_neighbours_go_under_a_new_key(text: str, result: str | None) -> None:
    document = read(text)
    _, entry = find(document, "x")
    assert isinstance(entry.value, Mapping)

    edits = nested(document, entry.value, {"a", "b"}, "s")

    assert (None if edits is None else apply_edits(text, edits)) == result


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &k 1e-3\nb: *k\n", (0, 6)),
        ("a: &k  'x'\n", (0, 7)),
        ("a: &k {b: 1}\n", (0, 6)),
        ("a: &k [1]\n", (0, 6)),
        ("a: &k\n  b: 1\n", (1, 2)),
        ("a: &k # c\n\n  b: 1\n", (2, 2)),
        ("- &k b: 1\n", (0, 2)),
    ],
)
def test_the_place_of_a_value_leaves_its_anchor_out(text: str, place: tuple[int, int]) -> None:
    root = read(text).root
    value = root.entries[0].value if isinstance(root, Mapping) else root.items[0]  # type: ignore[union-attr]

    assert value.span.start == place


def test_a_mapping_that_ends_in_an_alias_ends_there() -> None:
    document = read("k: &k 1\nx:\n  a: 2\n  b: *k\n")

    assert find(document, "x")[1].value.span.end == (3, 7)


def test_a_quoted_mapping_goes_as_a_whole() -> None:
    assert taken_out("x: '{\"a\": 1}'\ny: 2\n", "x") == "y: 2\n"
