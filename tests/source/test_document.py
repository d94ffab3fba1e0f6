"""Documents: values, places, duplicates, anchors, merge keys, damage."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.source import Mapping, Node, Scalar, parse_yaml, trainer_object
from mace_scf.source.edit import apply_edits

PLAIN = st.one_of(
    st.integers(-10**6, 10**6), st.booleans(), st.none(), st.text("abc xyz:#{}[]'\"-,é漢\n", max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
NESTED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdé_", min_size=1), inner, max_size=4)
    ),
    max_leaves=20,
)


def slugs(text: str) -> list[str]:
    return [problem.slug for problem in parse_yaml(text, file="x").problems]


def scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Mapping):
        return [leaf for entry in node for leaf in [entry.key, *scalars(entry.value)]]
    return [leaf for item in node.items for leaf in scalars(item)]


@given(NESTED)
def test_values_are_those_of_pyyaml(value: object) -> None:
    text = yaml.safe_dump({"a": value}, allow_unicode=True)

    document = parse_yaml(text, file="x")

    assert document.root is not None
    assert trainer_object(document.root) == yaml.safe_load(text)


@given(NESTED)
def test_spans_of_plain_scalars_hold_their_text(value: object) -> None:
    text = yaml.safe_dump({"a": value}, allow_unicode=True, default_flow_style=False)
    lines = text.split("\n")

    document = parse_yaml(text, file="x")

    assert document.root is not None
    for leaf in scalars(document.root):
        span = leaf.span
        if leaf.style == "" and span.line == span.end_line:
            assert lines[span.line][span.column : span.end_column] == leaf.text


def test_columns_count_code_points() -> None:
    document = parse_yaml("'é漢': 5\n", file="x")

    assert document.mapping is not None
    assert document.mapping.entries[0].value.span.column == 6


def test_an_empty_value_lies_behind_its_colon() -> None:
    document = parse_yaml("lr:\nend: 5\n", file="x")

    assert document.mapping is not None
    assert document.mapping.entries[0].value.span.start == (0, 3)


def test_the_last_of_duplicate_keys_wins_and_both_places_are_named() -> None:
    document = parse_yaml("a: 1\nb: 2\na: 3\n", file="x")

    assert document.root is not None
    assert trainer_object(document.root) == {"b": 2, "a": 3}
    (problem,) = document.problems
    assert problem.span is not None
    assert (problem.span.line, problem.labels[0].span.line) == (2, 0)
    assert problem.fix is not None


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("{a: 1,\n a: 2}\n", False),
        ("{a: 1, b: 0, a: 1}\n", True),
        ("a: [1,\n  2]\na: 3\n", False),
        ("a:\n  b: 1\n  # c\nd: 1\na: {b: 1}\n", True),
        ("x: &k\n  a: 1\n  a: 2\ny: *k\n", False),
    ],
)
def test_the_entry_that_is_dropped_can_be_deleted(text: str, safe: bool) -> None:
    document = parse_yaml(text, file="x")
    (problem,) = document.problems
    assert problem.fix is not None

    mended = parse_yaml(apply_edits(text, problem.fix.edits), file="x")

    assert document.root is not None
    assert mended.root is not None
    assert trainer_object(mended.root) == trainer_object(document.root)
    assert (problem.fix.safe, mended.problems) == (safe, ())


@pytest.mark.parametrize("text", ["- a: 1\n  a: 2\n", "a: &k 1\na: 2\nb: *k\n", "a: 1\ra: 2\r"])
def test_no_fix_where_deleting_would_break_the_text(text: str) -> None:
    (problem,) = parse_yaml(text, file="x").problems

    assert problem.fix is None


def test_keys_that_the_trainer_takes_for_one_number_are_duplicates() -> None:
    assert slugs("1: a\n0x1: b\n") == ["duplicate-key"]


def test_merge_keys_give_what_the_mapping_lacks() -> None:
    text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n"

    document = parse_yaml(text, file="x")

    assert document.root is not None
    assert trainer_object(document.root) == yaml.safe_load(text)
    assert document.problems == ()


def test_a_merge_list_takes_the_first_that_has_a_key() -> None:
    text = "- &a {x: 1}\n- &b {x: 2, y: 2}\n- <<: [*a, *b]\n"

    assert trainer_object(parse_yaml(text, file="x").root) == yaml.safe_load(text)  # type: ignore[arg-type]  # root is set


@pytest.mark.parametrize(
    ("text", "slug"),
    [("a: [1", "syntax-error"), ("a: b: c", "syntax-error"), ("\ta: 1", "syntax-error"), ("a: *q", "syntax-error"),
     ("&a [*a]", "syntax-error"), ("[a]: b", "syntax-error"), ("a: 1\n---\nb: 2\n", "several-documents"),
     ("[" * 100, "too-large"), ('a: "\\UFFFFFFFF"', "syntax-error"), ("a: \x00", "syntax-error"), ("<<: 5", "syntax-error")],
)  # fmt: skip
def test_damage_is_one_finding(text: str, slug: str) -> None:
    assert slugs(text) == [slug]


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\r"])
def test_odd_line_ends_are_no_crash(end: str) -> None:
    assert "duplicate-key" in slugs(f"a: 1{end}b: 2{end}a: 3\n")


def test_thousands_of_duplicates_end_in_a_sum() -> None:
    problems = parse_yaml("a:\n" * 5000, file="x").problems

    assert len(problems) == 1001
    assert "4,999 keys are given twice" in problems[-1].message


def test_an_alias_bomb_is_refused_at_once() -> None:
    rows = [f"k{n + 1}: &k{n + 1} [{', '.join([f'*k{n}'] * 10)}]" for n in range(12)]

    assert slugs("k0: &k0 x\n" + "\n".join(rows)) == ["too-large"]


def test_a_byte_order_mark_shifts_no_column() -> None:
    document = parse_yaml("\ufeffa: 1\n", file="x")

    assert document.mapping is not None
    assert document.mapping.entries[0].key.span.column == 0


def test_line_ends_of_windows_do_not_matter() -> None:
    document = parse_yaml("a: 1\r\nb: 2\r\n", file="x")

    assert document.root is not None
    assert trainer_object(document.root) == {"a": 1, "b": 2}


@given(st.text("ab:-# \t\n\r[]{},'\"&*!|>?%é\u2028\x85", max_size=40))
def test_events_are_those_of_the_unchanged_library(text: str) -> None:
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.loader import SafeLoader

    from mace_scf.source.yaml_events import pure_event_source

    def events(kind: type) -> list[str] | str:
        found = []
        try:
            parser = kind(text)
            while parser.check_event():
                event = parser.get_event()
                found.append(f"{event!r} {event.start_mark!s} {event.end_mark!s}")
        except (YAMLError, AttributeError, IndexError, TypeError, ValueError) as error:
            return f"{type(error).__name__} {str(error).splitlines()[:1]}"
        return found

    assert events(pure_event_source()) == events(SafeLoader)


def shape(node: Node | None) -> object:
    """Values with the places of scalars."""
    if node is None:
        return None
    return trainer_object(node), [(leaf.text, leaf.style, leaf.span) for leaf in scalars(node)]


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with the parser in Python, as where libyaml is not installed."""
    from mace_scf.source import yaml_events

    monkeypatch.setattr(yaml_events, "_event_source", yaml_events.pure_event_source)


