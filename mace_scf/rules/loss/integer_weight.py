"""L102: a bare loss weight that is no float."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import TermEntry
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import rewrite
from ..rule import Context, Rule
from ._words import entries, stands_alone


@final
class IntegerWeight(Rule):
    """A bare loss weight that is a whole number.

    What it checks: a weight written without a mapping is a float such as `100.0`, where the trainer version
    insists on it. Inside the mapping form, `{weight: 100}`, whole numbers are fine.

    Why it matters: the trainer compares the type, not the value: `100` is an integer, so the run stops at
    start-up with a TypeError, after its time in the queue.

    How to fix: write a decimal point: `100.0`.
    """

    code, slug, severity = "L102", "integer-weight", Severity.ERROR
    after = ("C120", "C121")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each bare whole number."""
        if context.trainer.integer_weights:
            return
        for _, entry in entries(context):
            if not entry.is_mapping and type(entry.weight.raw) is int:
                yield self.finding(
                    f"the weight of `{entry.name}` is a whole number, not a float",
                    span=entry.weight.span,
                    when="the trainer stops at start-up: a bare weight must be a float",
                    help=f"write `{_as_float(entry)}`", fix=_fix(context, entry),
                )  # fmt: skip


def _as_float(entry: TermEntry) -> str:
    number = float(entry.weight.raw)  # the YAML reader makes no whole numbers beyond the floats
    shown = repr(number)
    return f"{number:.1e}" if "e" in shown else shown


def _fix(context: Context, entry: TermEntry) -> Fix | None:
    """Only where the value has its own place; `010` and the like may have meant another number."""
    if not stands_alone(entry.node):
        return None
    digits = entry.node.text.lstrip("+-")
    plain = digits.isdecimal() and (digits == "0" or digits[0] != "0")
    return rewrite(context, entry.node.span, _as_float(entry), safe=plain)
