"""F101: a stage without its fixed-point options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._blocks import BLOCK, block_entries


@final
class FixedPointOptionsMissing(Rule):
    """A stage without its fixed-point options.

    What it checks: with a model that has training modes (FixedPoint), every stage has
    `fixed_point_training_options`.

    Why it matters: the trainer asks every stage for its mode at start-up and stops at the first one that
    names none.

    How to fix: add the block. `mode: direct` trains on the reference density; the other modes iterate and
    need `scf` beneath.
    """

    code, slug, severity = "F101", "fixed-point-options-missing", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage; silent where the model was not seen."""
        for resolution in context.stages:
            stage, model = resolution.stage, resolution.model
            if model is None or not model.modes or block_entries(stage):
                continue
            yield self.finding(
                f"{stage.title} lacks `{BLOCK}`",
                span=stage.key.key_span or stage.span,
                labels=context.run.option("model").label(f"`{model.name}` needs it in every stage"),
                when="the trainer stops at start-up",
                help=f"add `{BLOCK}` with a `mode`: {', '.join(model.modes)}",
            )
