"""C140: a run without forces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import drop
from ..rule import Context, Rule


@final
class ComputeForcesOff(Rule):
    """A run that shall not compute forces.

    What it checks: `compute_forces` is not switched off.

    Why it matters: the trainer refuses to train without forces, whatever the loss, and stops right after its
    logger has started.

    How to fix: remove the option. To train without forces, leave the term `forces` out of the losses.
    """

    code, slug, severity = "C140", "compute-forces-off", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """The option, where it was given."""
        setting = context.run.option("compute_forces")
        if setting.is_known(False):
            yield self.finding(
                "`compute_forces` must stay on",
                span=setting.place,
                when="the trainer stops right after the checks at start-up",
                help="remove `compute_forces`; without a `forces` term nothing is trained on forces",
                fix=drop(context, setting, safe=True),
            )
