"""The shipped loss terms, one file for each physical family."""

from __future__ import annotations

from mace_scf.loss.term import Term

from . import (
    charge,
    cluster,
    dipole,
    energy,
    fermi,
    forces,
    fourier,
    multipoles,
    polarizability,
    potential,
    stability,
    stress,
)

SHIPPED: tuple[Term, ...] = (
    *energy.TERMS,
    *forces.TERMS,
    *stress.TERMS,
    *multipoles.TERMS,
    *charge.TERMS,
    *dipole.TERMS,
    *polarizability.TERMS,
    *fermi.TERMS,
    *potential.TERMS,
    *cluster.TERMS,
    *stability.TERMS,
    *fourier.TERMS,
)
