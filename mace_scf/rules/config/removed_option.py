"""C132: an option that the trainer has taken out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.option import State
from ...diagnostics import Diagnostic, Severity
from ..helpers import drop
from ..rule import Context, Rule
from ._effect import instead_of


@final
class RemovedOption(Rule):
    """An option that the trainer has taken out.

    What it checks: options of plain mace or of older versions that this trainer no longer has, such as
    `loss` at the top level.

    Why it matters: the trainer stops at start-up: unrecognized arguments.

    How to fix: use what the message names instead.
    """

    code, slug, severity = "C132", "removed-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Every option given in the file or on the command line, also when empty or false."""
        for setting in context.run.options.values():
            option = context.trainer.option_by_name[setting.name]
            if option.state is State.REMOVED and (setting.given or setting.node is not None):
                yield self.finding(
                    f"`{option.name}` is no option of this trainer any more",
                    span=setting.place,
                    notes=(option.because,),
                    when="the trainer stops at start-up: unrecognized arguments",
                    help=instead_of(option),
                    fix=drop(context, setting),
                )
