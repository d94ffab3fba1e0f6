"""Atomic charges fitted to the potential outside a molecule, that add up to its charge and its dipole.

Points lie on spheres of 1.4 to 2.0 times the van der Waals radii around each atom, as Merz and Kollman took
them. Mulliken charges would add up to the charge, but not to the dipole, which needs their atomic dipoles.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyscf import gto, scf
from pyscf.data import radii

SCALES = (1.4, 1.6, 1.8, 2.0)
POINTS = 120  # on each whole sphere


def fitted_charges(mf: scf.hf.RHF) -> np.ndarray:
    """Charges in e, (n_atoms,)."""
    points = _points(mf.mol)
    inverse = 1 / np.linalg.norm(points[:, None] - mf.mol.atom_coords(), axis=2)
    normal, right = inverse.T @ inverse, inverse.T @ _potential(mf, points)
    constraints = np.vstack([np.ones(mf.mol.natm), mf.mol.atom_coords().T])
    targets = np.array([mf.mol.charge, *_dipole(mf)])
    matrix = np.block([[normal, constraints.T], [constraints, np.zeros((4, 4))]])
    return np.linalg.solve(matrix, np.concatenate([right, targets]))[: mf.mol.natm]


def fit_error(mf: scf.hf.RHF, charges: np.ndarray) -> float:
    """Root mean square of the misfit over that of the potential itself."""
    points = _points(mf.mol)
    exact = _potential(mf, points)
    fitted = (charges / np.linalg.norm(points[:, None] - mf.mol.atom_coords(), axis=2)).sum(axis=1)
    return float(np.sqrt(np.mean((fitted - exact) ** 2) / np.mean(exact**2)))


def _dipole(mf: scf.hf.RHF) -> np.ndarray:
    """e a0 about the origin."""
    return mf.dip_moment(unit="AU", origin=np.zeros(3), verbose=0)


def _potential(mf: scf.hf.RHF, points: np.ndarray) -> np.ndarray:
    """Hartree per charge at the points, nuclei and electrons."""
    mol = mf.mol
    nuclei = (mol.atom_charges() / np.linalg.norm(points[:, None] - mol.atom_coords(), axis=2)).sum(axis=1)
    electrons = np.einsum("pij,ij->p", mol.intor("int1e_grids", grids=points), mf.make_rdm1())
    return nuclei - electrons


def _points(mol: gto.Mole) -> np.ndarray:
    """Those on the spheres that lie in no other sphere of the same scale, a0, (n, 3)."""
    return np.vstack([*_shells(mol)])


def _shells(mol: gto.Mole) -> Iterator[np.ndarray]:
    centres = mol.atom_coords()
    bare = np.array([radii.VDW[number] for number in mol.atom_charges()])
    for scale in SCALES:
        for centre, radius in zip(centres, scale * bare, strict=True):
            points = centre + radius * _directions()
            depth = np.linalg.norm(points[:, None] - centres, axis=2) / (scale * bare)
            yield points[depth.min(axis=1) > 1 - 1e-9]


def _directions() -> np.ndarray:
    """Evenly spread over the sphere along a spiral of golden angles, (POINTS, 3)."""
    height = 1 - (2 * np.arange(POINTS) + 1) / POINTS
    turn = np.arange(POINTS) * np.pi * (3 - np.sqrt(5))
    radius = np.sqrt(1 - height**2)
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn), height])
