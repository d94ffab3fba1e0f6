"""Nine loss terms the way upstream's trainer computes them, written from the formulas: the baseline to beat.

Every term stands alone: it recomputes sizes, repeats weights over atoms and searches the molecules
anew with ``torch.unique(dim=0)``. Sums over groups find the number of groups on the device.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

Batch = Mapping[str, Tensor]


def sizes(batch: Batch) -> Tensor:
    """Atoms of each frame."""
    return batch["ptr"][1:] - batch["ptr"][:-1]


def scatter_sum(values: Tensor, index: Tensor, size: int | None = None) -> Tensor:
    """Sums by index; without a size the device is asked for the largest index."""
    size = int(index.max()) + 1 if size is None else size
    wide = index.reshape(-1, *(1 for _ in values.shape[1:])).expand_as(values)
    return torch.zeros((size, *values.shape[1:]), dtype=values.dtype).scatter_add_(0, wide, values)


def scatter_mean(values: Tensor, index: Tensor) -> Tensor:
    """Means by index."""
    total = scatter_sum(values, index)
    ones = torch.ones(index.shape, dtype=values.dtype)
    count = scatter_sum(ones, index, total.shape[0])
    count = torch.where(count < 1, 1, count)
    return total / count[:, None]


def energy_per_atom(ref: Batch, pred: Batch) -> Tensor:
    """Weighted mean of squared energy differences per atom."""
    difference = (ref["energy"] - pred["energy"]) / sizes(ref)
    return torch.mean(ref["weight"] * ref["energy_weight"] * torch.square(difference))


def forces(ref: Batch, pred: Batch) -> Tensor:
    """Weighted mean over all force components."""
    weight = torch.repeat_interleave(ref["weight"], sizes(ref)).unsqueeze(-1)
    forces_weight = torch.repeat_interleave(ref["forces_weight"], sizes(ref)).unsqueeze(-1)
    return torch.mean(weight * forces_weight * torch.square(ref["forces"] - pred["forces"]))


def atomic_multipoles(ref: Batch, pred: Batch) -> Tensor:
    """Weighted mean over all multipole components."""
    weight = torch.repeat_interleave(ref["weight"], sizes(ref)).unsqueeze(-1)
    own = torch.repeat_interleave(ref["density_coefficients_weight"], sizes(ref)).unsqueeze(-1)
    residual = ref["density_coefficients"] - pred["density_coefficients"]
    return torch.mean(weight * own * torch.square(residual))


def total_charge_per_atom(ref: Batch, pred: Batch) -> Tensor:
    """Squared charge difference of each frame per atom."""
    charge = scatter_sum(pred["density_coefficients"][:, 0], ref["batch"], ref["weight"].shape[0])
    return torch.mean(ref["weight"] * torch.square((ref["total_charge"] - charge) / sizes(ref)))


def dipole_per_atom(ref: Batch, pred: Batch) -> Tensor:
    """Squared dipole difference per atom, component weights included."""
    weight = ref["weight"].unsqueeze(-1) * ref["dipole_weight"].view(-1, 3)
    return torch.mean(weight * torch.square((ref["dipole"] - pred["dipole"]) / sizes(ref).unsqueeze(-1)))


def fermi_level_per_atom(ref: Batch, pred: Batch) -> Tensor:
    """Squared Fermi-level difference per atom."""
    return torch.mean(ref["weight"] * torch.square((ref["fermi_level"] - pred["fermi_level"]) / sizes(ref)))


def esps(ref: Batch, pred: Batch) -> Tensor:
    """Squared differences of potentials at the atoms."""
    weight = torch.repeat_interleave(ref["weight"], sizes(ref)).unsqueeze(-1)
    own = torch.repeat_interleave(ref["electrostatic_potentials_weight"], sizes(ref)).unsqueeze(-1)
    return torch.mean(weight * own * torch.square(pred["esps_dft"] - pred["esps"]))


def clusters(ref: Batch) -> tuple[Tensor, Tensor]:
    """Dense molecule of each atom and frame of each molecule, by a search over pairs."""
    pairs = torch.stack([ref["batch"], ref["cluster_batch"]], dim=1)
    unique, inverse = torch.unique(pairs, dim=0, return_inverse=True)
    return inverse, unique[:, 0]


def cluster_virial_per_atom(ref: Batch, pred: Batch) -> Tensor:
    """Squared virial of molecules' net forces, raw positions."""
    index, frame = clusters(ref)
    centre = scatter_mean(ref["positions"], index)
    net = scatter_sum(pred["forces"] - ref["forces"], index)
    virial = scatter_sum((centre * net).sum(dim=-1), frame)
    weight = ref["weight"] * ref["cluster_loss_weight"]
    labelled = ref["cluster_loss_weight"] > 0
    squares = weight * torch.square(virial) / sizes(ref)
    return squares[labelled].sum() / labelled.shape[0]


def molecular_forces(ref: Batch, pred: Batch) -> Tensor:
    """Squared net forces of molecules, summed over each frame, per atom."""
    index, frame = clusters(ref)
    net = scatter_sum(pred["forces"] - ref["forces"], index)
    per_frame = scatter_sum(torch.square(net), frame)
    weight = (ref["weight"] * ref["forces_weight"]).unsqueeze(-1)
    return torch.mean(weight * per_frame / sizes(ref).unsqueeze(-1))


TERMS: dict[str, Callable[[Batch, Batch], Tensor]] = {
    "energy_per_atom": energy_per_atom,
    "forces": forces,
    "atomic_multipoles": atomic_multipoles,
    "total_charge_per_atom": total_charge_per_atom,
    "dipole_per_atom": dipole_per_atom,
    "fermi_level_per_atom": fermi_level_per_atom,
    "esps": esps,
    "cluster_virial_per_atom": cluster_virial_per_atom,
    "molecular_forces": molecular_forces,
}


def upstream_style_loss(ref: Batch, pred: Batch, weights: Mapping[str, float]) -> Tensor:
    """Weighted sum of the nine terms, one after the other."""
    loss = torch.zeros(())
    for name, weight in weights.items():
        loss = loss + weight * TERMS[name](ref, pred)
    return loss
