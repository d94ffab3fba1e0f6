"""FixedPoint: charges that answer to the potential they make, in one of four training modes."""

from __future__ import annotations

from ..model import Carries, Conservation, LabelInput, Model, Provision, Recommendation, Refusal
from ..option import Condition
from .parts import (
    COMMON_GROUPS,
    ENERGY_AND_FORCES,
    FIELD_ECHO,
    FIELD_INPUT,
    MULTIPOLES_UP_TO_ONE,
    NO_STRESS,
)

MODES = ("direct", "unroll_scf", "implicit", "linearize_solve")

_DIRECT = Condition("mode", ("direct",))
_ITERATED = Condition("mode", ("unroll_scf", "implicit", "linearize_solve"))
_IMPLICIT = Condition("mode", ("implicit",))
_UNROLLED_OR_LINEARIZED = Condition("mode", ("unroll_scf", "linearize_solve"))
_CONSTANT_CHARGE = Condition("constant_charge", (True,))
_CONSTANT_LEVEL = Condition("constant_charge", (False,))
_LEVEL_FROM_DATA = Condition("initial_fermi_level", ("from_data",))
_LEVEL_ZERO = Condition("initial_fermi_level", ("zero",))
_SEVERAL_STEPS = Condition("num_scf_steps", (1,), negated=True)
_WITH_POTENTIALS = (
    Condition("return_electrostatic_potentials", (True,)),
    Condition("electrostatic_pbc_method", ("realspace",), negated=True),
)

_FERMI_LEVELS = (
    Provision(
        "fermi_level",
        (_ITERATED, _CONSTANT_CHARGE),
        reason="at constant charge the level is solved for",
    ),
    Provision(
        "fermi_level",
        (_DIRECT,),
        Carries.ECHO,
        "`direct` takes the reference Fermi level as input and hands it back",
    ),
    Provision(
        "fermi_level",
        (_ITERATED, _CONSTANT_LEVEL, _LEVEL_FROM_DATA),
        Carries.ECHO,
        "at constant Fermi level, started from the data, the reference is handed back",
    ),
    Provision(
        "fermi_level",
        (_UNROLLED_OR_LINEARIZED, _CONSTANT_LEVEL, _LEVEL_ZERO),
        Carries.CONSTANT,
        "at constant Fermi level, started at zero, the level stays at the offset",
    ),
    Provision(
        "fermi_level",
        (_IMPLICIT, _CONSTANT_LEVEL, _LEVEL_ZERO),
        Carries.ECHO,
        "`implicit` at constant Fermi level takes the reference, wherever it was told to start",
    ),
)

_POTENTIALS = (
    Provision("esps", _WITH_POTENTIALS),
    Provision(
        "esps_dft",
        _WITH_POTENTIALS,
        Carries.CONSTANT,
        "it is the potential of the reference multipoles, the target of `esps`",
    ),
)

_AVERAGE_NORMS = (Condition("field_feature_norms", ("average",)),)
_STATISTICS = "the normalisers of the potential features are statistics of the training labels"
_OTHER_NORMS = "write `field_feature_norms` as a list, or as `None`"
_INPUTS = (
    FIELD_INPUT,
    LabelInput(
        "atomic_multipoles",
        (_DIRECT,),
        "`direct` makes its potential from the reference multipoles",
        otherwise="train in another mode",
    ),
    LabelInput(
        "fermi_level",
        (_DIRECT,),
        "`direct` takes the reference Fermi level as input",
        otherwise="train in another mode",
    ),
    LabelInput(
        "atomic_multipoles",
        (_ITERATED, Condition("initial_density", ("from_data",))),
        "the iterations start from the reference multipoles",
        otherwise="set `initial_density: local_guess`",
    ),
    LabelInput(
        "fermi_level",
        (_ITERATED, _CONSTANT_LEVEL, _LEVEL_FROM_DATA),
        "at constant Fermi level, the level of every frame is its label",
        otherwise="set `initial_fermi_level: zero` and `fermi_level_offset`",
    ),
    LabelInput(
        "fermi_level",
        (_ITERATED, _CONSTANT_CHARGE, _LEVEL_FROM_DATA),
        "the iterations start from the reference level",
        certain=False,
        otherwise="set `initial_fermi_level: zero`",
    ),
    LabelInput(
        "fermi_level",
        (_IMPLICIT, _CONSTANT_LEVEL, _LEVEL_ZERO),
        "`implicit` at constant Fermi level takes the reference, wherever it was told to start",
    ),
    LabelInput("total_charge", (_ITERATED, _CONSTANT_CHARGE), "the charge is driven to the label"),
    LabelInput("atomic_multipoles", _AVERAGE_NORMS, _STATISTICS, certain=False, otherwise=_OTHER_NORMS),
    LabelInput("fermi_level", _AVERAGE_NORMS, _STATISTICS, certain=False, otherwise=_OTHER_NORMS),
    LabelInput(
        "atomic_multipoles",
        (Condition("atom_density_scaling", ("average",)),),
        "the density scales are statistics of the training labels",
        otherwise="write `atom_density_scaling` as a mapping, or as `None`",
    ),
    LabelInput(
        "fermi_level",
        (Condition("fermi_level_offset", (None,)),),
        "the offset is the mean level of the training labels",
        harmless=True,
    ),
)

_REFUSES = (
    NO_STRESS,
    MULTIPOLES_UP_TO_ONE,
    Refusal(
        (Condition("field_feature_max_l", (0, 1), negated=True),),
        "potential features beyond order 1 are not implemented",
        "when the model is built",
    ),
    Refusal(
        (_IMPLICIT, Condition("distributed", (True,))),
        "implicit gradients are not implemented for distributed training",
        "at start-up",
    ),
)


def _documented(stage: str, energy_weight: float) -> Recommendation:
    terms = (
        ("energy_per_atom", energy_weight),
        ("forces", 100.0),
        ("atomic_multipoles", 100.0),
        ("total_charge_per_atom", 1000.0),
        ("dipole_per_atom", 1.0e6),
    )
    return Recommendation(stage, terms, "MACE_SCF documentation, FixedPoint in direct, then in unroll_scf")


FIXED_POINT = Model(
    name="FixedPoint",
    doc="MACE with multipoles solved to self-consistency in the potential that they make.",
    family="scf",
    electrostatic=True,
    modes=MODES,
    provides=(
        *ENERGY_AND_FORCES,
        Provision("contributions"),
        Provision("density_coefficients"),
        Provision("dipole"),
        *_FERMI_LEVELS,
        FIELD_ECHO,
        Provision(
            "charges_history",
            (_ITERATED, _SEVERAL_STEPS),
            Carries.DETACHED,
            "the history of the iterations is cut from the graph",
        ),
        Provision("electrostatic_energy"),
        Provision("electron_energy"),
        Provision("electrostatic_features"),
        Provision("field_independent_charge_density"),
        *_POTENTIALS,
    ),
    conserves=(
        Conservation(
            "total_charge",
            (_ITERATED, _CONSTANT_CHARGE),
            "at constant charge the iteration drives the sum to the `total_charge` label, to about 0.001 e",
            exact=False,
        ),
    ),
    inputs=_INPUTS,
    refuses=_REFUSES,
    parameter_groups=(
        *COMMON_GROUPS,
        "lr_source_maps",
        "field_dependent_charges_map",
        "local_electron_energy",
        "layer_feature_mixer",
    ),
    recommended=(_documented("first", 10.0), _documented("second", 1000.0)),
)
