"""S112: a learning rate for parameters that the model does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.model import Model
from ...catalog.option import Condition
from ...config import Setting, Stage
from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, holds, stage_lookup
from ..helpers import known_model, removal
from ..rule import Context, Rule


@final
class GroupLrWithoutGroup(Rule):
    """A learning rate for parameters that the model does not have.

    What it checks: `<group>_lr` in a stage names a parameter group of the run's model, with the options
    that the group depends on.

    Why it matters: the trainer goes through the groups that exist and looks for their names. A rate for
    another group is never read, and nothing says so.

    How to fix: remove the key, or take a group that the model has; the message lists them.
    """

    code, slug, severity = "S112", "group-lr-without-group", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per key; silent where the model was not seen."""
        model = known_model(context)
        if model is None:
            return
        for stage in context.run.stages:
            for group, setting in stage.group_lrs.items():
                if group not in model.parameter_groups:
                    yield self._absent(context, model, setting)
                else:
                    yield from self._conditional(context, model, stage, group, setting)

    def _absent(self, context: Context, model: Model, setting: Setting[Any]) -> Diagnostic:
        return self.finding(
            f"`{setting.name}` has no effect: `{model.name}` has no such parameter group",
            span=setting.key_span,
            labels=context.run.option("model").label(),
            notes=(f"its groups are {', '.join(model.parameter_groups)}",),
            when="the rate is never read; the parameters of this model train with `lr` and their own groups",
            help=f"remove `{setting.name}`",
            fix=removal(context, setting.key_span, setting.span, f"remove `{setting.name}`"),
        )

    def _conditional(
        self, context: Context, model: Model, stage: Stage, group: str, setting: Setting[Any]
    ) -> Iterator[Diagnostic]:
        lookup = stage_lookup(context.run, stage)
        conditions: tuple[Condition, ...] = dict(model.conditional_groups).get(group, ())
        failing = [condition for condition in conditions if holds(condition, lookup) is Verdict.NOT_MET]
        if failing:
            cause = lookup(failing[0].option)
            needed = failing[0].text
            yield self.finding(
                f"`{setting.name}` has no effect: `{model.name}` has that group only with `{needed}`",
                span=setting.key_span,
                labels=cause.label(),
                when="the rate is never read",
                help=f"remove `{setting.name}`, or set `{needed}`",
            )
