"""Random batches as numpy arrays, under the names of a collated batch, and their change into tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

Arrays = dict[str, Any]
"""numpy arrays by the names of a collated batch."""

SIZES = (3, 5, 1, 4)
COLUMNS = 4
WAVES = 6
PER_FRAME = ("weight", "energy", "dipole", "stress", "polarizability", "fermi_level", "total_charge")
WEIGHTS = (
    "energy_weight",
    "forces_weight",
    "stress_weight",
    "polarizability_weight",
    "density_coefficients_weight",
    "fermi_level_weight",
    "total_charge_weight",
    "electrostatic_potentials_weight",
    "cluster_loss_weight",
    "rho_fftn_weight",
)
ATOM_KEYS = ("forces", "density_coefficients", "positions", "cluster_batch")
ATOM_PREDICTIONS = (
    "forces",
    "density_coefficients",
    "esps",
    "esps_dft",
    "feats_no_mu_model",
    "feats_no_mu_dft",
    "charges_history",
    "perturbing_vector",
    "perturbed_density",
)
TARGETS = ("esps_dft", "feats_no_mu_dft", "rho_fftn_dft", "k_vectors_normed_squared")


def complete_batch(seed: int = 0, sizes: tuple[int, ...] = SIZES) -> tuple[Arrays, Arrays]:
    """Every label everywhere and all weights 1; a closed cell, no net force, molecules in one piece."""
    rng = np.random.default_rng(seed)
    frames, atoms = len(sizes), sum(sizes)
    reference: Arrays = {
        "ptr": np.concatenate([[0], np.cumsum(sizes)]),
        "weight": np.ones(frames),
        "positions": rng.normal(size=(atoms, 3)) * 2.0,
        "cell": np.zeros((frames, 3, 3)),
        "pbc": np.zeros((frames, 3), dtype=bool),
        "energy": rng.normal(size=frames),
        "forces": rng.normal(size=(atoms, 3)),
        "stress": rng.normal(size=(frames, 3, 3)),
        "dipole": rng.normal(size=(frames, 3)),
        "dipole_weight": np.ones((frames, 3)),
        "polarizability": rng.normal(size=(frames, 3, 3)),
        "density_coefficients": rng.normal(size=(atoms, COLUMNS)),
        "fermi_level": rng.normal(size=frames),
        "total_charge": rng.normal(size=frames),
        # Neither contiguous nor starting at 0, and the same numbers in every frame.
        "cluster_batch": np.concatenate([np.resize([7, -2, 7, 40], n) for n in sizes]),
    }
    reference |= {name: np.ones(frames) for name in WEIGHTS}
    prediction = predictions_for(reference, rng)
    for start, end in frame_bounds(reference):
        difference = prediction["forces"][start:end] - reference["forces"][start:end]
        prediction["forces"][start:end] -= difference.sum(axis=0) / max(end - start, 1)
    return reference, prediction


def predictions_for(reference: Arrays, rng: np.random.Generator) -> Arrays:
    """Random predictions for a batch."""
    frames, atoms = len(reference["weight"]), int(reference["ptr"][-1])
    waves = np.sort(rng.uniform(0.001, 40.0, size=(frames, WAVES)), axis=1)
    waves[:, 0] = 0.0
    return {
        "energy": rng.normal(size=frames),
        "forces": rng.normal(size=(atoms, 3)),
        "stress": rng.normal(size=(frames, 3, 3)),
        "dipole": rng.normal(size=(frames, 3)),
        "polarizability": rng.normal(size=(frames, 3, 3)),
        "density_coefficients": rng.normal(size=(atoms, COLUMNS)),
        "fermi_level": rng.normal(size=frames),
        "esps": rng.normal(size=(atoms, 1)),
        "esps_dft": rng.normal(size=(atoms, 1)),
        "feats_no_mu_model": rng.normal(size=(atoms, 5)),
        "feats_no_mu_dft": rng.normal(size=(atoms, 5)),
        "dq_dmu": rng.normal(size=frames),
        "charges_history": rng.normal(size=(atoms, COLUMNS, 3)),
        "perturbing_vector": rng.normal(size=(atoms, COLUMNS)),
        "perturbed_density": rng.normal(size=(atoms, COLUMNS)),
        "rho_fftn": rng.normal(size=(frames, WAVES, 2)),
        "rho_fftn_dft": rng.normal(size=(frames, WAVES, 2)),
        "k_vectors_normed_squared": waves,
        "k_vectors_mask": np.ones((frames, WAVES), dtype=bool),
    }


def ragged_batch(seed: int = 1, sizes: tuple[int, ...] = SIZES) -> tuple[Arrays, Arrays]:
    """Uneven weights, frames without labels (zeros at weight 0), periodic frames, net forces."""
    reference, prediction = complete_batch(seed, sizes)
    rng = np.random.default_rng(seed + 100)
    frames = len(sizes)
    prediction["forces"] = prediction["forces"] + rng.normal(size=prediction["forces"].shape)
    for name in ("weight", *WEIGHTS, "dipole_weight"):
        reference[name] = rng.uniform(0.3, 2.0, size=reference[name].shape)
        reference[name][rng.integers(frames)] = 0.0
    reference["pbc"] = rng.uniform(size=(frames, 3)) < 0.6
    reference["cell"] = np.eye(3) * 4.0 + rng.normal(size=(frames, 3, 3)) * 0.5
    prediction["k_vectors_mask"] = rng.uniform(size=(frames, WAVES)) < 0.8
    return _blanked(reference), prediction


def with_nan_labels(reference: Arrays, seed: int = 5) -> Arrays:
    """NaN and infinities in labels of present frames, and everywhere in absent ones."""
    rng = np.random.default_rng(seed)
    holed = copied(reference)
    for name in ("energy", "forces", "stress", "dipole", "polarizability", "fermi_level", "total_charge"):
        holed[name][rng.uniform(size=holed[name].shape) < 0.25] = np.nan
    holed["density_coefficients"][rng.uniform(size=holed["density_coefficients"].shape) < 0.25] = np.inf
    return holed


def frame_bounds(reference: Arrays) -> list[tuple[int, int]]:
    """First and last atom of each frame."""
    return list(zip(reference["ptr"][:-1].tolist(), reference["ptr"][1:].tolist(), strict=True))


def take_frames(reference: Arrays, prediction: Arrays, frames: list[int]) -> tuple[Arrays, Arrays]:
    """The batch of some frames, in that order, repetitions allowed."""
    bounds = frame_bounds(reference)
    atoms = [atom for frame in frames for atom in range(*bounds[frame])]
    sizes = [bounds[frame][1] - bounds[frame][0] for frame in frames]
    chosen = {
        name: value[atoms] if name in ATOM_KEYS else value[frames]
        for name, value in reference.items()
        if name != "ptr"
    }
    chosen["ptr"] = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    predicted = {
        name: value[atoms] if name in ATOM_PREDICTIONS else value[frames]
        for name, value in prediction.items()
    }
    return chosen, predicted


def take_atoms(reference: Arrays, prediction: Arrays, order: list[int]) -> tuple[Arrays, Arrays]:
    """Atoms in another order, each staying in its frame."""
    chosen = {name: value[order] if name in ATOM_KEYS else value for name, value in reference.items()}
    predicted = {
        name: value[order] if name in ATOM_PREDICTIONS else value for name, value in prediction.items()
    }
    return chosen, predicted


def copied(arrays: Arrays) -> Arrays:
    """A deep copy."""
    return {name: value.copy() for name, value in arrays.items()}


def tensors(arrays: Mapping[str, Any], dtype: torch.dtype = torch.float64) -> dict[str, torch.Tensor]:
    """Tensors of the same names; floating-point ones in the given dtype."""
    made = {name: torch.from_numpy(np.array(value)) for name, value in arrays.items()}
    return {name: value.to(dtype) if value.is_floating_point() else value for name, value in made.items()}


def leaves(arrays: Mapping[str, Any], dtype: torch.dtype = torch.float64) -> dict[str, torch.Tensor]:
    """Prediction tensors; those that a model learns through require gradients."""
    made = tensors(arrays, dtype)
    for name, value in made.items():
        if value.is_floating_point() and name not in TARGETS:
            value.requires_grad_()
    return made


def _blanked(reference: Arrays) -> Arrays:
    """Zeros where a label is absent, as upstream's loader leaves them."""
    for name in ("energy", "stress", "polarizability", "fermi_level", "total_charge"):
        reference[name][reference[f"{name}_weight"] == 0] = 0.0
    for name in ("forces", "density_coefficients"):
        for frame, (start, end) in enumerate(frame_bounds(reference)):
            if reference[f"{name}_weight"][frame] == 0:
                reference[name][start:end] = 0.0
    return reference
