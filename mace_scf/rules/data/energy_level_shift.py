"""D238: splits whose energies lie at another level."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._labels import read_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...dataset.calculations import Calculation

_ENOUGH = 5  # frames on each side
_SPREADS = 5.0  # of the training frames, by which the mean of another split may lie off
_SMALLEST = 0.01  # eV per atom


@final
class EnergyLevelShift(Rule):
    """Splits whose energies lie at another level.

    What it checks: with `--values`, energies less the atomic energies that fit the training frames best: their
    mean for an atom is the same in the validation and test frames, within five times the spread that single
    training frames have. Frames whose composition the training frames cannot predict are left out.

    Why it matters: splits of two levels of theory, two codes or two units cannot both be fitted: the
    validation error has a floor of that shift, and chooses the wrong checkpoint.

    How to fix: compute all splits with the same settings.
    """

    code, slug, severity = "D238", "energy-level-shift", Severity.WARNING
    after = ("D114",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each split that lies off."""
        data = context.data
        looks = data.looks
        line = read_line(context, "energy")
        if data.train is None or line is None or "train" not in looks:
            return
        train = looks["train"].calculations
        for split in data.splits:
            found = _shift(train, looks[split.name].calculations) if split.name in looks else None
            if (
                split.name != "train"
                and found is not None
                and abs(found[0]) > max(_SMALLEST, _SPREADS * found[1])
            ):
                yield self.finding(
                    f"energies of the {split.name} frames lie {found[0]:+.4g} eV per atom off the training frames",
                    span=split.setting.span, labels=line.key.label("the energies"),
                    notes=(
                        "over atomic energies fitted to the training frames, which spread by "
                        f"{found[1]:.2g} eV per atom",
                        f"{found[2]} {split.name} frames were compared",
                    ),
                    when=f"the errors of the {split.name} frames have a floor of that shift; nobody complains",
                    help="compute all splits with the same settings",
                )  # fmt: skip


def _shift(train: Sequence[Calculation], other: Sequence[Calculation]) -> tuple[float, float, int] | None:
    """Mean of the other residuals in eV per atom, spread of the training ones, and how many were compared."""
    import numpy as np

    ours = [one for one in train if one.energy is not None and len(one.composition)]
    elements = sorted({number for one in ours for number in one.composition})
    theirs = [one for one in other if one.energy is not None and set(one.composition) <= set(elements)]
    if min(len(ours), len(theirs)) < _ENOUGH:
        return None
    counts, energies = _system(ours, elements)
    solution, _, rank, _ = np.linalg.lstsq(counts, energies, rcond=None)
    fitted = np.asarray(solution, dtype=np.float64)
    others, levels = _system(theirs, elements)
    if len(ours) <= 2 * rank or np.linalg.matrix_rank(np.vstack([counts, others])) > rank:
        return None
    spread = _residuals(counts, energies, fitted)
    off = _residuals(others, levels, fitted)
    with np.errstate(all="ignore"):
        shift, width = float(off.mean() - spread.mean()), math.sqrt(float(spread.var()))
    return (shift, width, len(off)) if math.isfinite(shift) and math.isfinite(width) else None


def _system(
    calculations: Sequence[Calculation], elements: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    rows = [[float(one.composition.get(number, 0)) for number in elements] for one in calculations]
    return np.array(rows), np.array([one.energy for one in calculations], dtype=np.float64)


def _residuals(
    counts: NDArray[np.float64], energies: NDArray[np.float64], fitted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """eV per atom."""
    residuals: NDArray[np.float64] = (energies - counts @ fitted) / counts.sum(axis=1)
    return residuals
