"""Periodic rock salt labelled by GFN1-xTB: energy, forces, stress and Mulliken charges.

GFN1-xTB and not GFN2-xTB: in periodic cells its analytic forces agree with finite differences to 1e-7 eV/Å
unless a pair crosses a cutoff, those of GFN2-xTB (tblite 0.8) only to 1e-3. Γ is the only k-point.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from ase import Atoms
from ase.build import bulk
from tblite.ase import TBLite

from generate.frame import POSITION_DECIMALS, Frame

METHOD = "GFN1-xTB"

LATTICE_CONSTANT = 5.47  # Å, near this method's minimum
VOLUME_STRAIN = 0.03  # isotropic, uniform up to this fraction of the length, both ways
SHAPE_STRAIN = 0.015  # standard deviation of each strain component
RATTLE = (0.05, 0.14)  # Å, range of the standard deviation per coordinate, drawn for each frame


def frames(count: int, rng: np.random.Generator) -> Iterator[Frame]:
    """So many strained and rattled 64-atom supercells."""
    for _ in range(count):
        yield _labelled(deformed_salt(rng, LATTICE_CONSTANT))


def calculated(atoms: Atoms) -> Atoms:
    """A copy with the example's calculator, converged far below the labels' digits."""
    copy = atoms.copy()
    copy.calc = TBLite(method=METHOD, accuracy=0.01, verbosity=0)
    return copy


def atom_energy(symbol: str) -> float:
    """Energy of the free atom, one unpaired electron, in eV: its E0."""
    atom = Atoms(symbol)
    atom.calc = TBLite(method=METHOD, multiplicity=2, accuracy=0.01, verbosity=0)
    return float(atom.get_potential_energy())


def deformed_salt(rng: np.random.Generator, lattice_constant: float) -> Atoms:
    """A 64-atom supercell, strained in volume and shape, rattled, and wrapped into its cell."""
    salt = bulk("NaCl", "rocksalt", a=lattice_constant, cubic=True) * (2, 2, 2)
    strain = rng.normal(0.0, SHAPE_STRAIN, (3, 3))
    strain = (strain + strain.T) / 2 + rng.uniform(-VOLUME_STRAIN, VOLUME_STRAIN) * np.eye(3)
    salt.set_cell((salt.cell @ (np.eye(3) + strain)).round(POSITION_DECIMALS), scale_atoms=True)
    salt.positions += rng.normal(0.0, rng.uniform(*RATTLE), salt.positions.shape)
    salt.wrap()
    salt.positions = salt.positions.round(POSITION_DECIMALS)
    return salt


def _labelled(atoms: Atoms) -> Frame:
    atoms = calculated(atoms)
    info = {
        "REF_energy": atoms.get_potential_energy(),
        "REF_stress": atoms.get_stress(voigt=False),  # +(1/V) dE/d(strain): tension is positive
        "total_charge": 0,
        "config_type": "rocksalt",
    }
    columns = {"REF_forces": atoms.get_forces(), "REF_multipoles": atoms.get_charges()}
    return Frame(atoms.numbers, atoms.positions, np.asarray(atoms.cell), True, info, columns)
