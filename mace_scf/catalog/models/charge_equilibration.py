"""MACEQEq: charges from learned electronegativities and hardnesses, under a fixed sum."""

from __future__ import annotations

from ..model import Carries, Conservation, LabelInput, Model, Provision, Refusal
from ..option import Condition
from .parts import (
    COMMON_GROUPS,
    ENERGY_AND_FORCES,
    FIELD_INPUT,
    MULTIPOLES_UP_TO_ONE,
    NO_STRESS,
)

_HARDNESS_TRAINED = Condition("train_hardness", (True,))
_HARDNESS_FIXED = Condition("train_hardness", (False,))

MACE_QEQ = Model(
    name="MACEQEq",
    doc="MACE with charges that equilibrate between atoms of learned electronegativity and hardness.",
    family="charge-equilibration",
    electrostatic=True,
    provides=(
        *ENERGY_AND_FORCES,
        Provision("contributions"),
        Provision("density_coefficients", (Condition("atomic_multipoles_max_l", (0,)),)),
        Provision("density_coefficients", columns="charges"),
        Provision("dipole"),
        Provision("enegs"),
        Provision("hardness", (_HARDNESS_TRAINED,)),
        Provision(
            "hardness",
            (_HARDNESS_FIXED,),
            Carries.CONSTANT,
            "without `train_hardness` it stays at its start value",
        ),
        Provision("qeq_energy"),
    ),
    conserves=(
        Conservation("total_charge", reason="the charges are solved to add up to the `total_charge` label"),
    ),
    inputs=(
        FIELD_INPUT,
        LabelInput("total_charge", reason="it is the constraint on the charges"),
        LabelInput(
            "enegs",
            (Condition("read_enegs", (True,)),),
            "the electronegativities start from it",
            otherwise="leave `read_enegs` out",
        ),
        LabelInput(
            "hardness",
            (Condition("read_hardness", (True,)),),
            "the hardnesses start from it",
            otherwise="leave `read_hardness` out",
        ),
    ),
    refuses=(
        NO_STRESS,
        MULTIPOLES_UP_TO_ONE,
        Refusal(
            (Condition("atomic_multipoles_max_l", (1,)),),
            "its one column of charges does not fit the four columns of order 1",
            "at the first batch",
            certain=False,
        ),
    ),
    parameter_groups=(*COMMON_GROUPS, "enegs_readouts", "hardness_readouts"),
)
