"""Fixtures of the loss."""

from __future__ import annotations

import pytest
import torch

from mace_scf.loss import molecule_index
from mace_scf.loss.molecules import MoleculeIndex

from .batches import ragged_batch, tensors
from .kit import Pair


@pytest.fixture(params=["of a host", "of a device"])
def index(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How molecules are found without compiled kernels: exactly, or up to an upper bound as on a GPU."""
    if request.param == "of a device":

        def device_index(ids: torch.Tensor, ptr: torch.Tensor) -> MoleculeIndex:
            frames = torch.repeat_interleave(torch.arange(len(ptr) - 1), ptr[1:] - ptr[:-1])
            return molecule_index(ids, frames, ptr)

        monkeypatch.setattr("mace_scf.loss.columns.host_molecule_index", device_index)
    return str(request.param)


@pytest.fixture
def pair() -> Pair:
    """A batch of 13 atoms in four frames, with every label."""
    reference, prediction = ragged_batch(seed=30)
    return tensors(reference), tensors(prediction)
