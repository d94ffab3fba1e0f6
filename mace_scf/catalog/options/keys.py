"""Options for the file keys of labels, which exist only to be refused: keys belong in `heads`."""

from __future__ import annotations

from functools import partial

from ..option import Kind, Option, State
from .common import ADDED, MACE

_rejected = partial(
    Option,
    kind=Kind.STRING,
    state=State.REJECTED,
    group="file keys",
    because="the trainer stops at start-up when an option ending in `_key` is given",
)
_mace = partial(_rejected, source=MACE)
_added = partial(_rejected, source=ADDED)

KEYS: tuple[Option, ...] = (
    _mace("energy_key", doc="File key of the total energy.", instead="heads.<head>.info_keys.energy"),
    _mace("forces_key", doc="File key of the forces.", instead="heads.<head>.arrays_keys.forces"),
    _mace("virials_key", doc="File key of the virials.", instead="heads.<head>.info_keys.virials"),
    _mace("stress_key", doc="File key of the stress.", instead="heads.<head>.info_keys.stress"),
    _mace("dipole_key", doc="File key of the dipole.", instead="heads.<head>.info_keys.dipole"),
    _mace(
        "polarizability_key",
        doc="File key of the polarizability.",
        instead="heads.<head>.info_keys.polarizability",
    ),
    _mace("head_key", doc="File key of the head of a frame.", instead="heads.<head>.info_keys.head"),
    _mace("charges_key", doc="File key of the atomic charges.", instead="heads.<head>.arrays_keys.charges"),
    _mace(
        "elec_temp_key",
        doc="File key of the electronic temperature.",
        instead="heads.<head>.info_keys.elec_temp",
    ),
    _mace("total_spin_key", doc="File key of the total spin.", instead="heads.<head>.info_keys.total_spin"),
    _mace(
        "total_charge_key",
        doc="File key of the total charge.",
        instead="heads.<head>.info_keys.total_charge",
    ),
    _added(
        "atomic_multipoles_key",
        doc="File key of the atomic multipoles.",
        instead="heads.<head>.arrays_keys.atomic_multipoles",
    ),
    _added(
        "electrostatic_potentials_key",
        doc="File key of the atomic electrostatic potentials.",
        instead="heads.<head>.arrays_keys.electrostatic_potentials",
    ),
    _added(
        "external_field_key",
        doc="File key of the external field.",
        instead="heads.<head>.info_keys.external_field",
    ),
    _added(
        "fermi_level_key",
        doc="File key of the Fermi level.",
        instead="heads.<head>.info_keys.fermi_level",
    ),
    _added(
        "enegs_key",
        doc="File key of the electronegativities.",
        instead="heads.<head>.arrays_keys.enegs",
    ),
)
