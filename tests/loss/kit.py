"""What every loss term must survive; give it a term's name and its twin."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from mace_scf.loss import Breakdown, LossEngine, registered_terms
from mace_scf.loss.build import CheckedTerm
from mace_scf.loss.settings import settings_of

from .batches import Arrays, leaves, tensors
from .twin import TWINS, Twin


def known_twin(name: str) -> Twin:
    """The twin of a term; a registered term without one fails its tests."""
    return TWINS[name]


PATHS = ("compiled", "fused", "plain")
"""Kernels on the CPU, packed tensors anywhere, recorded arithmetic: three ways to the same numbers."""


WEIGHTS = {
    "energy_per_atom": 1.0,
    "forces": 10.0,
    "stress": 2.0,
    "polarizability": 1.0,
    "dipole": 3.0,
    "atomic_multipoles": 1.0,
    "total_charge": 1.0,
    "cluster_virial": 1.0,
}
"""Terms of every level, for tests that are not about one of them."""
Pair = tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]
"""A batch's references and predictions."""


def on_path(engine: LossEngine, path: str) -> LossEngine:
    """The same engine on one of :data:`PATHS`."""
    return engine.evolve(compiled=path == "compiled", recorded=path == "plain")


def engine_for(name: str, *, path: str = "compiled", compat: str | None = None, **options: Any) -> LossEngine:
    """An engine of one term with weight 1."""
    recorded, compiled = path == "plain", path == "compiled"
    if compat is None:
        value: object = {"weight": 1.0, **options} if options else 1.0
        return LossEngine.from_config({name: value}).evolve(recorded=recorded, compiled=compiled)
    # Upstream's trainer refuses terms of forks and terms without a producer; their numbers are still wanted.
    settings = settings_of([CheckedTerm(name, 1.0, options)], compat)
    return LossEngine(settings, compat=compat, recorded=recorded, compiled=compiled)


def raw_value(engine: LossEngine, reference: Arrays, prediction: Arrays) -> float:
    """The only term's mean."""
    return float(engine(tensors(reference), tensors(prediction)).raw[0])


def gradients(
    engine: LossEngine, reference: Arrays, prediction: Arrays, dtype: torch.dtype = torch.float64
) -> tuple[Breakdown, dict[str, torch.Tensor]]:
    """Breakdown and gradient of the total by prediction, zeros where there is none."""
    predicted = leaves(prediction, dtype)
    breakdown = engine(tensors(reference, dtype), predicted)
    breakdown.total.backward()  # type: ignore[no-untyped-call]
    return breakdown, {
        name: torch.zeros_like(value) if value.grad is None else value.grad
        for name, value in predicted.items()
    }


def options_of(name: str) -> dict[str, Any]:
    """Default options of a term."""
    return dict(registered_terms()[name].options)


def close(found: float, wanted: float, tolerance: float = 1e-12) -> bool:
    """Relative agreement, absolute below 1."""
    return bool(np.isclose(found, wanted, rtol=tolerance, atol=tolerance))
