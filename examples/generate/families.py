"""What each example's files hold: which systems, how many, and under which key every label goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np
from ase import Atoms

from generate import bulk, quantum
from generate.cluster import make_cluster, molecule_ids
from generate.frame import Frame

BOX = 30.0 * np.eye(3)  # Å; the clusters are not periodic, the box only holds the reciprocal grid

Recipe = tuple[str, list[str]]  # config_type and the molecules of one cluster


class Family(Protocol):
    """One example: its random stream's number and how its files come about."""

    number: int

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        """The frames of one split, `train` or `valid`."""

    def atom_energies(self) -> Mapping[int, float]:
        """E0 per atomic number in eV, for the config."""


class LocalSplitCharges:
    """Water clusters, some of them with an extra proton and as many with one missing."""

    number = 1

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for config_type, molecules in _water_recipes(split):
            atoms = make_cluster(molecules, rng)
            labels = _label(atoms, np.zeros(3))
            info = {"REF_energy": labels.energy, **_dipole(labels), **_kind(atoms, config_type)}
            yield _cluster_frame(atoms, labels, info, {"molID": molecule_ids(atoms)})

    def atom_energies(self) -> Mapping[int, float]:
        return {1: quantum.atom_energy(1, unpaired=1), 8: quantum.atom_energy(8, unpaired=2)}


class FixedPoint:
    """Ammonia–water clusters of charge −1, 0 and +1, every second one in a uniform field."""

    number = 2

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for index, (config_type, molecules) in enumerate(_ammonia_recipes(split)):
            atoms = make_cluster(molecules, rng)
            field = _random_field(rng) if index % 2 else np.zeros(3)
            labels = _label(atoms, field)
            kind = _kind(atoms, config_type + ("_field" if field.any() else ""))
            scalars = {"REF_energy": labels.energy, "REF_fermi_level": labels.fermi_level}
            info = {**scalars, **_dipole(labels), "external_field": field, **kind}
            yield _cluster_frame(atoms, labels, info, {})

    def atom_energies(self) -> Mapping[int, float]:
        return {
            1: quantum.atom_energy(1, unpaired=1),
            7: quantum.atom_energy(7, unpaired=3),
            8: quantum.atom_energy(8, unpaired=2),
        }


class BulkStress:
    """Rock salt, strained and rattled."""

    number = 3

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        yield from bulk.frames({"train": 36, "valid": 8}[split], rng)

    def atom_energies(self) -> Mapping[int, float]:
        return {11: bulk.atom_energy("Na"), 17: bulk.atom_energy("Cl")}


FAMILIES: Mapping[str, Family] = {
    "local_split_charges": LocalSplitCharges(),
    "fixed_point": FixedPoint(),
    "bulk_stress": BulkStress(),
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
        "neutral": (["NH3"], ["NH3", "H2O"], ["NH3", "NH3", "H2O"], ["NH3", "H2O", "H2O"]),
        "ammonium": (["NH4"], ["NH4", "H2O"], ["NH4", "H2O", "H2O"]),
        "hydroxide": (["OH", "NH3"], ["OH", "H2O"], ["OH", "NH3", "H2O"]),
    }
    repeats = {"neutral": 6, "ammonium": 4, "hydroxide": 4} if split == "train" else {}
    return [
        (config_type, list(molecules))
        for config_type, systems in compositions.items()
        for molecules in systems
        for _ in range(repeats.get(config_type, 1))
    ]


def _label(atoms: Atoms, field: np.ndarray) -> quantum.Labels:
    return quantum.label(atoms.numbers, atoms.positions, atoms.info["total_charge"], field)


def _random_field(rng: np.random.Generator) -> np.ndarray:
    """Any direction, 0.05 to 0.25 V/Å; rounded, so that the file holds the very field that was applied."""
    direction = rng.normal(size=3)
    return (rng.uniform(0.05, 0.25) * direction / np.linalg.norm(direction)).round(6)


def _dipole(labels: quantum.Labels) -> dict[str, np.ndarray]:
    """The trainer refuses a dipole without its three weights; no axis of a cluster is periodic."""
    return {"REF_dipole": labels.dipole, "config_dipole_weight": np.ones(3)}


def _kind(atoms: Atoms, config_type: str) -> dict[str, object]:
    return {"total_charge": atoms.info["total_charge"], "config_type": config_type}


def _cluster_frame(atoms: Atoms, labels: quantum.Labels, info: Mapping, extra: Mapping) -> Frame:
    columns = {"REF_forces": labels.forces, "REF_multipoles": labels.multipoles, **extra}
    return Frame(atoms.numbers, atoms.positions, BOX, periodic=False, info=info, columns=columns)
