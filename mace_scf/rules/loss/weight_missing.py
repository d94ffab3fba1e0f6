"""L104: a term in mapping form without its weight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import TermEntry
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping
from ..helpers import insertion
from ..rule import Context, Rule
from ._words import entries


@final
class WeightMissing(Rule):
    """A term in mapping form without its weight.

    What it checks: a term written as a mapping has the key `weight`.

    Why it matters: there is no default weight; the trainer stops at start-up with an AssertionError.

    How to fix: add `weight: 1.0`, or whatever the term shall count, beside its options.
    """

    code, slug, severity = "L104", "weight-missing", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each mapping without a weight."""
        for _, entry in entries(context):
            if entry.is_mapping and not entry.weight.given:
                yield self.finding(
                    f"`{entry.name}` has no `weight`", span=entry.key_span,
                    when="the trainer stops at start-up",
                    help="add `weight`: there is no default", fix=_fix(context, entry),
                )  # fmt: skip


def _fix(context: Context, entry: TermEntry) -> Fix | None:
    if not isinstance(entry.node, Mapping):
        return None
    return insertion(context, entry.key_span, entry.node, "weight: 1.0", safe=False)
