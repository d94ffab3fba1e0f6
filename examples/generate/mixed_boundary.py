"""Clusters, a crystal and slabs of one Hamiltonian: the data of the example `mixed_boundary`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from ase import Atoms

from generate import xtb
from generate.bulk import deformed_salt
from generate.cluster import make_cluster
from generate.frame import Frame
from generate.labelled import BOX, recipes
from generate.slab import LATTICE_CONSTANT, Slab, slab_frame, watered_slab

_CLUSTERS = {
    "cluster": (
        ("Na", "Cl"),
        ("Na", "Cl") * 2,
        ("Na", "Cl", "H2O"),
        ("Na", "Cl", "Na", "Cl", "H2O"),
        ("H2O", "H2O", "H2O"),
        ("Na", "H2O", "H2O"),
        ("Cl", "H2O", "H2O"),
    )
}
_REPEATS = {"train": 2, "valid": 1, "test": 1}
_BULK = {"train": 8, "valid": 2, "test": 2}
_WATERS = {"train": (0, 1, 1, 2, 2, 2), "valid": (0, 1, 2), "test": (0, 1, 2)}  # on each slab


class MixedBoundary:
    """Each class of frames with the dipole weights that it can answer for: 1 1 1, 0 0 1, 0 0 0."""

    number = 8
    splits = ("train", "valid", "test")
    labelled_by = "tight_binding"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for _, fragments in recipes(_CLUSTERS, _REPEATS[split]):
            yield _cluster_frame(make_cluster(fragments, rng))
        for _ in range(_BULK[split]):
            yield _bulk_frame(deformed_salt(rng, LATTICE_CONSTANT))
        for waters in _WATERS[split]:
            yield slab_frame(watered_slab(waters, rng), "slab")

    def atom_energies(self) -> Mapping[int, float]:
        return Slab().atom_energies()


def _cluster_frame(atoms: Atoms) -> Frame:
    charge = atoms.info["total_charge"]
    labels = xtb.molecule(atoms, charge)
    info = _info(atoms, labels, np.ones(3), "cluster")
    return Frame(atoms.numbers, atoms.positions, BOX, False, info, _columns(labels))


def _bulk_frame(atoms: Atoms) -> Frame:
    labels = xtb.bulk(atoms)
    info = _info(atoms, labels, np.zeros(3), "bulk")
    return Frame(atoms.numbers, atoms.positions, np.asarray(atoms.cell), True, info, _columns(labels))


def _info(atoms: Atoms, labels: xtb.Labels, weight: np.ndarray, config_type: str) -> dict[str, object]:
    """A crystal's dipole is what the positions in the file happen to give; its weights leave it out."""
    return {
        "REF_energy": labels.energy,
        "REF_dipole": labels.dipole(atoms.positions),
        "config_dipole_weight": weight,
        "total_charge": atoms.info.get("total_charge", 0),
        "config_type": config_type,
    }


def _columns(labels: xtb.Labels) -> dict[str, np.ndarray]:
    return {"REF_forces": labels.forces, "REF_multipoles": labels.charges}
