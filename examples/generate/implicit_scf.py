"""Formic acid, formate and hydronium in water: the data of the example `implicit_scf`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from generate import quantum
from generate.cluster import make_cluster
from generate.frame import Frame
from generate.labelled import cluster_frame, dipole, kind, label, recipes

_COMPOSITIONS = {
    "neutral": (("HCOOH",), ("HCOOH", "H2O"), ("HCOOH", "H2O", "H2O")),
    "formate": (("HCOO",), ("HCOO", "H2O"), ("HCOO", "H2O", "H2O")),
    "hydronium": (("HCOOH", "H3O"), ("H2O", "H3O"), ("H2O", "H2O", "H3O")),
}
_REPEATS = {"train": 4, "valid": 1, "test": 1}


class ImplicitScf:
    """An acid in water with its proton, without it, and with one more."""

    number = 4
    splits = ("train", "valid", "test")
    labelled_by = "hartree_fock"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for config_type, molecules in recipes(_COMPOSITIONS, _REPEATS[split]):
            atoms = make_cluster(molecules, rng)
            labels = label(atoms)
            scalars = {"REF_energy": labels.energy, "REF_fermi_level": labels.fermi_level}
            info = {**scalars, **dipole(labels), **kind(atoms, config_type)}
            yield cluster_frame(atoms, info, labels.forces, labels.multipoles)

    def atom_energies(self) -> Mapping[int, float]:
        unpaired = {1: 1, 6: 2, 8: 2}
        return {number: quantum.atom_energy(number, count) for number, count in unpaired.items()}
