"""M105: formal charges under names, or of texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, final

from ...catalog.elements import NUMBERS
from ...config.structure import describe
from ...diagnostics import Diagnostic, Edit, Fix, Severity, Span
from ...resolve import Verdict, all_hold, holds
from ...source import Entry
from ...source import Mapping as MappingNode
from ..helpers import rewrite
from ..rule import Context, Rule


@final
class FormalChargesMalformed(Rule):
    """Formal charges under names, or of texts.

    What it checks: the keys of `atomic_formal_charges` are atomic numbers, and the values are numbers.

    Why it matters: the trainer looks up every element of the data by its atomic number. A charge under the
    symbol of the element is not found, and the trainer stops while the model is built, after the data were
    loaded.

    How to fix: write atomic numbers: `1: 1.0` for hydrogen.
    """

    code, slug, severity = "M105", "formal-charges-malformed", Severity.ERROR
    after = ("C147", "C120")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for the keys, one for the values."""
        option = context.trainer.option_by_name["atomic_formal_charges"]
        setting = context.run.option(option.name)
        if not setting.given or not isinstance(setting.value, dict) or _is_unused(context):
            return
        entries = _entries(setting.node)
        wrong = [key for key in setting.value if not _is_element(key)]
        if wrong:
            yield self.finding(
                f"the key {_shown(wrong[0])} of `atomic_formal_charges` is no atomic number",
                span=_key_place(entries, wrong[0]) or setting.span,
                when=_WHEN,
                help="write the atomic number of the element, without quotes",
                fix=_numbered(context, entries, wrong),
            )
        for key, value in setting.value.items():
            if not _is_number(value):
                yield self.finding(
                    f"the formal charge of `{key}` takes a number, not {describe(value)}",
                    span=_value_place(entries, key) or setting.span,
                    when=_WHEN,
                    help="write a number",
                )


_WHEN = "the trainer stops while the model is built, after the data were loaded"


def _is_unused(context: Context) -> bool:
    """Another model, or charges from the data: then the mapping is never read."""
    option = context.trainer.option_by_name["atomic_formal_charges"]
    lookup = context.run.option
    unused = all_hold(option.only_if, lookup) is Verdict.NOT_MET
    return unused or any(holds(condition, lookup) is Verdict.MET for condition in option.not_if)


def _is_element(key: Any) -> bool:
    return isinstance(key, int) and not isinstance(key, bool) and key > 0


def _shown(key: Any) -> str:
    return f"`'{key}'`" if isinstance(key, str) and key.isdigit() else f"`{key}`"


def _number(key: str) -> int | None:
    return int(key) if key.isascii() and key.isdigit() else NUMBERS.get(key)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
