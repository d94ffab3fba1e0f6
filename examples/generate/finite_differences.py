"""Do the labels of a shipped file belong together? Derivatives of fresh energies against the labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms

from generate import bulk, quantum, xtb

CLUSTER_STEP = 1e-3  # Å or V/Å

# The periodic energy jumps by about 1e-7 eV whenever a pair crosses one of the method's cutoffs. A moved atom
# takes short steps, so that this happens seldom; a strain moves all pairs, and long steps average over it.
BULK_STEP = 1e-4  # Å
STRAIN_STEP = 1e-3


COULOMB = 14.3996454  # eV Å, between two unit charges
LONG_CELLS = (100.0, 200.0, 400.0)  # Å; longer than those of the labels, for a second opinion


def check(path: Path, labelled_by: str) -> dict[str, float]:
    """Largest deviation per label over some frames of a file, in the label's unit.

    These are the first and the last frame of each kind of periodicity in the file.
    """
    kinds: dict[tuple[bool, ...], list[Atoms]] = {}
    for frame in ase.io.iread(path, index=":"):
        kinds.setdefault(tuple(frame.pbc), []).append(frame)
    found = [_CHECKS[labelled_by](frame) for frames in kinds.values() for frame in (frames[0], frames[-1])]
    names = dict.fromkeys(name for result in found for name in result)
    return {name: max(result[name] for result in found if name in result) for name in names}


def _check_cluster(atoms: Atoms) -> dict[str, float]:
    field = np.asarray(atoms.info.get("external_field", np.zeros(3)))
    charge = round(atoms.info["total_charge"])

    def at_positions(positions: np.ndarray) -> float:
        return quantum.energy(atoms.numbers, positions, charge, field)

    def at_field(probe: np.ndarray) -> float:
        return quantum.energy(atoms.numbers, atoms.positions, charge, probe)

    return {
        "REF_forces": _force_deviation(atoms, at_positions, CLUSTER_STEP),
        "REF_dipole": max(
            abs(_slope(at_field, field, axis, CLUSTER_STEP) - atoms.info["REF_dipole"][axis])
            for axis in range(3)
        ),
    }


def _check_bulk(atoms: Atoms) -> dict[str, float]:
    def at_positions(positions: np.ndarray) -> float:
        moved = atoms.copy()
        moved.positions = positions
        return bulk.calculated(moved).get_potential_energy()

    def at_strain(strain: np.ndarray) -> float:
        strained = atoms.copy()
        strained.set_cell(atoms.cell @ (np.eye(3) + strain), scale_atoms=True)
        return bulk.calculated(strained).get_potential_energy()

    stress = np.reshape(atoms.info["REF_stress"], (3, 3))
    deviations = [
        abs(_slope(at_strain, np.zeros((3, 3)), place, STRAIN_STEP) / atoms.get_volume() - stress[place])
        for place in ((0, 0), (1, 2), (2, 1))
    ]
    return {
        "REF_forces": _force_deviation(atoms, at_positions, BULK_STEP),
        "REF_stress": float(max(deviations)),
    }


def _check_tight_binding(atoms: Atoms) -> dict[str, float]:
    """Of a molecule, a slab or bulk, whichever its flags say."""
    charge = round(atoms.info["total_charge"])
    labels = {0: lambda one: xtb.molecule(one, charge), 2: xtb.slab, 3: xtb.bulk}[int(atoms.pbc.sum())]

    def at_positions(positions: np.ndarray) -> float:
        moved = atoms.copy()
        moved.positions = positions
        return labels(moved).energy

    forces = {"REF_forces": _force_deviation(atoms, at_positions, BULK_STEP)}
    return {**forces, **(_against_images(atoms) if atoms.pbc.sum() == 2 else {})}


def _against_images(atoms: Atoms) -> dict[str, float]:
    """A slab among its images has the energy −2πM²/V in leading order: M, without looking at any charge."""
    lengths = np.array(LONG_CELLS)
    energies = [xtb.bulk(xtb.in_cell(atoms, length)).energy for length in lengths]
    alone, leading, _ = np.linalg.solve(lengths[:, None] ** -np.arange(3.0), energies)
    area = np.linalg.norm(np.cross(*np.asarray(atoms.cell)[:2]))
    dipole = np.sqrt(max(-leading, 0.0) * area / (2 * np.pi * COULOMB))
    return {
        "REF_energy, with twice the vacuum": float(abs(alone - atoms.info["REF_energy"])),
        "REF_dipole along z, from the energy of images": float(
            abs(dipole - abs(atoms.info["REF_dipole"][2]))
        ),
    }


def _force_deviation(atoms: Atoms, energy: Callable[[np.ndarray], float], step: float) -> float:
    """Over all three components of the first and the last atom."""
    forces = atoms.arrays["REF_forces"]
    places = [(atom, axis) for atom in (0, len(atoms) - 1) for axis in range(3)]
    return float(max(abs(-_slope(energy, atoms.positions, place, step) - forces[place]) for place in places))


def _slope(function: Callable[[np.ndarray], float], point: np.ndarray, place: object, step: float) -> float:
    """Fourth-order central difference along one component."""
    return (
        sum(
            weight * function(_shifted(point, place, steps * step))
            for steps, weight in ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))
        )
        / step
    )


def _shifted(point: np.ndarray, place: object, by: float) -> np.ndarray:
    shifted = np.array(point, dtype=float)
    shifted[place] += by
    return shifted


_CHECKS = {"hartree_fock": _check_cluster, "gfn1": _check_bulk, "tight_binding": _check_tight_binding}
