"""A tight-binding Hamiltonian that is the same for molecules, slabs and bulk: GFN1-xTB with one number changed.

Between two charges GFN1-xTB has (r^p + g^-p)^(-1/p) with p = 2, which differs from 1/r by a tail in 1/r³. A
lattice sum of that tail does not converge: it grows with the logarithm of the cutoff, and with vacuum in the
cell its energy changes by half an eV when the vacuum doubles. With p = 4 the tail falls as 1/r⁵ and the sum is
done. Bonds are a little more ionic then. Everything else is GFN1-xTB; Γ is the only k-point.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from ase import Atoms
from ase.units import Bohr, Hartree
from tblite import library
from tblite.interface import Calculator

METHOD = "GFN1-xTB with charge exponent 4"
EXPONENT = 4.0
ELEMENTS = ("H", "O", "Na", "Cl")
ACCURACY = 0.01  # of tblite's defaults; far below the labels' digits

# Å, third vector of the three cells from which a slab's labels are extrapolated to infinite vacuum.
VACUUM_CELLS = (50.0, 100.0, 200.0)


@dataclass(frozen=True)
class Labels:
    """What a calculation yields; all of it is linear, so that labels can be extrapolated.

    Args:
        energy: eV.
        forces: eV/Å, (n_atoms, 3).
        charges: Mulliken charges, e, (n_atoms,).
    """

    energy: float
    forces: np.ndarray
    charges: np.ndarray

    def dipole(self, positions: np.ndarray) -> np.ndarray:
        """Of the charges, which are all that the electrostatics of this method knows; e Å, (3,)."""
        return self.charges @ positions


def molecule(atoms: Atoms, charge: int = 0) -> Labels:
    """Nothing is periodic, whatever the flags of the atoms."""
    return _labels(Calculator(_parameters(), atoms.numbers, atoms.positions / Bohr, charge=charge))


def bulk(atoms: Atoms) -> Labels:
    """All three axes are periodic."""
    lattice = np.asarray(atoms.cell) / Bohr
    flags = np.array([True] * 3)
    return _labels(
        Calculator(_parameters(), atoms.numbers, atoms.positions / Bohr, lattice=lattice, periodic=flags)
    )


def slab(atoms: Atoms) -> Labels:
    """Periodic along the first two axes, and alone along z: the limit of infinite vacuum.

    Between a slab of dipole M and its images the energy is −2πM²/V and higher powers of 1/V, since the dipole
    answers to the images. Three cells take out the first two powers; the same sum of their forces is the exact
    derivative of the same sum of their energies.
    """
    cells = [bulk(in_cell(atoms, length)) for length in VACUUM_CELLS]
    weights = _weights(np.array(VACUUM_CELLS))
    return Labels(
        energy=float(sum(weight * one.energy for weight, one in zip(weights, cells, strict=True))),
        forces=sum(weight * one.forces for weight, one in zip(weights, cells, strict=True)),
        charges=sum(weight * one.charges for weight, one in zip(weights, cells, strict=True)),
    )


def in_cell(atoms: Atoms, length: float) -> Atoms:
    """The same slab with a third vector of this length along z, in Å."""
    copied = atoms.copy()
    copied.set_cell([*np.asarray(atoms.cell)[:2], [0.0, 0.0, length]], scale_atoms=False)
    return copied


def atom_energy(symbol: str, unpaired: int) -> float:
    """Energy of the free atom in eV: its E0."""
    atom = Atoms(symbol)
    return _labels(Calculator(_parameters(), atom.numbers, atom.positions, uhf=unpaired)).energy


def _weights(lengths: np.ndarray) -> np.ndarray:
    """Those of the constant in a polynomial in 1/length through as many points."""
    powers = lengths[:, None] ** -np.arange(len(lengths), dtype=float)
    return np.linalg.inv(powers)[0]


def _labels(calculator: Calculator) -> Labels:
    calculator.set("verbosity", 0)
    calculator.set("accuracy", ACCURACY)
    result = calculator.singlepoint()
    return Labels(
        energy=float(result.get("energy") * Hartree),
        forces=-result.get("gradient") * Hartree / Bohr,
        charges=result.get("charges"),
    )


@cache
def _parameters() -> dict[str, Any]:
    """The published parameters of the elements in use, with the exponent changed."""
    parameters = copy.deepcopy(_published())
    parameters["charge"]["effective"]["gexp"] = EXPONENT
    parameters["element"] = {symbol: parameters["element"][symbol] for symbol in ELEMENTS}
    pairs = parameters["hamiltonian"]["xtb"]["kpair"]
    kept = {pair: scale for pair, scale in pairs.items() if {*pair.split("-")} <= {*ELEMENTS}}
    parameters["hamiltonian"]["xtb"]["kpair"] = kept
    return parameters


def _published() -> dict[str, Any]:
    parameters, table = library.new_param(), library.new_table()
    library.export_gfn1_param(parameters)
    library.dump_param(parameters, table)
    return library.table_to_dict(table)
