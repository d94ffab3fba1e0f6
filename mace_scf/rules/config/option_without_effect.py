"""C130: an option that is parsed and then never read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Option
from ...config import Setting, equals_default
from ...diagnostics import Diagnostic, Severity
from ..helpers import drop
from ..rule import Context, Rule
from ._effect import NoEffect, instead_of, without_effect

_SPOKEN_OF = ("dry_run",)  # rules of their own say more


@final
class OptionWithoutEffect(Rule):
    """An option that is parsed and then never read.

    What it checks: options that the trainer ignores altogether, such as the loss weights, `swa` and
    `max_num_epochs` of plain mace, and options that count only beside others: those of another model,
    learning-rate schedules with the optimizer schedulefree, `valid_fraction` beside a `valid_file`. A value
    that equals the default is not mentioned.

    Why it matters: the run starts, trains and ends without a word about it, as if the line were not there.

    How to fix: use what the message names instead, change the setting that decides it, or remove the line.
    """

    code, slug, severity = "C130", "option-without-effect", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Every option given in the file or on the command line."""
        for setting in context.run.given():
            option = context.trainer.option_by_name[setting.name]
            if option.name in _SPOKEN_OF or _is_invalid(setting) or _is_default(option, setting):
                continue
            reason = without_effect(option, context)
            if reason is not None:
                yield self._finding(option, setting, reason, context)

    def _finding(
        self, option: Option, setting: Setting[Any], reason: NoEffect, context: Context
    ) -> Diagnostic:
        name = option.name
        return self.finding(
            f"`{name}` has no effect",
            span=setting.place,
            labels=reason.labels,
            notes=reason.notes,
            when="no message: the run goes on as if it were not given",
            help=instead_of(option),
            fix=None if option.instead else drop(context, setting, f"remove `{name}`", safe=True),
        )


def _is_invalid(setting: Setting[Any]) -> bool:
    """Refused for its value: whether it would have an effect is another day's question."""
    return setting.node is not None and not setting.known


def _is_default(option: Option, setting: Setting[Any]) -> bool:
    return setting.known and equals_default(option, setting.value)
