"""C151: a learning-rate rule that the trainer does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..helpers import replacement
from ..rule import Context, Rule


@final
class UnknownScheduler(Rule):
    """A learning-rate rule that the trainer does not have.

    What it checks: with the optimizers adam and adamw, `scheduler` is `ReduceLROnPlateau` or
    `ExponentialLR`.

    Why it matters: the argument parser takes any word. The trainer stops when it builds the optimizer, after
    data and model. With schedulefree the option is never read, and another rule says so.

    How to fix: take one of the two.
    """

    code, slug, severity = "C151", "unknown-scheduler", Severity.ERROR
    after = ("C122",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Only where the optimizer is known to read it."""
        setting, option = context.run.option("scheduler"), context.trainer.option_by_name["scheduler"]
        if not (setting.given and setting.known) or setting.value in option.known:
            return
        if all_hold(option.only_if, context.run.option) is not Verdict.MET:
            return
        near = suggest(str(setting.value), option.known)
        yield self.finding(
            f"`scheduler` knows no `{setting.value}`",
            span=setting.span,
            labels=context.run.option("optimizer").label(),
            notes=(f"it knows {' and '.join(f'`{name}`' for name in option.known)}",),
            when="the trainer stops when the optimizer is built, after the data are loaded",
            help=f"did you mean `{near[0]}`?" if near else "take one of the two",
            suggestions=near,
            fix=replacement(context, setting, near[0]) if len(near) == 1 else None,
        )
