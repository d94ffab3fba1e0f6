"""F106: settings of iterations in a mode that has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..helpers import removal
from ..rule import Context, Rule
from ._blocks import blocks_in_use, shown


@final
class ScfInDirect(Rule):
    """Settings of iterations in a mode that has none.

    What it checks: a stage in mode direct has no `scf` block, or an empty one.

    Why it matters: the trainer refuses the combination at start-up.

    How to fix: remove `scf`, or choose a mode that iterates.
    """

    code, slug, severity = "F106", "scf-in-direct", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        option = next((option for option in context.trainer.blocks.fixed_point if option.name == "scf"), None)
        for _, block, lookup in blocks_in_use(context):
            entry = block.scf_entry
            if option is None or block.deprecated or not entry.given or entry.raw is None:
                continue
            if all_hold(option.only_if, lookup) is Verdict.NOT_MET:
                yield self.finding(
                    f"{shown(block.mode)} has no iterations, but `scf` sets them",
                    span=entry.key_span,
                    labels=block.mode.label(),
                    when="the trainer stops at start-up",
                    help="remove `scf`, or choose a mode that iterates",
                    fix=removal(context, entry.key_span, entry.span, "remove `scf`", safe=False),
                )
