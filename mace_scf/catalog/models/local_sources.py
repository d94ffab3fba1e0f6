"""Models whose charges follow from the neighbourhood alone: split charges, local charges, fixed charges."""

from __future__ import annotations

from ..model import Carries, Conservation, LabelInput, Model, Provision, Recommendation
from ..option import Condition
from .parts import (
    COMMON_GROUPS,
    DISPLACEMENT,
    ENERGY_AND_FORCES,
    FIELD_ECHO,
    FIELD_INPUT,
    LOCAL_SOURCES,
    MULTIPOLES_UP_TO_ONE,
    STRESS,
)

_SHARED = (
    *ENERGY_AND_FORCES,
    *STRESS,
    Provision("node_energy"),
    Provision("contributions"),
    DISPLACEMENT,
    FIELD_ECHO,
)
_POLARIZABILITY_ON = Condition("compute_polarizability", (True,))
_FORMAL_CHARGES_READ = LabelInput(
    "charges",
    (Condition("formal_charges_from_data", (True,)),),
    "the formal charges are read from the frames",
    otherwise="give `atomic_formal_charges` for every element",
)
_FIXED = "the charges are the formal charges, which no parameter changes"

LOCAL_SPLIT_CHARGES = Model(
    name="LocalSplitCharges",
    doc="MACE with charges that flow along bonds, starting from formal charges.",
    family="local-source",
    electrostatic=True,
    provides=(
        *_SHARED,
        Provision("density_coefficients"),
        Provision("dipole"),
        Provision("polarizability", (_POLARIZABILITY_ON,)),
    ),
    conserves=(
        Conservation("total_charge", reason="charge moves along bonds, so the formal charges keep their sum"),
    ),
    inputs=(_FORMAL_CHARGES_READ, FIELD_INPUT),
    refuses=(MULTIPOLES_UP_TO_ONE,),
    parameter_groups=(*COMMON_GROUPS, "lr_source_maps", "polarizability_readouts"),
    conditional_groups=(("polarizability_readouts", (_POLARIZABILITY_ON,)),),
    needs_formal_charges=True,
    recommended=LOCAL_SOURCES,
)

LOCAL_CHARGES = Model(
    name="LocalCharges",
    doc="MACE with multipoles read out from each atom; nothing fixes their sum.",
    family="local-source",
    electrostatic=True,
    provides=(*_SHARED, Provision("density_coefficients"), Provision("dipole")),
    inputs=(FIELD_INPUT,),
    refuses=(MULTIPOLES_UP_TO_ONE,),
    parameter_groups=(*COMMON_GROUPS, "lr_source_maps"),
    recommended=LOCAL_SOURCES,
)

FIXED_CHARGE_BASELINED_MACE = Model(
    name="FixedChargeBaselinedMACE",
    doc="MACE on top of the Coulomb energy of fixed formal charges.",
    family="local-source",
    electrostatic=True,
    provides=(
        *_SHARED,
        Provision(
            "density_coefficients",
            (Condition("atomic_multipoles_max_l", (0,)),),
            carries=Carries.CONSTANT,
            reason=_FIXED,
        ),
        Provision("density_coefficients", carries=Carries.CONSTANT, reason=_FIXED, columns="charges"),
        Provision("dipole", carries=Carries.CONSTANT, reason=_FIXED),
    ),
    conserves=(Conservation("total_charge", reason="the formal charges and so their sum are fixed"),),
    inputs=(_FORMAL_CHARGES_READ, FIELD_INPUT),
    parameter_groups=COMMON_GROUPS,
    needs_formal_charges=True,
    recommended=(
        Recommendation(
            "first",
            (("energy_per_atom", 1.0), ("forces", 100.0)),
            "MACE_SCF documentation, training local-source models, without terms on the fixed charges",
        ),
        Recommendation(
            "second",
            (("energy_per_atom", 1000.0), ("forces", 100.0)),
            "MACE_SCF documentation, training local-source models, without terms on the fixed charges",
        ),
    ),
)
