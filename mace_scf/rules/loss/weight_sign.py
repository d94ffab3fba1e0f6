"""L103: a loss weight of zero, or below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import TermEntry
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._words import entries


@final
class WeightSign(Rule):
    """A loss weight of zero, or below.

    What it checks: every weight is greater than zero.

    Why it matters: the trainer takes any number. With weight 0 a term is computed in every batch, changes
    nothing, and shows as 0 in the loss breakdown; a missing label (NaN) in it still spoils the whole loss.
    With a negative weight training drives the error up.

    How to fix: remove the line to leave a term out; give a positive weight otherwise.
    """

    code, slug, severity = "L103", "weight-sign", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each weight that is zero (warning) or negative (error)."""
        for _, entry in entries(context):
            weight = entry.weight.value
            if entry.weight.known and weight is not None and weight <= 0:
                yield self._zero(entry) if weight == 0 else self._negative(entry)

    def _zero(self, entry: TermEntry) -> Diagnostic:
        return self.finding(
            f"`{entry.name}` has weight 0: it teaches nothing", span=entry.weight.span,
            when="the term is computed in every batch and has no effect",
            help=f"remove `{entry.name}`, or give it a weight",
        )  # fmt: skip

    def _negative(self, entry: TermEntry) -> Diagnostic:
        return self.finding(
            f"`{entry.name}` has a negative weight", span=entry.weight.span, severity=Severity.ERROR,
            when="nobody complains, and training makes this error as large as it can",
            help="give a positive weight",
        )  # fmt: skip
