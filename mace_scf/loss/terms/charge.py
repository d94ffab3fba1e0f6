"""Total charge: the sum of a frame's monopoles against the label, e."""

from __future__ import annotations

from typing import final

import attrs
from torch import Tensor

from mace_scf.loss.batch import Level
from mace_scf.loss.columns import Columns
from mace_scf.loss.term import Difference, Honoured, LinearMap, Term


@final
@attrs.frozen
class FrameCharge:
    """Sum of the first multipole column over the atoms of each frame, (G, 1)."""

    name: str = "frame_charge"
    level: Level = Level.FRAME
    inner: LinearMap | None = None

    def forward(self, values: Tensor, columns: Columns) -> Tensor:
        """Charge of each frame, e."""
        return columns.frame_sums(values[:, :1], Level.ATOM)

    def add_adjoint(self, gradient: Tensor, rows: Tensor, columns: Columns) -> None:
        """Every atom of a frame feels the frame's charge equally."""
        columns.spread_frames(gradient, rows)

    def row_norm2(self, columns: Columns) -> Tensor:
        """One for each atom; a frame without any has a charge that no prediction changes."""
        return columns.atom_counts


_CHARGE = Difference("density_coefficients", "total_charge", map=FrameCharge(), label_is_mapped=True)
_HONOURED = Honoured(properties=("total_charge",), needs=("total_charge",))
# Upstream knows no weight of the total charge: a frame without the label is fitted to 0.
_UPSTREAM = Honoured(needs=("total_charge",))

TERMS = (
    Term(
        "total_charge",
        Level.FRAME,
        difference=_CHARGE,
        predictions=("density_coefficients",),
        honoured=_HONOURED,
        upstream=_UPSTREAM,
    ),
    Term(
        "total_charge_per_atom",
        Level.FRAME,
        difference=attrs.evolve(_CHARGE, per_atom=True),
        predictions=("density_coefficients",),
        honoured=_HONOURED,
        upstream=_UPSTREAM,
    ),
)
