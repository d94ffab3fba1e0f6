"""S107: two stages of one name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Stage
from ...diagnostics import Diagnostic, Severity
from ..helpers import set_in_stage
from ..rule import Context, Rule


@final
class DuplicateStageName(Rule):
    """Two stages of one name.

    What it checks: no two stages have the same `name`.

    Why it matters: checkpoints and models are filed by the name of the stage alone. The second stage
    overwrites the model of the first, and a restart may take the checkpoint of one stage for the other.
    The trainer says nothing.

    How to fix: give every stage a name of its own.
    """

    code, slug, severity = "S107", "duplicate-stage-name", Severity.ERROR
    after = ("S108",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per later stage of the same name."""
        first: dict[str, Stage] = {}
        for stage in context.run.stages:
            if not stage.name.known:
                continue
            known = first.setdefault(str(stage.name.value), stage)
            if known is not stage:
                yield self._duplicate(context, known, stage)

    def _duplicate(self, context: Context, known: Stage, stage: Stage) -> Diagnostic:
        name = str(stage.name.value)
        free = f"{name}_{stage.index}"
        return self.finding(
            f"stage {stage.key.raw} has the `name` of stage {known.key.raw}: `{name}`",
            span=stage.name.span,
            labels=known.name.label("the first stage of this name"),
            when=f"stage {stage.key.raw} overwrites the model of stage {known.key.raw}, "
            "and a restart may load the wrong checkpoint",
            help=f"choose another name, such as `{free}`",
            fix=set_in_stage(context, stage, stage.name, free, safe=False),
        )
