"""C133: an option whose place a setting of the stages always takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Option, State
from ...config import Setting, equals_default
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule


@final
class OverriddenOption(Rule):
    """An option whose place a setting of the stages always takes.

    What it checks: no `lr` is given at the top level, unless it equals the default of the stages.

    Why it matters: every stage sets the learning rate of all parameter groups when it starts, to its own
    `lr` or else to 0.01. The top-level value is never trained with, even where no stage has a value.

    How to fix: write `lr` into the stages.
    """

    code, slug, severity = "C133", "overridden-option", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Options that are overridden, with the stages that do it."""
        for setting in context.run.given():
            option = context.trainer.option_by_name[setting.name]
            default = setting.known and equals_default(option, setting.value)
            if option.state is State.OVERRIDDEN and not default:
                yield self._finding(option, setting, context)

    def _finding(self, option: Option, setting: Setting[Any], context: Context) -> Diagnostic:
        rates = [(stage, getattr(stage, option.name, None)) for stage in context.run.stages]
        silent = [stage.title for stage, rate in rates if not (rate and rate.given)]
        given = [rate for _, rate in rates if rate and rate.given]
        labels = tuple(label for rate in given[:3] for label in rate.label("this one wins"))
        has = "has" if len(silent) == 1 else "have"
        defaulted = f"{', '.join(silent)} {has} none, so {option.default} applies"
        return self.finding(
            f"`{option.name}` at the top level is always overridden",
            span=setting.place,
            labels=labels,
            notes=(
                option.because,
                *((f"{defaulted}, not {setting.value}",) if silent and setting.known else ()),
            ),
            when="no message: the value is never used",
            help=f"use `{option.instead}`",
        )
