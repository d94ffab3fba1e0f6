"""S106: a `start` or `end` that is no whole number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import is_whole
from ...config import Setting, Stage
from ...config.structure import describe
from ...diagnostics import Diagnostic, Severity
from ..helpers import set_in_stage
from ..rule import Context, Rule
from ._epochs import epoch


@final
class EpochNotAnInteger(Rule):
    """A `start` or `end` that is no whole number.

    What it checks: epochs are written as plain whole numbers: no quotes, no point, not empty.

    Why it matters: a text or an empty `end` stops the trainer at start-up. A whole float passes the
    check, but `start: 0.0` goes into the names of the checkpoints as `0.0`, where they are never found
    again: the run ends with "No model found".

    How to fix: write the number without quotes and without a point.
    """

    code, slug, severity = "S106", "epoch-not-an-integer", Severity.ERROR
    after = ("C120",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per value."""
        for stage in context.run.stages:
            for setting in (stage.start, stage.end):
                if setting.given and not is_whole(setting.raw):
                    yield self._value(context, stage, setting)

    def _value(self, context: Context, stage: Stage, setting: Setting[Any]) -> Diagnostic:
        number = epoch(setting) if not isinstance(setting.raw, str) else _whole_text(setting.raw)
        harmless = setting.name == "end" and isinstance(setting.raw, float) and number is not None
        return self.finding(
            f"`{setting.name}` of {stage.title} takes a whole number, not {describe(setting.raw)}",
            span=setting.span,
            severity=Severity.WARNING if harmless else Severity.ERROR,
            when=_when(setting, number),
            help=f"write `{setting.name}: {number}`" if number is not None else "write a plain whole number",
            fix=None if number is None else set_in_stage(context, stage, setting, str(number)),
        )


def _whole_text(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _when(setting: Setting[Any], number: int | None) -> str:
    if isinstance(setting.raw, float) and number is None:
        return "the trainer compares epochs exactly, and no stage can start one later than that"
    if number is None or not isinstance(setting.raw, float):
        return "the trainer stops at start-up"
    if setting.name == "end":
        return "the start-up check passes; a float has no meaning as an epoch"
    filed = f"checkpoints are filed under `{setting.raw}` and never found again"
    return f'{filed}: "No model found" at the end of the run'
