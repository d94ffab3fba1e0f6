"""D208: cells of the wrong hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import known_model
from ..rule import Context, Rule
from ._labels import counted


@final
class CellLeftHanded(Rule):
    """Cells of the wrong hand.

    What it checks: the three vectors of every cell are right-handed, for models that solve for their charges
    in the stored cell (FixedPoint).

    Why it matters: the trainer stores the signed volume, and a reciprocal cell of zeros where it is not
    positive. One left-handed frame among others gives NaN energies for its whole batch; a batch of nothing
    else stops with a RuntimeError. Models that make their own reciprocal cell do not mind. This was seen on
    a CPU; on another device it is a warning.

    How to fix: swap two cell vectors of these frames, with the fractional coordinates if there are any.
    """

    code, slug, severity = "D208", "cell-left-handed", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file."""
        model = known_model(context)
        if not context.data.splits or model is None or model.family != "scf":
            return
        from ...dataset.answers import frame_classes

        device = context.run.option("device")
        elsewhere = device.known and device.value != "cpu"
        for split in context.data.splits:
            count = frame_classes(split.profile, "cell").get("left", 0)
            if count:
                first = min(
                    seen.first for item, seen in split.profile.items.items()
                    if (item.location, item.key, item.detail) == ("frame", "cell", "left")
                )  # fmt: skip
                yield self.finding(
                    f"{counted(count, 'left-handed cell')} in `{split.setting.name}`",
                    severity=Severity.WARNING if elsewhere else self.severity,
                    span=split.setting.span, labels=context.run.option("model").label(),
                    notes=(f"the first is {first.shown}", *(["seen on a CPU, not tried on other devices"] * elsewhere)),
                    when="energies of the whole batch become NaN as soon as one of them is in it",
                    help="swap two cell vectors of these frames",
                )  # fmt: skip
