"""F111: an option with which a training mode crashes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.model import Model, Refusal
from ...config import Stage
from ...diagnostics import Diagnostic, Severity
from ...resolve import Lookup, Verdict, all_hold, stage_lookup
from ..helpers import drop
from ..rule import Context, Rule
from ._blocks import stage_model


@final
class ModeRefusesOption(Rule):
    """An option with which a training mode crashes.

    What it checks: no stage is in a mode that cannot work with an option of the run, such as implicit with
    `distributed`.

    Why it matters: implicit gradients do not exist for distributed training: the trainer stops at
    start-up, on every rank, after the job has waited for its nodes.

    How to fix: leave the option out, or train that stage in another mode.
    """

    code, slug, severity = "F111", "mode-refuses-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage and combination."""
        for resolution in context.stages:
            model = stage_model(context, resolution)
            lookup = stage_lookup(context.run, resolution.stage)
            for refusal in model.refuses if model else ():
                if _of_a_stage(refusal, context) and all_hold(refusal.when, lookup) is Verdict.MET:
                    assert model is not None
                    yield self._refused(context, model, resolution.stage, refusal, lookup)

    def _refused(
        self, context: Context, model: Model, stage: Stage, refusal: Refusal, lookup: Lookup
    ) -> Diagnostic:
        inside = [
            lookup(condition.option) for condition in refusal.when if _inside(condition.option, context)
        ]
        outside = [
            lookup(condition.option) for condition in refusal.when if not _inside(condition.option, context)
        ]
        texts = " and ".join(f"`{condition.text}`" for condition in refusal.when)
        return self.finding(
            f"{stage.title} cannot combine {texts}",
            span=inside[0].span or stage.span,
            severity=Severity.ERROR if refusal.certain else Severity.WARNING,
            labels=tuple(label for setting in outside for label in setting.label()),
            notes=(refusal.reason,),
            when=f"training stops {refusal.at}",
            help="leave the option out, or train this stage in another mode",
            fix=drop(context, outside[0]) if len(outside) == 1 and outside[0].given else None,
        )


def _inside(name: str, context: Context) -> bool:
    return not context.trainer.is_of_the_run(name)


def _of_a_stage(refusal: Refusal, context: Context) -> bool:
    return any(_inside(condition.option, context) for condition in refusal.when)
