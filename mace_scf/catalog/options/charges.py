"""Formal charges, charge transfer and polarizability of the local-source models."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option
from .common import ADDED, FORMAL_CHARGES_ONLY, REDEFINED, SPLIT_CHARGES_ONLY

_formal = partial(Option, group="charges", source=ADDED, only_if=(FORMAL_CHARGES_ONLY,))
_split = partial(Option, group="charges", source=ADDED, only_if=(SPLIT_CHARGES_ONLY,))

CHARGES: tuple[Option, ...] = (
    _formal(
        "atomic_formal_charges",
        Kind.LITERAL,
        "Formal charge of every element by atomic number; it must name exactly the elements of the data.",
        default="{}",
        unit="e",
        not_if=(Condition("formal_charges_from_data", (True,)),),
    ),
    _formal(
        "formal_charges_from_data",
        Kind.FLAG,
        "Takes formal charges per atom from the property `charges`; frames that lack it get zeros.",
        default=False,
    ),
    _formal(
        "use_linear_final_readout",
        Kind.FLAG,
        "Makes the last energy readout linear.",
        default=False,
    ),
    _split(
        "static_bond_transfer_block",
        Kind.STRING,
        "Block that predicts how much charge flows along a bond.",
        default="OxidationDependentSymmetricPredictionSourceBlock",
        known=(
            "OxidationDependentSymmetricPredictionSourceBlock",
            "NoFieldSymmetricPredictionSourceBlock",
        ),
    ),
    _split(
        "oxidation_state_mixer",
        Kind.STRING,
        "How oxidation states enter the atomic features; its weights are in no parameter group and stay as "
        "they start.",
        default="SumOxidationStateMixer",
        known=("SumOxidationStateMixer", "NoOxidationStateMixer", "ProductOxidationStateMixer"),
    ),
    _split(
        "oxidation_state_range",
        Kind.LITERAL,
        "Lowest and highest oxidation state of the embedding; the bond block keeps its own -4 to 4.",
        default="(-6.0, 6.0)",
        unit="e",
    ),
    Option(
        "compute_polarizability",
        Kind.STRICT_BOOLEAN,
        "Lets LocalSplitCharges return the polarizability; it takes a value, although documentation shows a "
        "bare switch.",
        default=True,
        only_if=(SPLIT_CHARGES_ONLY,),
        group="charges",
        source=REDEFINED,
    ),
)
