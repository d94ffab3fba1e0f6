"""Smeared multipoles, the Coulomb sum and its boundary conditions."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option, State
from .common import ADDED, ELECTROSTATIC_ONLY, FIXED_POINT_ONLY

_electrostatics = partial(Option, group="electrostatics", source=ADDED)

ELECTROSTATICS: tuple[Option, ...] = (
    _electrostatics(
        "atomic_multipoles_max_l",
        Kind.INTEGER,
        "Order of the multipoles on each atom: 0 for charges, 1 for charges and dipoles; MACEQEq needs 0, "
        "and electrostatic models know nothing higher than 1.",
        default=1,
        minimum=0,
    ),
    _electrostatics(
        "atomic_multipoles_smearing_width",
        Kind.NUMBER,
        "Width of the Gaussian that stands for the charge of an atom; narrower ones need more reciprocal "
        "vectors.",
        default=1.5,
        unit="Å",
        minimum=0,
        exclusive_minimum=True,
        only_if=(ELECTROSTATIC_ONLY,),
    ),
    _electrostatics(
        "kspace_cutoff_factor",
        Kind.NUMBER,
        "Scales the cutoff in reciprocal space; raise it when the Coulomb energy is not converged. Versions "
        "before this one, and the documentation, start from 1.25.",
        default=1.0,
        minimum=0,
        exclusive_minimum=True,
        only_if=(ELECTROSTATIC_ONLY,),
    ),
    _electrostatics(
        "electrostatic_pbc_method",
        Kind.STRING,
        "Boundary treatment of the Coulomb sum; the periodicity of every frame is checked against it, "
        "whatever the model.",
        default="mixed_periodic",
        choices=("realspace", "pbc", "slab", "molecule_in_box", "mixed_periodic", "auto"),
        choice_docs=(
            "direct sum, molecules only (FFF)",
            "bulk only (TTT)",
            "slabs only, vacuum along z (TTF)",
            "molecules in a box of 30-40 Å (FFF)",
            "bulk, slabs and molecules together (TTT, TTF, FFF)",
            "chosen per frame, periodicity unchecked",
        ),
    ),
    _electrostatics(
        "include_electrostatic_self_interaction",
        Kind.STRICT_BOOLEAN,
        "Keeps the energy of each smeared charge with itself in the Coulomb energy.",
        default=True,
        only_if=(ELECTROSTATIC_ONLY,),
    ),
    _electrostatics(
        "quadrupole_feature_corrections",
        Kind.FLAG,
        "Corrects the potential features of FixedPoint for the shape of the box.",
        default=False,
        only_if=(FIXED_POINT_ONLY,),
    ),
    _electrostatics(
        "low_density_pbc_max_volume_per_atom",
        Kind.NUMBER,
        "Largest volume per atom of a frame that is periodic in three directions; beyond it loading stops, "
        "since such a cell is more often a molecule with wrong flags.",
        default=100.0,
        unit="Å³/atom",
        minimum=0,
        exclusive_minimum=True,
        not_if=(Condition("allow_low_density_pbc", (True,)),),
        because="`allow_low_density_pbc` skips the check",
    ),
    _electrostatics(
        "allow_low_density_pbc",
        Kind.FLAG,
        "Skips the check of the volume per atom of bulk frames; for true low-density materials.",
        default=False,
    ),
    _electrostatics(
        "override_pbc_checks",
        Kind.FLAG,
        "Skips the check of periodicity against the boundary method; wrong flags then go unnoticed.",
        default=False,
    ),
    _electrostatics(
        "dont_include_pbc_corrections",
        Kind.FLAG,
        "Announces a Coulomb sum without box corrections.",
        default=False,
        state=State.INERT,
        because="no model reads it",
        instead="electrostatic_pbc_method",
    ),
)
