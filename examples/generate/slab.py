"""Water on a thin slab of rock salt: the data of the example `slab`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from ase import Atoms
from ase.build import bulk, molecule

from generate import xtb
from generate.cluster import random_rotation
from generate.frame import POSITION_DECIMALS, Frame

LATTICE_CONSTANT = 5.4  # Å, near this method's minimum
HEIGHT = 40.0  # Å, third vector in the files
STRAIN = 0.02  # standard deviation of each in-plane component
RATTLE = (0.03, 0.10)  # Å, range of the standard deviation of ions per coordinate, drawn for each frame
WATER_RATTLE = 0.02  # Å: bonds within a molecule are stiff
ABOVE = (2.2, 3.4)  # Å, an oxygen above the layer
CONTACT = 1.9  # Å, the closest that water may come to anything

_COUNTS = {
    "train": {"clean": 4, "one_water": 10, "two_waters": 10},
    "valid": {"clean": 1, "one_water": 3, "two_waters": 2},
    "test": {"clean": 1, "one_water": 2, "two_waters": 3},
}
_WATERS = {"clean": 0, "one_water": 1, "two_waters": 2}


class Slab:
    """Periodic in the plane, vacuum along z (pbc T T F): only the third component of a dipole has a meaning."""

    number = 6
    splits = ("train", "valid", "test")
    labelled_by = "tight_binding"

    def make(self, split: str, rng: np.random.Generator) -> Iterator[Frame]:
        for config_type, count in _COUNTS[split].items():
            for _ in range(count):
                yield slab_frame(watered_slab(_WATERS[config_type], rng), config_type)

    def atom_energies(self) -> Mapping[int, float]:
        unpaired = {("H", 1): 1, ("O", 8): 2, ("Na", 11): 1, ("Cl", 17): 1}
        return {number: xtb.atom_energy(symbol, count) for (symbol, number), count in unpaired.items()}


def watered_slab(waters: int, rng: np.random.Generator) -> Atoms:
    """Two layers of 16 ions, strained and rattled, and so many molecules above sodium."""
    slab = bulk("NaCl", "rocksalt", a=LATTICE_CONSTANT, cubic=True) * (2, 2, 1)
    top = np.flatnonzero((slab.numbers == 11) & (slab.positions[:, 2] > 1.0))
    slab.set_cell(_strained(slab, rng), scale_atoms=True)
    slab.positions += rng.normal(0.0, rng.uniform(*RATTLE), slab.positions.shape)
    for sodium in rng.choice(top, size=waters, replace=False):
        slab += _adsorbed(slab, slab.positions[sodium], rng)
    slab.set_cell([*np.asarray(slab.cell)[:2], [0.0, 0.0, HEIGHT]])
    slab.positions[:, 2] += HEIGHT / 2 - slab.positions[:32, 2].mean()
    slab.positions = slab.positions.round(POSITION_DECIMALS)
    return slab


def slab_frame(atoms: Atoms, config_type: str) -> Frame:
    """Labelled; no axis of the plane has a dipole, so their weights are 0."""
    labels = xtb.slab(atoms)
    info = {
        "REF_energy": labels.energy,
        "REF_dipole": labels.dipole(atoms.positions),
        "config_dipole_weight": np.array([0.0, 0.0, 1.0]),
        "total_charge": 0,
        "config_type": config_type,
    }
    columns = {"REF_forces": labels.forces, "REF_multipoles": labels.charges}
    return Frame(atoms.numbers, atoms.positions, np.asarray(atoms.cell), (True, True, False), info, columns)


def _strained(slab: Atoms, rng: np.random.Generator) -> np.ndarray:
    """A symmetric strain of the plane alone; the third vector stays along z."""
    strain = np.zeros((3, 3))
    plane = rng.normal(0.0, STRAIN, (2, 2))
    strain[:2, :2] = (plane + plane.T) / 2
    return (np.asarray(slab.cell) @ (np.eye(3) + strain)).round(POSITION_DECIMALS)


def _adsorbed(slab: Atoms, sodium: np.ndarray, rng: np.random.Generator) -> Atoms:
    """A molecule at random above this ion, turned until it touches nothing."""
    while True:
        water = molecule("H2O")
        water.positions += rng.normal(0.0, WATER_RATTLE, water.positions.shape)
        water.positions = (water.positions - water.positions[0]) @ random_rotation(rng).T
        water.positions += sodium + np.array([*rng.normal(0.0, 0.5, 2), rng.uniform(*ABOVE)])
        if _contact(slab, water) > CONTACT:
            return water


def _contact(slab: Atoms, water: Atoms) -> float:
    """The shortest distance in Å, over the images in the plane."""
    both = slab + water
    both.pbc = (True, True, False)
    here, there = range(len(slab)), range(len(slab), len(both))
    return min(both.get_distances(atom, [*here], mic=True).min() for atom in there)
