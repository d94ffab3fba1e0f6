"""Methanol and methylamine, protonated and deprotonated, with fitted charges: the data of the example `qeq`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from generate import quantum
from generate.cluster import make_cluster
from generate.fitted_charges import fitted_charges
from generate.frame import Frame
from generate.labelled import cluster_frame, dipole, kind, recipes

_COMPOSITIONS = {
    "neutral": (("CH3OH",), ("H3CNH2",), ("CH3OH", "H2O")),
    "cation": (("CH3OH2",), ("CH3NH3",), ("CH3NH3", "H2O")),
    "anion": (("CH3O",), ("CH3O", "H2O")),
}
_REPEATS = {"train": 4, "valid": 1, "test": 1}
_RATTLE = 0.05  # Å


class ChargeEquilibration:
    """Small molecules that keep their shape while a proton comes or goes.

    None of them is flat: charges alone can make no dipole perpendicular to the plane of a flat molecule.
    """

    number = 5
    splits = ("train", "valid", "test")
    labelled_by = "hartree_fock"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for config_type, molecules in recipes(_COMPOSITIONS, _REPEATS[split]):
            atoms = make_cluster(molecules, rng, _RATTLE)
            mf = quantum.solved(atoms.numbers, atoms.positions, atoms.info["total_charge"], np.zeros(3))
            labels = quantum.labels(mf, np.zeros(3))
            info = {"REF_energy": labels.energy, **dipole(labels), **kind(atoms, config_type)}
            yield cluster_frame(atoms, info, labels.forces, fitted_charges(mf))

    def atom_energies(self) -> Mapping[int, float]:
        unpaired = {1: 1, 6: 2, 7: 3, 8: 2}
        return {number: quantum.atom_energy(number, count) for number, count in unpaired.items()}
