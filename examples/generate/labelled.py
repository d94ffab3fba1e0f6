"""What molecular families share: a labelled cluster as a frame, with each label under its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from ase import Atoms

from generate import quantum
from generate.frame import Frame

BOX = 30.0 * np.eye(3)  # Å; the clusters are not periodic, the box only holds the reciprocal grid

Recipe = tuple[str, list[str]]  # config_type and the molecules of one cluster


def recipes(
    compositions: Mapping[str, Iterable[tuple[str, ...]]], repeats: Mapping[str, int] | int
) -> list[Recipe]:
    """Each composition so many times, per config_type or for all alike."""
    return [
        (config_type, list(molecules))
        for config_type, systems in compositions.items()
        for molecules in systems
        for _ in range(repeats if isinstance(repeats, int) else repeats[config_type])
    ]


def label(atoms: Atoms, field: np.ndarray | None = None) -> quantum.Labels:
    """Hartree–Fock labels of a cluster, in a field or without."""
    field = np.zeros(3) if field is None else field
    return quantum.label(atoms.numbers, atoms.positions, atoms.info["total_charge"], field)


def dipole(labels: quantum.Labels) -> dict[str, np.ndarray]:
    """The trainer refuses a dipole without its three weights; no axis of a cluster is periodic."""
    return {"REF_dipole": labels.dipole, "config_dipole_weight": np.ones(3)}


def kind(atoms: Atoms, config_type: str) -> dict[str, object]:
    return {"total_charge": atoms.info["total_charge"], "config_type": config_type}


def cluster_frame(
    atoms: Atoms, info: Mapping[str, object], forces: np.ndarray, multipoles: np.ndarray, **extra: np.ndarray
) -> Frame:
    columns = {"REF_forces": forces, "REF_multipoles": multipoles, **extra}
    return Frame(atoms.numbers, atoms.positions, BOX, periodic=False, info=info, columns=columns)
