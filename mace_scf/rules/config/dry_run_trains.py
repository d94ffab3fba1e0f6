"""C134: a dry run that trains for real."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import drop
from ..rule import Context, Rule


@final
class DryRunTrains(Rule):
    """A dry run that trains for real.

    What it checks: `dry_run` is not switched on.

    Why it matters: the option comes from plain mace, and this trainer never reads it. What was meant as a
    test of the settings trains to the end, and may resume or overwrite the checkpoints of a real run.

    How to fix: remove it. `mace-scf validate` tests the settings without a run.
    """

    code, slug, severity = "C134", "dry-run-trains", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Switched on, and not read by this trainer version."""
        setting = context.run.option("dry_run")
        if setting.given and setting.is_known(True):
            yield self.finding(
                "`dry_run` does not stop the training",
                span=setting.place,
                notes=("the trainer never reads it",),
                when="the run trains for real, from the first epoch to the last",
                help="remove `dry_run`; `mace-scf validate` tests the settings",
                fix=drop(context, setting, safe=True),
            )
