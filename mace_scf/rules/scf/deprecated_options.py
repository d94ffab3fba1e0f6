"""F104: fixed-point options in their old form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import FixedPointOptions, Stage
from ...diagnostics import Diagnostic, Edit, Fix, Severity
from ...source import Mapping
from ...source.entries import nested
from ..rule import Context, Rule
from ._blocks import BLOCK, DEPRECATED_BLOCK, blocks_in_use


@final
class DeprecatedOptions(Rule):
    """Fixed-point options in their old form.

    What it checks: stages use `fixed_point_training_options` with its nested `scf`, not the flat
    `scf_training_options`.

    Why it matters: the trainer still takes the old form and converts it with a DeprecationWarning; the
    next version need not.

    How to fix: rename the block to `fixed_point_training_options`, keep `mode`, `linear_solve` and
    `fixedpoint_scf_stability` there, and move every other key under `scf`.
    """

    code, slug, severity = "F104", "deprecated-options", Severity.WARNING
    after = ("F102", "F103")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        for stage, block, _ in blocks_in_use(context):
            if block.deprecated:
                yield self.finding(
                    f"`{DEPRECATED_BLOCK}` is deprecated",
                    span=block.key_span,
                    when="the trainer converts it, with a warning at start-up",
                    help=f"rename it to `{BLOCK}` and put the settings of the iterations under `scf`",
                    fix=_renamed(context, stage, block),
                )


def _renamed(context: Context, stage: Stage, block: FixedPointOptions) -> Fix | None:
    """The new name; settings of the iterations that stand beside `mode` go under `scf`."""
    entry = stage.node.get(DEPRECATED_BLOCK)
    plain = entry is not None and isinstance(entry.value, Mapping) and block.key_span != block.span
    if not plain or block.mode.is_known("direct") or block.key_span.file != context.document.file:
        return None
    assert entry is not None
    assert isinstance(entry.value, Mapping)
    renamed = Edit(block.key_span, BLOCK)
    names = {option.name for option in context.trainer.blocks.scf}
    if not any(line.name in names for line in entry.value):
        return Fix(f"rename it to `{BLOCK}`", (renamed,))
    inner = nested(context.document, entry.value, names, "scf") if entry.value.get("scf") is None else None
    return Fix(f"rename it to `{BLOCK}`, with `scf`", (renamed, *inner)) if inner else None
