"""S109: a learning rate left empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting, Stage
from ...diagnostics import Diagnostic, Severity
from ..helpers import removal, stage_begins
from ..rule import Context, Rule


@final
class EmptyLearningRate(Rule):
    """A learning rate left empty.

    What it checks: `lr` and every `<group>_lr` of a stage has a value.

    Why it matters: an empty key is there, so its default is not filled in: the optimizer gets nothing for
    a number and stops at its first step in that stage, after all stages before it have trained.

    How to fix: write a number, or remove the line: `lr` is then 0.01.
    """

    code, slug, severity = "S109", "empty-learning-rate", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per empty key."""
        for stage in context.run.stages:
            for setting in (stage.lr, *stage.group_lrs.values()):
                if setting.given and setting.raw is None:
                    yield self._empty(context, stage, setting)

    def _empty(self, context: Context, stage: Stage, setting: Setting[Any]) -> Diagnostic:
        name, key, value = setting.name, setting.key_span, setting.span
        return self.finding(
            f"`{name}` of {stage.title} is empty",
            span=value,
            when=f"training stops when {stage_begins(stage)}",
            help=f"write a number such as `{name}: 0.01`, or remove the line",
            fix=removal(context, key, value, f"remove `{name}`", safe=False),
        )
