"""Pieces that several models share: outputs, parameter groups, refusals, documented weights."""

from __future__ import annotations

from ..model import Carries, LabelInput, Provision, Recommendation, Refusal
from ..option import Condition

COMMON_GROUPS = ("embedding", "interactions_decay", "interactions_no_decay", "products", "readouts")

STRESS_ON = Condition("compute_stress", (True,))

ENERGY_AND_FORCES = (Provision("energy"), Provision("forces"))

STRESS = (Provision("stress", (STRESS_ON,)), Provision("virials", (STRESS_ON,)))

DISPLACEMENT = Provision("displacement", carries=Carries.CONSTANT, reason="it is a tensor of zeros")

FIELD_ECHO = Provision("external_field", carries=Carries.ECHO, reason="the input field is handed back")

FIELD_INPUT = LabelInput("external_field", reason="the field on the frame enters the energy", harmless=True)

NO_STRESS = Refusal(
    (STRESS_ON,),
    "the stress path differentiates by a displacement that carries no gradient",
    "at the first batch",
)

MULTIPOLES_UP_TO_ONE = Refusal(
    (Condition("atomic_multipoles_max_l", (0, 1), negated=True),),
    "multipoles beyond order 1 are not implemented",
    "when the model is built",
)

MACE_DEFAULTS = (
    Recommendation(
        "first",
        (("energy_per_atom", 1.0), ("forces", 100.0)),
        "mace's default weights; with `compute_stress: true` it adds stress with 1",
    ),
    Recommendation(
        "second",
        (("energy_per_atom", 1000.0), ("forces", 100.0)),
        "mace's default second stage; with `compute_stress: true` it adds stress with 10",
    ),
)

LOCAL_SOURCES = (
    Recommendation(
        "first",
        (("energy_per_atom", 1.0), ("forces", 100.0), ("atomic_multipoles", 100.0), ("dipole_per_atom", 1.0)),
        "MACE_SCF documentation, training local-source models",
    ),
    Recommendation(
        "second",
        (
            ("energy_per_atom", 1000.0),
            ("forces", 100.0),
            ("atomic_multipoles", 100.0),
            ("dipole_per_atom", 10.0),
        ),
        "MACE_SCF documentation, training local-source models",
    ),
)
