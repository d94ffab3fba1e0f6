"""S105: a stage without an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Stage
from ...diagnostics import Diagnostic, Severity
from ..helpers import set_in_stage
from ..rule import Context, Rule
from ._epochs import epoch


@final
class StageNeverRuns(Rule):
    """A stage without an epoch.

    What it checks: `end` is not before `start`, and the first stage does not end at epoch 0.

    Why it matters: the trainer never compares the two. A stage that ends before it starts trains nothing;
    a stage is also skipped when it ends at or before the epoch where training starts, so a first stage
    with `end: 0` is skipped instead of training one epoch. Nothing is said until the end, when
    "No model found" appears for the stage, and the stages behind it have started from untrained weights.

    How to fix: give the stage the epochs that it should train. `end` counts epochs of the whole run, not
    of the stage.
    """

    code, slug, severity = "S105", "stage-never-runs", Severity.ERROR
    after = ("S106",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage that is skipped."""
        for place, stage in enumerate(context.run.stages):
            start, end = epoch(stage.start), epoch(stage.end)
            if end is None or end < 0:
                continue
            if start is not None and end < start:
                yield self._backwards(context, stage, start, end)
            elif place == 0 and end == 0:
                yield self._first(context, stage)

    def _backwards(self, context: Context, stage: Stage, start: int, end: int) -> Diagnostic:
        return self.finding(
            f"{stage.title} ends at epoch {end}, before it starts",
            span=stage.end.span,
            labels=stage.start.label("it starts here"),
            when=_WHEN,
            help=f"`end` counts epochs of the whole run: for {end + 1} epochs write `end: {start + end}`",
            fix=set_in_stage(context, stage, stage.end, str(start + end), safe=False),
        )

    def _first(self, context: Context, stage: Stage) -> Diagnostic:
        return self.finding(
            f"{stage.title} has `end: 0`, so it is skipped",
            span=stage.end.span,
            notes=("a stage that ends at or before the epoch where training starts, 0, is skipped",),
            when=_WHEN,
            help="write `end: 1` or more",
            fix=set_in_stage(context, stage, stage.end, "1", safe=False),
        )


_WHEN = 'the stage trains nothing, silently; "No model found" appears at the end of the run'
