"""D241: frames with vacuum along a direction that counts as periodic, or with too little of it around a molecule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..helpers import known_model
from ..rule import Context, Rule
from ._boxes import BOXED
from ._labels import counted, verb

if TYPE_CHECKING:
    from ...dataset.calculations import Calculation

_WIDE = 10.0  # Å; no layer of a dense material is as empty as that
_TIGHT = 10.0  # Å, between a molecule and its image


@final
class VacuumInBulk(Rule):
    """Vacuum along a periodic direction, or too little of it around a molecule.

    What it checks: with `--values`, for models with long-range electrostatics: no layer of 10 Å across a
    direction that counts as periodic is empty; and molecules in a box are 10 Å or more from their images.
    Of each file, 2000 frames are looked at, spread over all of it.

    Why it matters: a slab that is called bulk interacts with its images across the vacuum, as long as it has
    a dipole; its energies and charges are those of another system. A molecule in a tight box is corrected for
    images that are too close for the correction.

    How to fix: write `pbc="T T F"` for slabs and `"F F F"` for molecules; boxes of 30 to 40 Å are usual.
    """

    code, slug, severity = "D241", "vacuum-in-bulk", Severity.INFO
    after = ("D206", "D207", "D223")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Up to two findings for each file."""
        model, method = known_model(context), context.run.option("electrostatic_pbc_method")
        if model is None or model.family == "plain":
            return
        for split in context.data.splits:
            look = context.data.looks.get(split.name)
            frames = [one for one in (look.calculations if look else ()) if one.gaps]
            empty = [(one, gap) for one in frames if (gap := _widest(one)) is not None and gap[0] > _WIDE]
            if empty:
                yield self._empty(split, empty)
            tight = [one for one in frames if one.pbc == "FFF" and min(one.gaps) < _TIGHT]
            if tight and method.known and method.value in BOXED:
                yield self._tight(split, tight)

    def _empty(self, split: Split, empty: list[tuple[Calculation, tuple[float, int]]]) -> Diagnostic:
        first, (width, axis) = empty[0]
        return self.finding(
            f"{counted(len(empty), f'{split.name} frame')} {verb(len(empty), 'have', 'has')} vacuum along a "
            "direction that counts as periodic",
            span=split.setting.span,
            notes=(
                f"such as {split.path}, frame {first.frame}: pbc {first.pbc}, {width:.1f} Å are empty across cell "
                f"vector {axis + 1}",
            ),
            when="images interact across the vacuum, and nobody complains",
            help='write `pbc="T T F"` for slabs, `"F F F"` for molecules; nothing, if that is meant',
        )  # fmt: skip

    def _tight(self, split: Split, tight: list[Calculation]) -> Diagnostic:
        worst = min(tight, key=lambda one: min(one.gaps))
        return self.finding(
            f"{counted(len(tight), f'{split.name} molecule')} {verb(len(tight), 'are', 'is')} close to the images",
            span=split.setting.span,
            notes=(f"such as {split.path}, frame {worst.frame}: {min(worst.gaps):.1f} Å between them",),
            when="the correction for images is made for boxes that leave more room",
            help="write a box of 30 to 40 Å",
        )  # fmt: skip


def _widest(one: Calculation) -> tuple[float, int] | None:
    """The widest empty layer along a periodic direction, and which."""
    periodic = [(gap, axis) for axis, gap in enumerate(one.gaps) if one.pbc[axis : axis + 1] == "T"]
    return max(periodic, default=None)
