"""D232: scales of the charge density that do not fit the elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._elements import all_seen, shown, table_of

_SCALING = "atom_density_scaling"


@final
class DensityScalingCoverage(Rule):
    """Scales of the charge density that do not fit the elements.

    What it checks: where `atom_density_scaling` is a mapping, it has one entry for every element of the
    training and validation frames and none besides.

    Why it matters: a missing element is a KeyError, another number of entries an AssertionError, both while
    the model is built, after the data were loaded. The trainer looks for every model, also where no block
    uses the scale.

    How to fix: write the entries, or `None`, or `average`.
    """

    code, slug, severity = "D232", "density-scaling-coverage", Severity.ERROR
    after = ("M112", "C147")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        setting, elements = context.run.option(_SCALING), table_of(context)
        scales = setting.value
        if elements is None or not isinstance(scales, dict):
            return
        if not all(isinstance(key, int) for key in scales):
            return
        missing = set(elements) - set(scales)
        surplus = set(scales) - set(elements) if all_seen(context) else set()
        if missing or surplus:
            train = context.data.train
            what = "lacks" if missing else "has an entry too many:"
            yield self.finding(
                f"`{_SCALING}` {what} {shown(missing or surplus)}",
                span=setting.span,
                labels=train.setting.label("elements are those of these frames") if train else (),
                notes=(f"elements of the training and validation frames: {shown(elements)}",),
                when="the trainer stops while the model is built, after the data were loaded",
                help="write one entry for each element of the frames, and no more",
            )
