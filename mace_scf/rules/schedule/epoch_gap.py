"""S103: stages whose epochs do not follow one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import final

from ...config import Stage
from ...diagnostics import Diagnostic, Severity
from ..helpers import set_in_stage
from ..rule import Context, Rule
from ._epochs import epoch, in_order


@final
class EpochGap(Rule):
    """Stages whose epochs do not follow one another.

    What it checks: the first stage starts at epoch 0, and every later one at the epoch after the `end` of
    the stage before it. `end` is the last epoch that still trains.

    Why it matters: the trainer checks this with a bare assertion at start-up and stops.

    How to fix: take the number from the message. A stage of 100 epochs that starts at 0 ends at 99, and
    the next one starts at 100.
    """

    code, slug, severity = "S103", "epoch-gap", Severity.ERROR
    after = ("S106",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per `start` that is not where it should be."""
        stages = context.run.stages
        if not stages or not in_order(context.run):
            return
        first = epoch(stages[0].start)
        if first not in (None, 0):
            yield self._first(context, stages[0], first)
        for before, stage in pairwise(stages):
            start, last = epoch(stage.start), epoch(before.end)
            if start is not None and last is not None and start != last + 1 and _runs(before):
                yield self._later(context, before, stage, start, last)

    def _first(self, context: Context, stage: Stage, start: int | None) -> Diagnostic:
        return self.finding(
            f"the first stage has `start: {start}`, not 0",
            span=stage.start.span,
            when="the trainer stops at start-up",
            help="the first stage starts at epoch 0",
            fix=set_in_stage(context, stage, stage.start, "0", safe=False),
        )

    def _later(self, context: Context, before: Stage, stage: Stage, start: int, last: int) -> Diagnostic:
        found = _overlap(before, start, last) if start <= last else _gap(start, last)
        return self.finding(
            f"{stage.title} has `start: {start}`: {found}",
            span=stage.start.span,
            labels=before.end.label(f"the last epoch of {before.title}"),
            when="the trainer stops at start-up",
            help=f"`end` still trains: write `start: {last + 1}`" + _shorter(before, start),
            fix=set_in_stage(context, stage, stage.start, str(last + 1), safe=False),
        )


def _runs(stage: Stage) -> bool:
    """A stage that ends before it starts is another finding; its end is no measure for the next stage."""
    start, last = epoch(stage.start), epoch(stage.end)
    return start is None or last is None or last >= start


def _shorter(before: Stage, start: int) -> str:
    first = epoch(before.start)
    return "" if first is None or start <= first else f", or `end: {start - 1}` in {before.title}"


def _overlap(before: Stage, start: int, last: int) -> str:
    epochs = f"epoch {start}" if start == last else f"epochs {start} to {last}"
    return f"{epochs} would train in {before.title} too"


def _gap(start: int, last: int) -> str:
    if start == last + 2:
        return f"epoch {last + 1} belongs to no stage"
    return f"epochs {last + 1} to {start - 1} belong to no stage"
