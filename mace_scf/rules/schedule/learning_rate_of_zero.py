"""S113: a stage that changes no parameter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Stage
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule


@final
class LearningRateOfZero(Rule):
    """A stage that changes no parameter.

    What it checks: a stage with `lr: 0` has a positive `<group>_lr` at least.

    Why it matters: `lr` sets every parameter group that has no rate of its own. With all rates at zero the
    stage runs its epochs and leaves the model as it was.

    How to fix: give `lr` a positive value, give one to the groups that should train, or remove the stage.
    """

    code, slug, severity = "S113", "learning-rate-of-zero", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        for stage in context.run.stages:
            if stage.lr.known and stage.lr.value == 0 and not _some_group_trains(stage):
                yield self.finding(
                    f"{stage.title} has `lr: {stage.lr.value:g}`, so it changes no parameter",
                    span=stage.lr.span,
                    when="the stage runs all its epochs and leaves the model as it was",
                    help="write a positive `lr`, or a positive `<group>_lr` for the groups that should train",
                )


def _some_group_trains(stage: Stage) -> bool:
    """Whether a group has, or may have, a rate of its own above zero."""
    return any(not rate.known or (rate.value or 0) > 0 for rate in stage.group_lrs.values())
