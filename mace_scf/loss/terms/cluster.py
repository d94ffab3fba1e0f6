"""Molecules of a frame: their net forces (eV/Å) and the virial these exert (eV)."""

from __future__ import annotations

from typing import final

import attrs
import torch
from torch import Tensor

from mace_scf.loss.batch import Level
from mace_scf.loss.columns import Columns
from mace_scf.loss.molecules import compiled_lever_norms, compiled_open_levers, invariant_levers, raw_levers
from mace_scf.loss.term import Difference, Honoured, LinearMap, Term


@final
@attrs.frozen
class MoleculeForce:
    """Net force on each molecule, (C, 3)."""

    name: str = "molecule_force"
    level: Level = Level.MOLECULE
    inner: LinearMap | None = None

    def forward(self, values: Tensor, columns: Columns) -> Tensor:
        """Sums of atomic forces over molecules, eV/Å."""
        return columns.molecule_sums(values)

    def add_adjoint(self, gradient: Tensor, rows: Tensor, columns: Columns) -> None:
        """Every atom of a molecule feels the molecule's force equally."""
        columns.spread_molecules(gradient, rows)

    def row_norm2(self, columns: Columns) -> Tensor:
        """One for each atom of the molecule."""
        return columns.memo(
            "molecule_sizes", lambda: columns.lengths(columns.molecules.offsets, columns.n_atoms)
        )


@final
@attrs.frozen
class ClusterVirial:
    """Sum over molecules of lever arm times net force, (G, 1).

    Attributes:
        invariant: levers that depend on neither origin nor periodic image; otherwise raw centres.
    """

    invariant: bool = True
    level: Level = Level.FRAME
    inner: LinearMap | None = MoleculeForce()

    @property
    def name(self) -> str:
        """Key under which terms share the result."""
        return f"cluster_virial_{'invariant' if self.invariant else 'raw'}"

    def forward(self, values: Tensor, columns: Columns) -> Tensor:
        """Virial of each frame, eV, from the molecules' net forces."""
        return columns.molecule_dots(values, self.levers(columns))

    def add_adjoint(self, gradient: Tensor, rows: Tensor, columns: Columns) -> None:
        """The lever arm of each molecule, scaled by its frame."""
        columns.spread_scaled(gradient, rows, self.levers(columns))

    def row_norm2(self, columns: Columns) -> Tensor:
        """Squared levers, once for each atom of the molecule, summed over the frame."""
        if columns.compiled:
            return compiled_lever_norms(self.levers(columns), columns.molecules)
        sizes = columns.molecules.sizes.to(columns.sizes.dtype)
        squares = self.levers(columns).to(columns.sizes.dtype).square().sum(dim=1)
        return columns.frame_sums(squares * sizes, Level.MOLECULE)

    def levers(self, columns: Columns) -> Tensor:
        """Lever arm of each molecule, Å, (C, 3); computed once per batch."""
        return columns.memo(f"levers_{self.invariant}", lambda: self._levers(columns))

    def _levers(self, columns: Columns) -> Tensor:
        references = columns.references
        positions = references.positions
        assert positions is not None, "the engine checks that positions are there"
        positions = positions.to(torch.promote_types(positions.dtype, torch.float32))
        if not self.invariant:
            return raw_levers(positions, columns.molecules)
        cell = None if references.cell is None else references.cell.reshape(-1, 3, 3)
        pbc = None if references.pbc is None else references.pbc.reshape(-1, 3)
        if (cell is None or pbc is None) and columns.compiled and columns.molecules.order is None:
            return compiled_open_levers(positions, columns.molecules)
        return invariant_levers(positions, columns.molecules, cell, pbc)


_HONOURED_VIRIAL = Honoured(properties=("molecule",), needs=("forces", "molecule"))
# Upstream compares frames without forces with zero forces, at the weight of the molecule index.
_UPSTREAM_VIRIAL = Honoured(properties=("molecule",), needs=("molecule",))
_HONOURED_FORCES = Honoured(properties=("forces",), needs=("forces", "molecule"))
# Upstream takes a frame without molecule index for one molecule.
_UPSTREAM_FORCES = Honoured(properties=("forces",), needs=("forces",))

_INVARIANT = Difference("forces", "forces", map=ClusterVirial())
_RAW = Difference("forces", "forces", map=ClusterVirial(invariant=False))

TERMS = (
    Term(
        "cluster_virial",
        Level.FRAME,
        difference=_INVARIANT,
        upstream_difference=_RAW,
        predictions=("forces",),
        structure=("positions",),
        honoured=_HONOURED_VIRIAL,
        upstream=_UPSTREAM_VIRIAL,
    ),
    Term(
        "cluster_virial_per_atom",
        Level.FRAME,
        difference=_INVARIANT,
        upstream_difference=_RAW,
        predictions=("forces",),
        structure=("positions",),
        honoured=_HONOURED_VIRIAL,
        upstream=_UPSTREAM_VIRIAL,
        error_per_atom=True,
    ),
    Term(
        "molecular_forces",
        Level.MOLECULE,
        difference=Difference("forces", "forces", map=MoleculeForce()),
        predictions=("forces",),
        honoured=_HONOURED_FORCES,
        upstream=_UPSTREAM_FORCES,
        error_per_atom=True,
        divides_by="frames",
    ),
)
