"""L108: a weight in mapping form that is no number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Stage, TermEntry
from ...config.structure import describe
from ...diagnostics import Diagnostic, Edit, Fix, Severity
from ...source import Scalar
from ..rule import Context, Rule
from ._words import at_first_batch, entries


@final
class WeightNotANumber(Rule):
    """A weight in mapping form that is no number.

    What it checks: the `weight` in a term's mapping is a number. Whole numbers are fine here.

    Why it matters: only bare weights are type-checked at start-up. Inside a mapping a text passes, and the
    first batch of the stage multiplies it with a tensor: a TypeError. A switch counts as 1 or 0.

    How to fix: write the number without quotes, with point and sign in its exponent: `1.0e+2`.
    """

    code, slug, severity = "L108", "weight-not-a-number", Severity.ERROR
    after = ("C120",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each weight of another type."""
        for stage, entry in entries(context):
            weight = entry.weight
            if entry.is_mapping and weight.given and not weight.known:
                switch = isinstance(weight.raw, bool)
                yield self._switch(entry) if switch else self._other(context, stage, entry)

    def _switch(self, entry: TermEntry) -> Diagnostic:
        number = float(bool(entry.weight.raw))
        return self.finding(
            f"the weight of `{entry.name}` is a switch, not a number", span=entry.weight.span,
            severity=Severity.WARNING, when=f"the trainer multiplies with it: it counts as {number}",
            help=f"write `{number}` if that is meant",
        )  # fmt: skip

    def _other(self, context: Context, stage: Stage, entry: TermEntry) -> Diagnostic:
        return self.finding(
            f"the weight of `{entry.name}` is {describe(entry.weight.raw)}, not a number",
            span=entry.weight.span,
            when=at_first_batch(stage, context.trainer, "only bare weights are checked before"),
            help="give a number such as `1.0`", fix=_unquoted(context, entry),
        )  # fmt: skip


def _unquoted(context: Context, entry: TermEntry) -> Fix | None:
    """The number that a quoted text spells."""
    node = entry.weight.node
    if not isinstance(node, Scalar) or node.style not in ("'", '"'):
        return None
    if node.span.file != context.document.file or not _holds_it_alone(node):
        return None
    number = _number(node.text)
    return None if number is None else Fix(f"write `{number}`", (Edit(node.span, number),))


def _holds_it_alone(node: Scalar) -> bool:
    """False for a text inside a quoted literal, whose place is the whole literal."""
    return node.span.end_column - node.span.column == len(node.text) + 2


def _number(text: str) -> str | None:
    try:
        shown = repr(float(text))
    except ValueError:
        return None
    return shown if "." in shown else None
