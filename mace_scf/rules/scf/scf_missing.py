"""F107: a mode that iterates without settings for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import FixedPointOptions, Stage
from ...diagnostics import Diagnostic, Fix, Severity
from ...resolve import Verdict, all_hold
from ...source import Mapping
from ..helpers import addition, filled
from ..rule import Context, Rule
from ._blocks import BLOCK, DEPRECATED_BLOCK, blocks_in_use, iterations, shown


@final
class ScfMissing(Rule):
    """A mode that iterates without settings for it.

    What it checks: a stage in unroll_scf, implicit or linearize_solve has an `scf` block.

    Why it matters: the trainer asks for the block at start-up and stops where it is absent or empty.

    How to fix: add `scf` with `num_scf_steps` and `mixing_parameter`.
    """

    code, slug, severity = "F107", "scf-missing", Severity.ERROR
    after = ("C111",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        option = next((option for option in context.trainer.blocks.fixed_point if option.name == "scf"), None)
        needed = [option.name for option in context.trainer.blocks.scf if option.required]
        for stage, block, lookup in blocks_in_use(context):
            if option is None or block.scf is not None or block.scf_entry.raw is not None:
                continue
            if block.mode.given and all_hold(option.only_if, lookup) is Verdict.MET:
                yield self.finding(
                    f"{shown(block.mode)} of {stage.title} needs `scf`",
                    span=block.mode.span,
                    when="the trainer stops at start-up",
                    help=f"add `scf` with {' and '.join(f'`{name}`' for name in needed)}",
                    fix=_added(context, stage, block),
                )


def _added(context: Context, stage: Stage, block: FixedPointOptions) -> Fix | None:
    """With the defaults of what must be written."""
    holder = stage.node.get(DEPRECATED_BLOCK if block.deprecated else BLOCK)
    content = iterations(context, str(block.mode.value))
    if holder is None or not isinstance(holder.value, Mapping) or not content:
        return None
    if any(option.name == line.name for option in context.trainer.blocks.scf for line in holder.value):
        return None  # they stand beside `mode`, and are to be moved
    if block.scf_entry.given:
        return filled(context, block.scf_entry, content["scf"], "add the settings of `scf`")
    return addition(context, block.key_span, holder.value, content, safe=False)
