"""S104: a stage without `start` or `end`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Stage
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import insertion
from ..rule import Context, Rule
from ._epochs import epoch


@final
class EpochsMissing(Rule):
    """A stage without `start` or `end`.

    What it checks: where one stage has epochs, all have them; in a run that is seen as a whole, every
    stage has them. A schedule of names and losses alone, with the rest of the run not seen, is taken as
    the sketch that it is.

    Why it matters: the trainer looks for `start` and `end` in every stage at start-up and stops at the
    first one that lacks them.

    How to fix: add the missing number. `end` is the last epoch that still trains; the next stage starts
    one later.
    """

    code, slug, severity = "S104", "epochs-missing", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage; one for all where none has any."""
        stages = context.run.stages
        if any(_present(stage) for stage in stages):
            incomplete = ((place, stage) for place, stage in enumerate(stages) if len(_present(stage)) < 2)
            yield from (self._stage(context, place, stage) for place, stage in incomplete)
        elif stages and context.run.complete:
            yield self._none(stages)

    def _stage(self, context: Context, place: int, stage: Stage) -> Diagnostic:
        missing = [name for name in ("start", "end") if name not in _present(stage)]
        numbers = {name: _likely(context, place, name) for name in missing}
        lines = ", ".join(name if number is None else f"{name}: {number}" for name, number in numbers.items())
        return self.finding(
            f"{stage.title} lacks {' and '.join(f'`{name}`' for name in missing)}",
            span=stage.key.key_span or stage.span,
            when="the trainer stops at start-up",
            help=f"add `{lines}`",
            fix=_added(context, stage, numbers),
        )

    def _none(self, stages: tuple[Stage, ...]) -> Diagnostic:
        return self.finding(
            "no stage has `start` and `end`",
            span=stages[0].key.key_span or stages[0].span,
            when="the trainer stops at start-up",
            help="give every stage its epochs: `start: 0` and `end: 99`, then `start: 100`, and so on",
        )


def _present(stage: Stage) -> tuple[str, ...]:
    """The keys that are written, even where their value is another finding."""
    return tuple(name for name in ("start", "end") if stage.node.get(name) is not None)


def _likely(context: Context, place: int, name: str) -> int | None:
    """The number that the neighbouring stage leaves, if it leaves one."""
    stages = context.run.stages
    if name == "start":
        last = epoch(stages[place - 1].end) if place else -1
        return None if last is None else last + 1
    following = epoch(stages[place + 1].start) if place + 1 < len(stages) else None
    return None if following is None else following - 1


def _added(context: Context, stage: Stage, numbers: dict[str, int | None]) -> Fix | None:
    if len(numbers) != 1:
        return None
    ((name, number),) = numbers.items()
    line = f"{name}: {number}"
    return None if number is None else insertion(context, stage.key.key_span, stage.node, line)
