"""Numbers by element, as formal charges and density scales are given: what is wrong with keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...catalog.elements import NUMBERS
from ...catalog.option import is_number, is_whole
from ...config import Setting
from ...config.structure import describe
from ...diagnostics import Diagnostic, Edit, Fix, Span
from ...source import Entry
from ...source import Mapping as MappingNode
from ..helpers import rewrite
from ..rule import Context, Rule

WHEN = "the trainer stops while the model is built, after the data were loaded"


def malformed(rule: Rule, context: Context, setting: Setting[Any], noun: str) -> Iterator[Diagnostic]:
    """One finding for the keys that are no atomic numbers, one for each value that is no number."""
    entries, given = _entries(setting.node), setting.value or {}
    wrong = [key for key in given if not _is_element(key)]
    if wrong:
        yield rule.finding(
            f"the key {_shown(wrong[0])} of `{setting.name}` is no atomic number",
            span=_key_place(entries, wrong[0]) or setting.span,
            when=WHEN,
            help="write the atomic number of the element, without quotes",
            fix=_numbered(context, entries, wrong),
        )
    for key, value in given.items():
        if not is_number(value):
            yield rule.finding(
                f"{noun} of `{key}` takes a number, not {describe(value)}",
                span=_value_place(entries, key) or setting.span,
                when=WHEN,
                help="write a number",
            )


def _is_element(key: Any) -> bool:
    return is_whole(key) and key > 0


def _shown(key: Any) -> str:
    return f"`'{key}'`" if isinstance(key, str) and key.isdigit() else f"`{key}`"


def _number(key: str) -> int | None:
    return int(key) if key.isascii() and key.isdigit() else NUMBERS.get(key)


def _entries(node: Any) -> dict[str, Entry]:
    """By key as written; nothing where the mapping is a quoted literal, which is one place."""
    return {entry.name: entry for entry in node} if isinstance(node, MappingNode) else {}


def _key_place(entries: dict[str, Entry], key: Any) -> Span | None:
    entry = entries.get(str(key))
    return entry.key.span if entry else None


def _value_place(entries: dict[str, Entry], key: Any) -> Span | None:
    entry = entries.get(str(key))
    return entry.value.span if entry else None


def _numbered(context: Context, entries: dict[str, Entry], wrong: list[Any]) -> Fix | None:
    """Numbers in place of symbols, where all wrong keys are symbols of a mapping written in YAML."""
    numbers: Mapping[Any, int | None] = {key: _number(str(key)) for key in wrong}
    if not all(numbers.values()):
        return None
    fixes = [rewrite(context, _key_place(entries, key), str(number)) for key, number in numbers.items()]
    edits: tuple[Edit, ...] = tuple(edit for fix in fixes if fix for edit in fix.edits)
    return Fix("write atomic numbers", edits) if len(edits) == len(wrong) else None
