"""S101: a schedule that is no mapping of stages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config.structure import describe
from ...diagnostics import Diagnostic, Severity
from ...source import Mapping, trainer_object
from ..rule import Context, Rule


@final
class ScheduleNotAMapping(Rule):
    """A schedule that is no mapping of stages.

    What it checks: `train_schedule` is a mapping from stage numbers to stages, in YAML or as a quoted
    Python literal.

    Why it matters: the trainer evaluates the schedule at start-up and stops at a list and at a text that is
    no literal.

    How to fix: put every stage under its number: `0:`, `1:`, and so on.
    """

    code, slug, severity = "S101", "schedule-not-a-mapping", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding, at the value."""
        entry = context.effective.root.get("train_schedule")
        if entry is None or isinstance(entry.value, Mapping):
            return
        written = trainer_object(entry.value)
        if written is None:
            return  # an empty value is no option given: the run lacks its schedule
        found = describe(written)
        yield self.finding(
            f"`train_schedule` takes a mapping of stages, not {found}",
            span=entry.value.span,
            when="the trainer stops at start-up",
            help="write each stage under its number: `0:`, `1:`, …",
        )
