"""Thermal-looking hydrogen-bonded clusters: random packing, a short GFN2-xTB relaxation, a seeded rattle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.build import molecule
from ase.optimize import LBFGS
from tblite.ase import TBLite

from generate.frame import POSITION_DECIMALS

CHARGE = {
    **dict.fromkeys(("H2O", "NH3", "HCOOH", "CH3OH", "H3CNH2"), 0),
    **dict.fromkeys(("H3O", "NH4", "CH3OH2", "CH3NH3", "Na"), 1),
    **dict.fromkeys(("OH", "HCOO", "CH3O", "Cl"), -1),
}

CONTACT = 1.8  # Å, closest approach of two freshly packed molecules
RATTLE = 0.03  # Å, standard deviation per coordinate


def make_cluster(fragments: Sequence[str], rng: np.random.Generator, rattle: float = RATTLE) -> Atoms:
    """The named molecules as one cluster around the origin, its charge in `info["total_charge"]`.

    The packing is free, so protons may move between molecules while the cluster relaxes.
    """
    charge = sum(CHARGE[name] for name in fragments)
    cluster = _packed(fragments, rng)
    _relax(cluster, charge)
    cluster.positions += rng.normal(0.0, rattle, cluster.positions.shape)
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
    local = (fragment.positions - fragment.get_center_of_mass()) @ random_rotation(rng).T
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
    """Where ASE has no such ion, a neutral template with one atom changed: relaxing mends the bond lengths."""
    if name in _RENAMED:
        template, old, new = _RENAMED[name]
        return _renamed(molecule(template), old, new)
    if name == "HCOO":
        return _without_acid_proton(molecule("HCOOH"))
    return Atoms(name) if name in ("Na", "Cl") else molecule(name)


_RENAMED = {
    "H3O": ("NH3", "N", "O"),
    "NH4": ("CH4", "C", "N"),
    "CH3OH2": ("H3CNH2", "N", "O"),
    "CH3NH3": ("C2H6", "C", "N"),
}


def _renamed(atoms: Atoms, old: str, new: str) -> Atoms:
    """With the first atom of one element made another."""
    symbols = atoms.get_chemical_symbols()
    symbols[symbols.index(old)] = new
    atoms.symbols = symbols
    return atoms


def _without_acid_proton(acid: Atoms) -> Atoms:
    hydrogens = np.flatnonzero(acid.numbers == 1)
    oxygens = np.flatnonzero(acid.numbers == 8)
    nearest = [acid.get_distances(hydrogen, oxygens).min() for hydrogen in hydrogens]
    del acid[int(hydrogens[np.argmin(nearest)])]
    return acid


def _relax(atoms: Atoms, charge: int) -> None:
    atoms.calc = TBLite(method="GFN2-xTB", charge=charge, multiplicity=1, verbosity=0)
    LBFGS(atoms, logfile=None, maxstep=0.1).run(fmax=0.2, steps=60)
    atoms.calc = None


def _random_direction(rng: np.random.Generator) -> np.ndarray:
    vector = rng.normal(size=3)
    return vector / np.linalg.norm(vector)


def random_rotation(rng: np.random.Generator) -> np.ndarray:
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