@pytest.mark.usefixtures("pure")
@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parents[2].glob("examples/**/*.yaml")), ids=lambda path: path.stem
)
def test_both_parsers_read_the_examples_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text(encoding="utf-8")
    slow = parse_yaml(text, file="x")
    monkeypatch.undo()

    fast = parse_yaml(text, file="x")

    assert shape(fast.root) == shape(slow.root)
    assert fast.problems == slow.problems


@given(NESTED)
def test_both_parsers_read_any_written_value_alike(value: object) -> None:
    from mace_scf.source import yaml_events

    text = yaml.safe_dump({"a": value}, allow_unicode=True)
    fast = parse_yaml(text, file="x")
    source, yaml_events._event_source = yaml_events._event_source, yaml_events.pure_event_source
    try:
        slow = parse_yaml(text, file="x")
    finally:
        yaml_events._event_source = source

    assert shape(fast.root) == shape(slow.root)


@pytest.mark.parametrize("text", ["[a,", "a: [1", "- [a\n- b", "{", "a: 'x", "? [a]", "{[]: a}", "a: {[b"])
def test_a_text_that_breaks_off_is_marked_inside(text: str) -> None:
    (problem,) = parse_yaml(text, file="x.yaml").problems

    assert problem.span is not None
    lines = text.split("\n")
    assert problem.span.line < len(lines)
    assert problem.span.column <= len(lines[problem.span.line])
