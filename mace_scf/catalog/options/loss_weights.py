"""Loss options of plain mace: the trainer weighs terms in the `loss` of each stage."""

from __future__ import annotations

from functools import partial

from ..option import Kind, Option, State
from .common import MACE

_ignored = partial(Option, kind=Kind.NUMBER, state=State.INERT, group="loss weights", source=MACE)
_weight = partial(_ignored, because="every stage weighs its own terms under `loss`")

_ENERGY = "train_schedule.<stage>.loss.energy_per_atom"
_FORCES = "train_schedule.<stage>.loss.forces"
_STRESS = "train_schedule.<stage>.loss.stress"
_DIPOLE = "train_schedule.<stage>.loss.dipole"
_POLARIZABILITY = "train_schedule.<stage>.loss.polarizability"

LOSS_WEIGHTS: tuple[Option, ...] = (
    Option(
        "loss",
        Kind.STRING,
        "Form of the loss in plain mace, which this trainer does not know.",
        state=State.REMOVED,
        group="loss weights",
        because="every stage names its own loss terms",
        instead="train_schedule.<stage>.loss",
        source=MACE,
    ),
    _weight("energy_weight", doc="Energy weight of plain mace.", default=1.0, instead=_ENERGY),
    _weight("forces_weight", doc="Forces weight of plain mace.", default=100.0, instead=_FORCES),
    _weight("virials_weight", doc="Virials weight of plain mace.", default=1.0, instead=_STRESS),
    _weight("stress_weight", doc="Stress weight of plain mace.", default=1.0, instead=_STRESS),
    _weight("dipole_weight", doc="Dipole weight of plain mace.", default=1.0, instead=_DIPOLE),
    _weight(
        "polarizability_weight",
        doc="Polarizability weight of plain mace.",
        default=1.0,
        instead=_POLARIZABILITY,
    ),
    _weight(
        "swa_energy_weight",
        doc="Energy weight in the second stage of plain mace.",
        default=1000.0,
        aliases=("stage_two_energy_weight",),
        instead=_ENERGY,
    ),
    _weight(
        "swa_forces_weight",
        doc="Forces weight in the second stage of plain mace.",
        default=100.0,
        aliases=("stage_two_forces_weight",),
        instead=_FORCES,
    ),
    _weight(
        "swa_virials_weight",
        doc="Virials weight in the second stage of plain mace.",
        default=10.0,
        aliases=("stage_two_virials_weight",),
        instead=_STRESS,
    ),
    _weight(
        "swa_stress_weight",
        doc="Stress weight in the second stage of plain mace.",
        default=10.0,
        aliases=("stage_two_stress_weight",),
        instead=_STRESS,
    ),
    _weight(
        "swa_dipole_weight",
        doc="Dipole weight in the second stage of plain mace.",
        default=1.0,
        aliases=("stage_two_dipole_weight",),
        instead=_DIPOLE,
    ),
    _weight(
        "swa_polarizability_weight",
        doc="Polarizability weight in the second stage of plain mace.",
        default=1.0,
        aliases=("stage_two_polarizability_weight",),
        instead=_POLARIZABILITY,
    ),
    _ignored(
        "huber_delta",
        doc="Width of the quadratic part of the Huber losses of plain mace.",
        default=0.01,
        because="no loss term reads a top-level Huber width",
    ),
)
