"""ASE frames as references, through the heads of a run."""

from __future__ import annotations

from types import SimpleNamespace

import ase
import numpy as np
import pytest
import torch

from mace_scf.loss import LossEngine, LossInputError

from .batches import frame_bounds, ragged_batch, tensors
from .kit import WEIGHTS, close

HEADS = {
    "info_keys": {
        "energy": "REF_energy",
        "stress": "REF_stress",
        "dipole": "REF_dipole",
        "total_charge": "total_charge",
        "polarizability": "REF_alpha",
    },
    "arrays_keys": {"forces": "REF_forces", "atomic_multipoles": "REF_multipoles", "molID": "molID"},
}


def test_ase_frames_are_read_through_the_heads() -> None:
    reference, prediction = ragged_batch(seed=31)
    frames = []
    for frame, (start, end) in enumerate(frame_bounds(reference)):
        atoms = ase.Atoms("H" * (end - start), positions=reference["positions"][start:end])
        atoms.cell[:] = reference["cell"][frame]
        atoms.pbc = reference["pbc"][frame]
        atoms.info["config_weight"] = reference["weight"][frame]
        for label, key in HEADS["info_keys"].items():
            weight = reference[f"{label}_weight"][frame]
            if np.any(weight > 0):
                value = reference[label][frame]
                atoms.info[key] = value.ravel() if np.ndim(value) else value
                atoms.info[f"config_{label}_weight"] = weight
        for label, key, name in (
            ("forces", "REF_forces", "forces"),
            ("density_coefficients", "REF_multipoles", "atomic_multipoles"),
            ("cluster_batch", "molID", "molID"),
        ):
            weight = reference["cluster_loss_weight" if name == "molID" else f"{label}_weight"][frame]
            if weight > 0:
                atoms.arrays[key] = reference[label][start:end]
                atoms.info[f"config_{name}_weight"] = weight
        frames.append(atoms)

    engine = LossEngine.from_config(WEIGHTS)
    by_frames = LossEngine.from_config(WEIGHTS, heads=HEADS)

    found = by_frames(frames, tensors(prediction)).total.item()
    assert close(found, engine(tensors(reference), tensors(prediction)).total.item())


def test_ase_stress_may_have_six_numbers_or_sit_in_a_calculator() -> None:
    atoms = ase.Atoms("H", positions=[[0.0, 0.0, 0.0]])
    atoms.info["REF_stress"] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    engine = LossEngine.from_config({"stress": 1.0}, heads=HEADS)
    tensor = torch.tensor([[[1.0, 6.0, 5.0], [6.0, 2.0, 4.0], [5.0, 4.0, 3.0]]])

    breakdown = engine([atoms], {"stress": tensor})

    assert breakdown.total.item() == 0.0
    assert breakdown.count.item() == 9.0


def test_a_term_without_a_head_is_told() -> None:
    engine = LossEngine.from_config({"fermi_level": 1.0}, heads=HEADS)

    with pytest.raises(LossInputError, match="`fermi_level` in the heads"):
        engine([ase.Atoms("H")], {"fermi_level": torch.zeros(1)})


def test_config_types_of_a_run_weigh_ase_frames() -> None:
    frames = [ase.Atoms("H", positions=[[0.0, 0.0, 0.0]]) for _ in range(2)]
    for frame, kind in zip(frames, ("bulk", "Default"), strict=True):
        frame.info["config_type"] = kind
        frame.arrays["REF_forces"] = np.zeros((1, 3))
    spec = SimpleNamespace(name="forces", weight=1.0, options={})
    stage = SimpleNamespace(
        terms=(spec,),
        heads={"forces": ("arrays_keys", "REF_forces")},
        option=lambda name, otherwise: {"config_type_weights": {"bulk": 3.0}}.get(name, otherwise),
    )
    prediction = {"forces": torch.ones(2, 3, dtype=torch.float64)}

    by_stage = LossEngine.from_stage(stage)(frames, prediction)
    by_config = LossEngine.from_config(
        {"forces": 1.0},
        heads={"arrays_keys": {"forces": "REF_forces"}},
        config_type_weights={"bulk": 3.0},
    ).evolve(reduction="labelled")(frames, prediction)

    assert by_stage.table.tolist() == [[9.0, 3.0]]
    assert by_stage.total.item() == by_config.total.item() == 2.0
