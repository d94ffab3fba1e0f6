"""Restricted Hartree–Fock labels of a molecule in a uniform field, from PySCF, in eV, Å, e and V.

The field vector g is the gradient of the potential, φ(r) = g·r in V/Å, so the physical field is −g. A charge
q at r gains q g·r, hence nuclei gain Z g·R, electrons −g·r, and the whole molecule dE/dg = dipole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ase.units import Bohr, Hartree
from pyscf import gto, scf

BASIS = "def2-svp"
METHOD = "RHF/def2-SVP"


@dataclass(frozen=True)
class Labels:
    """What one calculation yields.

    Args:
        energy: eV.
        forces: −dE/dR, eV/Å, (n_atoms, 3).
        dipole: e Å about the origin, Cartesian, (3,).
        charges: Mulliken charges, e, (n_atoms,).
        atomic_dipoles: e Å about each nucleus, Cartesian, (n_atoms, 3).
        fermi_level: middle of the gap, (HOMO + LUMO) / 2, V.
    """

    energy: float
    forces: np.ndarray
    dipole: np.ndarray
    charges: np.ndarray
    atomic_dipoles: np.ndarray
    fermi_level: float

    @property
    def multipoles(self) -> np.ndarray:
        """Columns Q, d_y, d_z, d_x: m = −1, 0, +1 within l = 1, (n_atoms, 4)."""
        return np.column_stack([self.charges, self.atomic_dipoles[:, [1, 2, 0]]])


def label(numbers: np.ndarray, positions: np.ndarray, charge: int, field: np.ndarray) -> Labels:
    """Positions in Å, (n_atoms, 3); field g in V/Å, (3,)."""
    return labels(solved(numbers, positions, charge, field), field)


def labels(mf: scf.hf.RHF, field: np.ndarray) -> Labels:
    """What a converged calculation in this field yields."""
    charges, atomic_dipoles = _mulliken(mf)
    return Labels(
        energy=float(mf.e_tot * Hartree),
        forces=_forces(mf, _atomic_units(field)),
        dipole=_total_dipole(mf),
        charges=charges,
        atomic_dipoles=atomic_dipoles,
        fermi_level=_middle_of_gap(mf),
    )


def energy(numbers: np.ndarray, positions: np.ndarray, charge: int, field: np.ndarray) -> float:
    """Only the total energy in eV, for finite differences."""
    return float(solved(numbers, positions, charge, field).e_tot * Hartree)


def atom_energy(number: int, unpaired: int) -> float:
    """UHF energy of the free atom in eV, with the same basis: its E0."""
    mol = gto.M(atom=[(number, (0.0, 0.0, 0.0))], basis=BASIS, spin=unpaired, verbose=0)
    return float(scf.UHF(mol).run(conv_tol=1e-12).e_tot * Hartree)


def solved(numbers: np.ndarray, positions: np.ndarray, charge: int, field: np.ndarray) -> scf.hf.RHF:
    """The converged wave function; positions in Å, field in V/Å."""
    atoms = [(int(number), tuple(place)) for number, place in zip(numbers, positions / Bohr, strict=True)]
    mol = gto.M(atom=atoms, unit="Bohr", basis=BASIS, charge=charge, verbose=0)
    mf = _in_field(scf.RHF(mol), _atomic_units(field))
    mf.run(conv_tol=1e-12, conv_tol_grad=1e-8, max_cycle=100)
    if not mf.converged:
        raise RuntimeError(f"{METHOD} did not converge for {mol.natm} atoms of charge {charge}")
    return mf


def _atomic_units(field: np.ndarray) -> np.ndarray:
    return np.asarray(field) * Bohr / Hartree


def _in_field(mf: scf.hf.RHF, field: np.ndarray) -> scf.hf.RHF:
    mol = mf.mol
    core = mf.get_hcore() - np.einsum("x,xij->ij", field, mol.intor("int1e_r"))
    nuclear = mol.energy_nuc() + mol.atom_charges() @ mol.atom_coords() @ field
    mf.get_hcore = lambda *_: core
    mf.energy_nuc = lambda *_: nuclear
    return mf


def _forces(mf: scf.hf.RHF, field: np.ndarray) -> np.ndarray:
    gradient = mf.nuc_grad_method()
    gradient.hcore_generator = _core_derivative(mf.mol, field, gradient.hcore_generator(mf.mol))
    nuclear = gradient.grad_nuc() + mf.mol.atom_charges()[:, None] * field
    gradient.grad_nuc = lambda *_, **__: nuclear
    return -gradient.kernel() * Hartree / Bohr


def _core_derivative(mol: gto.Mole, field: np.ndarray, bare: Callable) -> Callable:
    """Basis functions follow their nucleus: d⟨i|−g·r|j⟩/dR = ⟨i| g·r |∇j⟩ for j on it, plus the transpose."""
    pairs = mol.intor("int1e_irp").reshape(3, 3, mol.nao, mol.nao)  # ⟨i| r_a ∇_b j⟩
    moving = np.einsum("a,abij->bij", field, pairs)
    slices = mol.aoslice_by_atom()[:, 2:]

    def derivative(atom: int) -> np.ndarray:
        start, stop = slices[atom]
        part = np.zeros_like(moving)
        part[:, :, start:stop] = moving[:, :, start:stop]
        return bare(atom) + part + part.transpose(0, 2, 1)

    return lambda *_: derivative


def _mulliken(mf: scf.hf.RHF) -> tuple[np.ndarray, np.ndarray]:
    """Charges and atomic dipoles that add up to the total dipole exactly, because each row of the density
    matrix belongs to one nucleus and its moment is taken about that nucleus."""
    mol, density = mf.mol, mf.make_rdm1()
    populations = np.einsum("ij,ji->i", density, mf.get_ovlp())
    charges = mol.atom_charges().astype(float)
    dipoles = np.zeros((mol.natm, 3))
    for atom, (start, stop) in enumerate(mol.aoslice_by_atom()[:, 2:]):
        charges[atom] -= populations[start:stop].sum()
        with mol.with_common_orig(mol.atom_coord(atom)):
            moments = mol.intor("int1e_r")
        dipoles[atom] = -np.einsum("xij,ji->x", moments[:, start:stop], density[:, start:stop])
    return charges, dipoles * Bohr


def _total_dipole(mf: scf.hf.RHF) -> np.ndarray:
    mol = mf.mol
    electrons = np.einsum("xij,ji->x", mol.intor("int1e_r"), mf.make_rdm1())
    return (mol.atom_charges() @ mol.atom_coords() - electrons) * Bohr


def _middle_of_gap(mf: scf.hf.RHF) -> float:
    occupied = mf.mo_occ > 0
    return float((mf.mo_energy[occupied].max() + mf.mo_energy[~occupied].min()) / 2 * Hartree)
