"""F102: fixed-point options for a model without modes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.model import Model
from ...diagnostics import Diagnostic, Label, Severity
from ...source import Entry
from ..helpers import removal
from ..rule import Context, Rule
from ._blocks import block_entries


@final
class FixedPointOptionsUnused(Rule):
    """Fixed-point options for a model without modes.

    What it checks: `fixed_point_training_options`, or the deprecated `scf_training_options`, stands in a
    stage only where the model is FixedPoint.

    Why it matters: the trainer refuses the block for every other model, at start-up.

    How to fix: remove the block, or set `model: FixedPoint`.
    """

    code, slug, severity = "F102", "fixed-point-options-unused", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per block; silent where the model was not seen."""
        for resolution in context.stages:
            model = resolution.model
            if model is None or model.modes:
                continue
            for entry in block_entries(resolution.stage):
                yield self._unused(context, model, entry)

    def _unused(self, context: Context, model: Model, entry: Entry) -> Diagnostic:
        setting = context.run.option("model")
        able = " or ".join(f"`{other.name}`" for other in context.trainer.models if other.modes)
        labels: tuple[Label, ...] = setting.label()
        return self.finding(
            f"`{entry.name}` is not possible with `{model.name}`",
            span=entry.key.span,
            labels=labels,
            notes=() if labels else (f"no `model` was given, so it is `{model.name}`",),
            when="the trainer stops at start-up",
            help=f"remove the block, or set `model` to {able}",
            fix=removal(context, entry.key.span, entry.value.span, f"remove `{entry.name}`", safe=False),
        )
