"""S111: a schedule without a stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._epochs import schedule_mapping


@final
class EmptySchedule(Rule):
    """A schedule without a stage.

    What it checks: `train_schedule` has at least one stage.

    Why it matters: an empty mapping passes every check at start-up. The data are loaded, the model is
    built, and nothing is trained.

    How to fix: add a stage `0` with `name`, `start`, `end` and `loss`.
    """

    code, slug, severity = "S111", "empty-schedule", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        schedule = schedule_mapping(context)
        if schedule is not None and not len(schedule):
            yield self.finding(
                "`train_schedule` has no stage",
                span=schedule.span,
                when="the trainer loads everything, trains nothing and says nothing",
                help="add a stage `0` with `name`, `start`, `end` and `loss`",
            )
