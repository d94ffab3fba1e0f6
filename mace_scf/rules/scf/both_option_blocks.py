"""F103: two blocks of fixed-point options in one stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Label, Severity
from ..helpers import removal
from ..rule import Context, Rule
from ._blocks import block_entries


@final
class BothOptionBlocks(Rule):
    """Two blocks of fixed-point options in one stage.

    What it checks: a stage has `fixed_point_training_options` or the deprecated `scf_training_options`,
    not both.

    Why it matters: the trainer does not choose between them; it stops at start-up.

    How to fix: keep `fixed_point_training_options`.
    """

    code, slug, severity = "F103", "both-option-blocks", Severity.ERROR
    after = ("F102",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        for stage in context.run.stages:
            entries = block_entries(stage)
            if len(entries) < 2:
                continue
            kept, dropped = entries
            yield self.finding(
                f"{stage.title} has both `{kept.name}` and `{dropped.name}`",
                span=dropped.key.span,
                labels=(Label(kept.key.span, "the current form"),),
                when="the trainer stops at start-up",
                help=f"remove `{dropped.name}`",
                fix=removal(
                    context, dropped.key.span, dropped.value.span, f"remove `{dropped.name}`", safe=False
                ),
            )
