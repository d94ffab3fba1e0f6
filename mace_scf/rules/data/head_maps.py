"""D103: an empty map in a head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity, Span
from ...source import Mapping
from ..helpers import addition, filled
from ..rule import Context, Rule
from ._heads import CONTAINERS, entry_of


@final
class HeadMaps(Rule):
    """An empty map in a head.

    What it checks: `info_keys` and `arrays_keys` each map at least one property.

    Why it matters: the trainer adds entries of its own to both maps and stops at start-up where one is empty.

    How to fix: map what the files hold: `total_charge` at least under `info_keys`, `forces` under
    `arrays_keys`.
    """

    code, slug, severity = "D103", "head-maps", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each map that is written and empty."""
        head = context.run.head
        for container in CONTAINERS if head is not None else ():
            entry = entry_of(head, container) if head is not None else None
            if entry is None or not entry.given:
                continue
            if entry.raw is None or (isinstance(entry.node, Mapping) and not len(entry.node)):
                yield self.finding(
                    f"`{container}` is empty", span=_whole(entry), when="the trainer stops at start-up",
                    help=f"map at least one property under `{container}`",
                    fix=_mapped(context, container, entry),
                )  # fmt: skip


def _mapped(context: Context, container: str, entry: Setting[object]) -> Fix | None:
    """What nearly every file has and what the losses read, to be checked against the files."""
    content = {**_USUAL[container], **_read(context, container)}
    if isinstance(entry.node, Mapping):
        return addition(context, entry.key_span, entry.node, content, safe=False)
    return filled(context, entry, content, f"map {' and '.join(f'`{name}`' for name in content)}")


_USUAL = {"info_keys": {"total_charge": "total_charge"}, "arrays_keys": {"forces": "REF_forces"}}


def _read(context: Context, container: str) -> dict[str, str]:
    """Labels of the losses, under the keys that are recommended for them."""
    names = {
        need.name
        for stage in context.stages
        for term in stage.terms
        for need in term.needs
        if need.kind == "reference"
    }
    quantities = (context.trainer.quantity_by_name[name] for name in sorted(names))
    return {
        quantity.name: quantity.safe_key
        for quantity in quantities
        if quantity.container == container and quantity.safe_key
    }


def _whole(entry: Setting[object]) -> Span | None:
    """Key and value: the value of an empty line has no characters."""
    key, value = entry.key_span, entry.span
    if key is None or value is None or value.file != key.file or value.end < key.end:
        return entry.place
    return Span(key.file, key.line, key.column, value.end_line, value.end_column)
