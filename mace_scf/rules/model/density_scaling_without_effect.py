"""M108: a scale of the charge density that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import equals_default
from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..helpers import drop
from ..rule import Context, Rule


@final
class DensityScalingWithoutEffect(Rule):
    """A scale of the charge density that nothing reads.

    What it checks: `atom_density_scaling` stands beside `use_linear_local_charges`, or beside an update
    block with `Scaled` in its name.

    Why it matters: only those two read the scale. With the others it is computed and never used.

    How to fix: remove it, or set `use_linear_local_charges: true`.
    """

    code, slug, severity = "M108", "density-scaling-without-effect", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding; silent where an option was not seen."""
        lookup = context.run.option
        option = context.trainer.option_by_name["atom_density_scaling"]
        scaling, update = lookup(option.name), lookup("fixedpoint_update_config")
        if not scaling.given or equals_default(option, scaling.value) or not update.known:
            return
        if all_hold(option.only_if, lookup) is not Verdict.MET or not _is_off(context):
            return
        kind = update.value.get("type", "") if isinstance(update.value, dict) else ""
        if "Scaled" in str(kind):
            return
        yield self.finding(
            "`atom_density_scaling` has no effect",
            span=scaling.span,
            labels=(*lookup("use_linear_local_charges").label(), *update.label()),
            notes=(option.because,),
            when="the scales are computed while the model is built, and never used",
            help="remove it, or set `use_linear_local_charges: true`",
            fix=drop(context, scaling, safe=True),
        )


def _is_off(context: Context) -> bool:
    return context.run.option("use_linear_local_charges").is_known(False)
