"""S110: a stage in which nothing is ever saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Stage
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import replacement, set_in_stage
from ..rule import Context, Rule
from ._epochs import epoch


@final
class StageWithoutCheckpoint(Rule):
    """A stage in which nothing is ever saved.

    What it checks: every stage has an epoch that `eval_interval` divides.

    Why it matters: the trainer validates at the epochs that `eval_interval` divides, counted over the
    whole run, and writes checkpoints only there. A stage without such an epoch trains and leaves no
    checkpoint and no model: at the end of the run "No model found" appears for it.

    How to fix: lower `eval_interval`, or let the stage reach the next epoch that it divides.
    """

    code, slug, severity = "S110", "stage-without-checkpoint", Severity.ERROR
    after = ("S103", "S105", "S106")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        interval = context.run.option("eval_interval")
        every = interval.value
        if not interval.known or not isinstance(every, int) or every < 2:
            return
        for stage in context.run.stages:
            start, end = epoch(stage.start), epoch(stage.end)
            if start is None or end is None or not 0 <= start <= end or end // every > (start - 1) // every:
                continue
            following = (end // every + 1) * every
            yield self.finding(
                f"no epoch of {stage.title} ({start} to {end}) is validated, so nothing of it is saved",
                span=stage.end.span,
                labels=interval.label("validation happens only where this divides the epoch"),
                when='its training is lost: "No model found" at the end of the run',
                help=f"lower `eval_interval`, or let the stage reach epoch {following}",
                fix=_reached(context, stage, following, end - start + 1),
            )


def _reached(context: Context, stage: Stage, following: int, length: int) -> Fix | None:
    """The last stage can be longer; one before others would push them, so validation comes more often."""
    if stage is context.run.stages[-1]:
        return set_in_stage(context, stage, stage.end, str(following), safe=False)
    return replacement(context, context.run.option("eval_interval"), length, safe=False)
