"""F101: a stage without its fixed-point options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.model import Model
from ...config import Stage
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import addition
from ..rule import Context, Rule
from ._blocks import BLOCK, block_entries, iterations


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
                fix=_added(context, stage, model),
            )


def _added(context: Context, stage: Stage, model: Model) -> Fix | None:
    """The mode that the name of the stage speaks of, else the first one."""
    name = str(stage.name.value or "").casefold()
    mode = next((mode for mode in model.modes if mode.split("_")[0] in name), model.modes[0])
    block = {"mode": mode, **iterations(context, mode)}
    shown = f"add `{BLOCK}` with `mode: {mode}`"
    return addition(context, stage.key.key_span, stage.node, {BLOCK: block}, description=shown, safe=False)
