"""One batch of three frames and six atoms, right as it is; a test changes what it is about."""

from __future__ import annotations

from typing import Any

import torch

from mace_scf.loss import LossEngine, References

from .kit import on_path

TERMS = {
    "energy_per_atom": 1.0,
    "forces": 1.0,
    "dipole": 1.0,
    "total_charge": 1.0,
    "cluster_virial": 1.0,
    "molecular_forces": 1.0,
    "forces_huber": {"weight": 1.0, "huber_delta": 0.01},
}


def engine(path: str, terms: Any = TERMS) -> LossEngine:
    return on_path(LossEngine.from_config(terms), path)


def labels(**changes: Any) -> References:
    """References, with some of them exchanged."""
    torch.manual_seed(0)
    made: dict[str, Any] = {
        "ptr": torch.tensor([0, 2, 5, 6]),
        "energy": torch.randn(3),
        "forces": torch.randn(6, 3),
        "dipole": torch.randn(3, 3),
        "total_charge": torch.randn(3),
        "positions": 9.0 * torch.randn(6, 3),
        "molecule": torch.tensor([0, 0, 1, 1, 2, 0]),
    }
    return References(**(made | changes))


def predicted(**changes: Any) -> dict[str, Any]:
    """Predictions that require a gradient, with some of them exchanged."""
    torch.manual_seed(1)
    made: dict[str, Any] = {
        "energy": torch.randn(3, requires_grad=True),
        "forces": torch.randn(6, 3, requires_grad=True),
        "dipole": torch.randn(3, 3, requires_grad=True),
        "density_coefficients": torch.randn(6, 4, requires_grad=True),
    }
    return made | changes


def lattice(**changes: Any) -> dict[str, Any]:
    """What makes each frame a crystal: cell, Å, and periodic axes."""
    torch.manual_seed(2)
    cell = 0.3 * torch.randn(3, 3, 3) + 4.1 * torch.eye(3)
    return {"cell": cell, "pbc": torch.ones(3, 3, dtype=torch.bool), **changes}
