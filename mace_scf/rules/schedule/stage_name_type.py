"""S108: a stage name that cannot name a file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, final

from ...config import Setting, Stage
from ...config.structure import describe
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Scalar
from ..helpers import rewrite
from ..rule import Context, Rule


@final
class StageNameType(Rule):
    """A stage name that cannot name a file.

    What it checks: `name` of a stage is a text for YAML 1.1, where `on`, `yes` and `off` are booleans and
    `2024-01-31` is a date, and it holds no slash.

    Why it matters: the name becomes part of file names. A number or a boolean passes the start-up check
    and crashes after the model is built; a date is refused at start-up; a slash crashes when the first
    checkpoint of the stage is written.

    How to fix: quote the name, or use letters, digits, `-` and `_`.
    """

    code, slug, severity = "S108", "stage-name-type", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per name."""
        for stage in context.run.stages:
            name = stage.name
            if not name.given or name.raw is None:
                continue
            if isinstance(name.raw, str):
                yield from self._slash(context, stage)
            elif isinstance(name.raw, bool | int | float | datetime.date):
                yield self._not_a_text(context, stage)

    def _not_a_text(self, context: Context, stage: Stage) -> Diagnostic:
        written = stage.name.node.text if isinstance(stage.name.node, Scalar) else str(stage.name.raw)
        is_date = isinstance(stage.name.raw, datetime.date)
        return self.finding(
            f"`name` of stage {stage.key.raw} is {_kind(stage.name.raw)}, not a text",
            span=stage.name.span,
            notes=(f"the trainer's YAML reader takes `{written}` for {describe(stage.name.raw)}",)
            if isinstance(stage.name.raw, bool) and written.lower() not in ("true", "false")
            else (),
            when="the trainer stops at start-up" if is_date else "the trainer stops after the model is built",
            help=f'quote it: `name: "{written}"`',
            fix=rewrite(context, stage.name.span, f'"{written}"'),
        )

    def _slash(self, context: Context, stage: Stage) -> Iterator[Diagnostic]:
        if "/" not in stage.name.raw:
            return
        yield self.finding(
            f"`name` of stage {stage.key.raw} holds a slash",
            span=stage.name.span,
            when=f"training stops when stage {stage.key.raw} writes its first checkpoint",
            help="write `_` or `-` in its place",
            fix=_without_slash(context, stage.name),
        )


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    return "a date" if isinstance(value, datetime.date) else "a number"


def _without_slash(context: Context, name: Setting[Any]) -> Fix | None:
    if not isinstance(name.node, Scalar) or not name.node.is_plain:
        return None
    return rewrite(context, name.span, name.node.text.replace("/", "_"), safe=False)
