"""F125: a keyword that the model hands to its block itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..helpers import removal
from ..rule import Context, Rule
from ._blocks import field_mapping


@final
class FieldBlockKeyCollides(Rule):
    """A keyword that the model hands to its block itself.

    What it checks: `fixedpoint_update_config` and `field_readout_config` hold no irreps, and none of
    `avg_num_neighbors`, `num_elements` and, for the update, `field_norm_factor` and
    `atom_density_scaling`.

    Why it matters: FixedPoint passes these to the block; given twice, they are a TypeError when the model
    is built, after the data were loaded.

    How to fix: remove the key. `field_norm_factor` and `atom_density_scaling` are options of the run.
    """

    code, slug, severity = "F125", "field-block-key-collides", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per key; silent where the model was not seen."""
        blocks = context.trainer.blocks
        passed = {
            "fixedpoint_update_config": blocks.update_passed,
            "field_readout_config": blocks.readout_passed,
        }
        for name, taken in passed.items():
            option = context.trainer.option_by_name.get(name)
            if option is None or all_hold(option.only_if, context.run.option) is not Verdict.MET:
                continue
            for entry in field_mapping(context, name) or ():
                if entry.name in taken or entry.name.endswith("irreps"):
                    yield self.finding(
                        f"`{entry.name}` of `{name}` is given by the model itself",
                        span=entry.key.span,
                        labels=context.run.option("model").label(),
                        when="the trainer stops while the model is built, after the data were loaded",
                        help=f"remove `{entry.name}`",
                        fix=removal(
                            context, entry.key.span, entry.value.span, f"remove `{entry.name}`", safe=False
                        ),
                    )
