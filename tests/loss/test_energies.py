"""Energies far larger than their residuals keep these, in every precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mace_scf.loss import LossEngine, LossInputError

from .batches import complete_batch, tensors
from .kit import close, on_path


def test_keV_energies_in_single_precision_keep_meV_residuals() -> None:  # noqa: N802  # a unit, not a name
    reference, prediction = complete_batch()
    baseline = np.array([-204e3, -340e3, -68e3, -272e3]) / 3.0
    small = prediction["energy"] * 1e-3
    engine = LossEngine.from_config({"energy_per_atom": 1.0})
    labels = tensors(reference)
    labels["energy"] = torch.from_numpy(baseline + reference["energy"] * 1e-3)
    wanted = engine(labels, {"energy": torch.from_numpy(baseline + small)}).total.item()
    single = {
        key: value.float()
        for key, value in tensors({"energy": baseline + small, "interaction_energy": small}).items()
    }

    naive = engine({**labels, "energy": labels["energy"].float()}, single).total.item()
    safe = {**labels, "energy_baseline": torch.from_numpy(baseline)}
    whole = LossEngine.from_config({"energy_per_atom": 1.0}, whole_interaction=True)
    found = whole(safe, single).total.item()
    prepared = whole(whole.prepare(safe), single).total.item()

    assert abs(naive / wanted - 1) > 0.5
    assert abs(found / wanted - 1) < 1e-5
    assert abs(prepared / wanted - 1) < 1e-5


@pytest.mark.parametrize("path", ["compiled", "fused", "plain"])
def test_an_interaction_energy_that_leaves_something_out_is_not_compared(path: str) -> None:
    reference, prediction = complete_batch()
    baseline = torch.tensor([-20.0, -34.0, -6.8, -27.2], dtype=torch.float64)
    labels, predicted = tensors(reference), tensors({"energy": prediction["energy"]})
    wanted = LossEngine.from_config({"energy_per_atom": 1.0})(labels, predicted).total.item()
    # As PolarMACE has it: the electrostatic energy is in the energy alone.
    without_electrostatics = predicted["energy"] - baseline - 3.0
    engine = LossEngine.from_config({"energy_per_atom": 1.0})
    engine = on_path(engine, path)

    found = engine(
        {**labels, "energy_baseline": baseline}, {**predicted, "interaction_energy": without_electrostatics}
    )

    assert close(found.total.item(), wanted, 1e-13)


@pytest.mark.parametrize("missing", ["interaction_energy", "energy_baseline"])
def test_a_whole_interaction_energy_needs_itself_and_the_baseline(missing: str) -> None:
    reference, prediction = complete_batch()
    engine = LossEngine.from_config({"energy_per_atom": 1.0}, whole_interaction=True)
    energies = torch.zeros(len(reference["weight"]), dtype=torch.float64)
    labels = {**tensors(reference), "energy_baseline": energies}
    predicted = {**tensors(prediction), "interaction_energy": energies}
    del (labels if missing == "energy_baseline" else predicted)[missing]

    with pytest.raises(LossInputError, match=f"`energy_per_atom`: `{missing}` should be"):
        engine(labels, predicted)


def test_double_labels_are_subtracted_before_rounding() -> None:
    reference, prediction = complete_batch()
    labels, predicted = tensors(reference), {"energy": torch.from_numpy(prediction["energy"]).float()}
    labels["energy"] = predicted["energy"].double() + 1e-9
    engine = LossEngine.from_config({"energy_per_atom": 1.0})

    found = engine(labels, predicted).total.item()

    sizes = np.diff(reference["ptr"])
    assert close(found, float(np.mean((1e-9 / sizes) ** 2)), 1e-6)
