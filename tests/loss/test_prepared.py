"""Prepared references: they travel, move in memory and to devices, and give the same loss."""

from __future__ import annotations

import pickle

import pytest
import torch

from mace_scf.loss import LossEngine, LossInputError
from mace_scf.loss.moving import with_tensors

from .kit import Pair, close


@pytest.mark.parametrize("compiled", [False, True])
def test_prepared_references_travel_between_processes(compiled: bool, pair: Pair) -> None:
    reference, prediction = pair
    weights = {"energy_per_atom": 1.0, "cluster_virial": 2.0, "esps": 1.0, "dipole": 1.0}
    engine = LossEngine.from_config(weights).evolve(compiled=compiled)

    prepared = pickle.loads(pickle.dumps(engine.prepare(reference)))
    found, wanted = engine(prepared, prediction), engine(reference, prediction)

    assert found.total.item() == wanted.total.item()
    assert torch.equal(found.gradient_norm, wanted.gradient_norm)


def test_labels_may_move_in_memory_after_they_were_prepared(pair: Pair) -> None:
    reference, prediction = pair
    engine = LossEngine.from_config({"energy_per_atom": 1.0, "molecular_forces": 2.0, "dipole": 1.0})
    wanted = engine(reference, prediction)
    prepared = engine.prepare(reference)
    _ = engine(prepared, prediction).gradient_norm

    # What a queue between processes does to the sender's tensors.
    with_tensors(prepared, lambda tensor: tensor.share_memory_())  # type: ignore[no-untyped-call]  # of torch
    found = engine(prepared, prediction)

    assert found.total.item() == wanted.total.item()
    assert torch.equal(found.gradient_norm, wanted.gradient_norm)


def test_prepared_references_move_with_all_their_tensors(pair: Pair) -> None:
    reference, prediction = pair
    engine = LossEngine.from_config({"energy_per_atom": 1.0, "cluster_virial": 2.0, "dipole": 1.0})
    prepared = engine.prepare(reference, device="cuda")
    devices = set()

    def see(tensor: torch.Tensor) -> torch.Tensor:
        devices.add(tensor.device.type)
        return tensor

    with_tensors(prepared.to("meta"), see)

    assert devices == {"meta"}
    moved = prepared.to("cpu")
    assert close(engine(moved, prediction).total.item(), engine(reference, prediction).total.item(), 1e-13)
    with pytest.raises(LossInputError, match="prepared for a CPU"):
        engine.prepare(reference).to("meta")
