"""Salt, acid and base in water, each atom with its formal charge: the data of the example `formal_charges`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from ase import Atoms

from generate import quantum
from generate.cluster import make_cluster, molecule_ids
from generate.frame import Frame
from generate.labelled import cluster_frame, dipole, kind, label, recipes

_COMPOSITIONS = {
    "salt": (("Na", "Cl"), ("Na", "Cl", "H2O"), ("Na", "Cl", "H2O", "H2O")),
    "base": (("Na", "OH"), ("OH", "H2O"), ("OH", "H2O", "H2O")),
    "acid": (("H3O", "Cl", "H2O"), ("H3O", "H2O"), ("H3O", "H2O", "H2O")),
    "ion": (("Na", "H2O"), ("Na", "H2O", "H2O"), ("Cl", "H2O"), ("Cl", "H2O", "H2O")),
}
_REPEATS = {"train": 3, "valid": 1, "test": 1}

# Charge of a molecule around each heavy atom with no hydrogen on it; each hydrogen adds one.
_BARE = {"Na": 1, "O": -2, "Cl": -1}


class FormalCharges:
    """Oxygen with the formal charge −1, 0 or +1 and chlorine with −1 or 0, so that no table of elements will do."""

    number = 7
    splits = ("train", "valid", "test")
    labelled_by = "hartree_fock"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for config_type, molecules in recipes(_COMPOSITIONS, _REPEATS[split]):
            atoms = make_cluster(molecules, rng)
            labels = label(atoms)
            info = {"REF_energy": labels.energy, **dipole(labels), **kind(atoms, config_type)}
            extra = {"REF_formal_charges": formal_charges(atoms), "molID": molecule_ids(atoms)}
            yield cluster_frame(atoms, info, labels.forces, labels.multipoles, **extra)

    def atom_energies(self) -> Mapping[int, float]:
        unpaired = {1: 1, 8: 2, 11: 1, 17: 1}
        return {number: quantum.atom_energy(number, count) for number, count in unpaired.items()}


def formal_charges(atoms: Atoms) -> np.ndarray:
    """As in a Lewis formula, after the protons have settled: the charge of each molecule on its heavy atom, in e.

    Their sum is the total charge however the protons went, since each is counted with some heavy atom.
    """
    ids = molecule_ids(atoms)
    charges = np.zeros(len(atoms))
    for molecule, atom in enumerate(np.flatnonzero(atoms.numbers > 1)):
        hydrogens = int(((ids == molecule) & (atoms.numbers == 1)).sum())
        charges[atom] = _BARE[atoms[int(atom)].symbol] + hydrogens
    return charges
