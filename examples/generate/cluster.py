"""Thermal-looking hydrogen-bonded clusters: random packing, a short GFN2-xTB relaxation, a seeded rattle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.build import molecule
from ase.optimize import LBFGS
from tblite.ase import TBLite

from generate.frame import POSITION_DECIMALS

CHARGE = {"H2O": 0, "NH3": 0, "H3O": 1, "NH4": 1, "OH": -1}

CONTACT = 1.8  # Å, closest approach of two freshly packed molecules
RATTLE = 0.03  # Å, standard deviation per coordinate


def make_cluster(fragments: Sequence[str], rng: np.random.Generator) -> Atoms:
    """The named molecules as one cluster around the origin, its charge in `info["total_charge"]`.

    The packing is free, so protons may move between molecules while the cluster relaxes.
    """
    charge = sum(CHARGE[name] for name in fragments)
    cluster = _packed(fragments, rng)
    _relax(cluster, charge)
    cluster.positions += rng.normal(0.0, RATTLE, cluster.positions.shape)
    cluster.positions -= cluster.get_center_of_mass()
    cluster.positions = cluster.positions.round(POSITION_DECIMALS)
    cluster.info["total_charge"] = charge
    return cluster


def molecule_ids(atoms: Atoms) -> np.ndarray:
    """Each hydrogen belongs to the heavy atom next to it, (n_atoms,)."""
    heavy = np.flatnonzero(atoms.numbers > 1)
    distances = np.linalg.norm(atoms.positions[:, None] - atoms.positions[None, heavy], axis=2)
    return distances.argmin(axis=1)


def _packed(fragments: Sequence[str], rng: np.random.Generator) -> Atoms:
    cluster = Atoms()
    for name in fragments:
        cluster += _placed(_monomer(name), cluster, rng)
    return cluster


def _placed(fragment: Atoms, cluster: Atoms, rng: np.random.Generator) -> Atoms:
    """The fragment, turned at random and pushed outwards until it touches nothing."""
    local = (fragment.positions - fragment.get_center_of_mass()) @ _random_rotation(rng).T
    direction = _random_direction(rng)
    fragment.positions = local
    distance = 0.0
    while _contact(fragment, cluster) < CONTACT:
        distance += 0.05
        fragment.positions = local + distance * direction
    return fragment


def _contact(one: Atoms, other: Atoms) -> float:
    if not len(other):
        return np.inf
    return float(np.linalg.norm(one.positions[:, None] - other.positions[None], axis=2).min())


def _monomer(name: str) -> Atoms:
    """Neutral templates with one atom changed: the relaxation mends the bond lengths."""
    if name == "H3O":
        return _renamed(molecule("NH3"), "N", "O")
    if name == "NH4":
        return _renamed(molecule("CH4"), "C", "N")
    return molecule(name)


def _renamed(atoms: Atoms, old: str, new: str) -> Atoms:
    atoms.symbols = [new if symbol == old else symbol for symbol in atoms.get_chemical_symbols()]
    return atoms


def _relax(atoms: Atoms, charge: int) -> None:
    atoms.calc = TBLite(method="GFN2-xTB", charge=charge, multiplicity=1, verbosity=0)
    LBFGS(atoms, logfile=None, maxstep=0.1).run(fmax=0.2, steps=60)
    atoms.calc = None


def _random_direction(rng: np.random.Generator) -> np.ndarray:
    vector = rng.normal(size=3)
    return vector / np.linalg.norm(vector)


def _random_rotation(rng: np.random.Generator) -> np.ndarray:
    """Uniform over rotations, from a random unit quaternion, (3, 3)."""
    quaternion = rng.normal(size=4)
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
