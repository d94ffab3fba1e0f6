"""L110: a loss weight that is infinite or no number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._words import entries


@final
class WeightNotFinite(Rule):
    """A loss weight that is infinite or NaN.

    What it checks: every weight is a finite number.

    Why it matters: the trainer takes `.nan` and `.inf` as floats. The loss of the first batch, and with it
    every parameter, becomes NaN; a NaN validation loss counts as an improvement, so the job runs to its end.

    How to fix: give a number.
    """

    code, slug, severity = "L110", "weight-not-finite", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each weight that is not finite."""
        for stage, entry in entries(context):
            weight = entry.weight.value
            if entry.weight.known and weight is not None and not _is_finite(weight):
                yield self.finding(
                    f"the weight of `{entry.name}` is not finite",
                    span=entry.weight.span,
                    when=f"every parameter is NaN after the first step of {stage.title}; nobody complains",
                    help="give a number such as `1.0`",
                )  # fmt: skip


def _is_finite(weight: float) -> bool:
    try:
        return math.isfinite(weight)
    except OverflowError:  # a whole number beyond the floats
        return False
