"""What each example's files hold: which systems, how many, and under which key every label goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np

from generate import bulk, quantum
from generate.cluster import make_cluster, molecule_ids
from generate.formal_charges import FormalCharges
from generate.frame import Frame
from generate.implicit_scf import ImplicitScf
from generate.labelled import Recipe, cluster_frame, dipole, kind, label, recipes
from generate.mixed_boundary import MixedBoundary
from generate.qeq import ChargeEquilibration
from generate.slab import Slab


class Family(Protocol):
    """One example: its random stream's number, its files and how they come about."""

    number: int
    splits: tuple[str, ...]
    labelled_by: str  # what makes fresh energies for the check: hartree_fock, gfn1 or tight_binding

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        """The frames of one of the splits."""

    def atom_energies(self) -> Mapping[int, float]:
        """E0 per atomic number in eV, for the config."""


class LocalSplitCharges:
    """Water clusters, some of them with an extra proton and as many with one missing."""

    number = 1
    splits = ("train", "valid")
    labelled_by = "hartree_fock"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for config_type, molecules in _water_recipes(split):
            atoms = make_cluster(molecules, rng)
            labels = label(atoms)
            info = {"REF_energy": labels.energy, **dipole(labels), **kind(atoms, config_type)}
            yield cluster_frame(atoms, info, labels.forces, labels.multipoles, molID=molecule_ids(atoms))

    def atom_energies(self) -> Mapping[int, float]:
        return {1: quantum.atom_energy(1, unpaired=1), 8: quantum.atom_energy(8, unpaired=2)}


class FixedPoint:
    """Ammonia–water clusters of charge −1, 0 and +1, every second one in a uniform field."""

    number = 2
    splits = ("train", "valid")
    labelled_by = "hartree_fock"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for index, (config_type, molecules) in enumerate(_ammonia_recipes(split)):
            atoms = make_cluster(molecules, rng)
            field = _random_field(rng) if index % 2 else np.zeros(3)
            labels = label(atoms, field)
            type_and_charge = kind(atoms, config_type + ("_field" if field.any() else ""))
            scalars = {"REF_energy": labels.energy, "REF_fermi_level": labels.fermi_level}
            info = {**scalars, **dipole(labels), "external_field": field, **type_and_charge}
            yield cluster_frame(atoms, info, labels.forces, labels.multipoles)

    def atom_energies(self) -> Mapping[int, float]:
        return {
            1: quantum.atom_energy(1, unpaired=1),
            7: quantum.atom_energy(7, unpaired=3),
            8: quantum.atom_energy(8, unpaired=2),
        }


class BulkStress:
    """Rock salt, strained and rattled."""

    number = 3
    splits = ("train", "valid")
    labelled_by = "gfn1"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        yield from bulk.frames({"train": 36, "valid": 8}[split], rng)

    def atom_energies(self) -> Mapping[int, float]:
        return {11: bulk.atom_energy("Na"), 17: bulk.atom_energy("Cl")}


FAMILIES: Mapping[str, Family] = {
    "local_split_charges": LocalSplitCharges(),
    "fixed_point": FixedPoint(),
    "bulk_stress": BulkStress(),
    "implicit_scf": ImplicitScf(),
    "qeq": ChargeEquilibration(),
    "slab": Slab(),
    "formal_charges": FormalCharges(),
    "mixed_boundary": MixedBoundary(),
}


def _water_recipes(split: str) -> list[Recipe]:
    """One core molecule and so many waters: 24 + 18 + 18 clusters to train on, 4 + 4 + 4 to validate."""
    waters = {
        "train": {"neutral": (6, 6, 6, 6), "hydronium": (4, 4, 5, 5), "hydroxide": (4, 4, 5, 5)},
        "valid": {"neutral": (1, 1, 1, 1), "hydronium": (1, 1, 1, 1), "hydroxide": (1, 1, 1, 1)},
    }[split]
    core = {"neutral": "H2O", "hydronium": "H3O", "hydroxide": "OH"}
    return [
        (config_type, [core[config_type], *["H2O"] * extra])
        for config_type, counts in waters.items()
        for extra, count in enumerate(counts)
        for _ in range(count)
    ]


def _ammonia_recipes(split: str) -> list[Recipe]:
    """Each composition once for validation; six, four or four times for training (48 clusters)."""
    compositions = {
        "neutral": (("NH3",), ("NH3", "H2O"), ("NH3", "NH3", "H2O"), ("NH3", "H2O", "H2O")),
        "ammonium": (("NH4",), ("NH4", "H2O"), ("NH4", "H2O", "H2O")),
        "hydroxide": (("OH", "NH3"), ("OH", "H2O"), ("OH", "NH3", "H2O")),
    }
    repeats = {"neutral": 6, "ammonium": 4, "hydroxide": 4}
    return recipes(compositions, repeats if split == "train" else 1)


def _random_field(rng: np.random.Generator) -> np.ndarray:
    """Any direction, 0.05 to 0.25 V/Å; rounded, so that the file holds the very field that was applied."""
    direction = rng.normal(size=3)
    return (rng.uniform(0.05, 0.25) * direction / np.linalg.norm(direction)).round(6)
