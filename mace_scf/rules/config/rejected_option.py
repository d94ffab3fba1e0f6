"""C131: an option that exists only to be refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.option import State
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._effect import instead_of
from ._nested import AT_START


@final
class RejectedOption(Rule):
    """An option that exists only to be refused.

    What it checks: no option ending in `_key` is given, nor `test_dir` or `statistics_file`.

    Why it matters: the parser takes them, since plain mace has them, and the check behind it stops the
    trainer at start-up with a bare assertion.

    How to fix: map labels in `heads`: `info_keys` for what a frame has, `arrays_keys` for what an atom has.
    """

    code, slug, severity = "C131", "rejected-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Every option given in the file or on the command line."""
        for setting in context.run.given():
            option = context.trainer.option_by_name[setting.name]
            if option.state is State.REJECTED:
                yield self.finding(
                    f"`{option.name}` is refused",
                    span=setting.place,
                    notes=() if option.because.startswith(AT_START) else (option.because,),
                    when=AT_START,
                    help=instead_of(option),
                )
