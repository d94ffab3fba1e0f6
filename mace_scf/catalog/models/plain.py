"""The two models of mace itself: no charges, no field."""

from __future__ import annotations

from ..model import Model, Provision, Refusal
from ..option import Condition
from .parts import COMMON_GROUPS, DISPLACEMENT, ENERGY_AND_FORCES, MACE_DEFAULTS, STRESS

_SHARED = (*ENERGY_AND_FORCES, *STRESS, Provision("node_energy"), Provision("node_feats"), DISPLACEMENT)

MACE = Model(
    name="MACE",
    doc="Plain MACE: energies of atoms from their neighbourhoods, without charges.",
    family="plain",
    electrostatic=False,
    provides=(*_SHARED, Provision("contributions")),
    parameter_groups=COMMON_GROUPS,
    recommended=MACE_DEFAULTS,
)

SCALE_SHIFT_MACE = Model(
    name="ScaleShiftMACE",
    doc="Plain MACE whose interaction energy is scaled and shifted by statistics of the training set.",
    family="plain",
    electrostatic=False,
    provides=(*_SHARED, Provision("interaction_energy")),
    refuses=(
        Refusal(
            (Condition("scaling", ("no_scaling",)),),
            "the model cannot be built without a scaling rule",
            "when the model is built",
        ),
    ),
    parameter_groups=COMMON_GROUPS,
    recommended=MACE_DEFAULTS,
)
