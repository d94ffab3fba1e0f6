"""The network: which model, how far it looks, how large it is and what it outputs."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option
from .common import MACE, REDEFINED

_mace = partial(Option, group="model", source=MACE)

_FIRST_LAYER_BLOCKS = (
    "RealAgnosticResidualInteractionBlock",
    "RealAgnosticInteractionBlock",
    "RealAgnosticDensityInteractionBlock",
    "RealAgnosticDensityResidualInteractionBlock",
    "RealAgnosticResidualNonLinearInteractionBlock",
)
_LATER_LAYER_BLOCKS = (
    "RealAgnosticResidualInteractionBlock",
    "RealAgnosticAttResidualInteractionBlock",
    "RealAgnosticInteractionBlock",
    "RealAgnosticDensityInteractionBlock",
    "RealAgnosticDensityResidualInteractionBlock",
    "RealAgnosticResidualNonLinearInteractionBlock",
)

MODEL: tuple[Option, ...] = (
    Option(
        "model",
        Kind.STRING,
        "Model family; it decides which loss terms can be served.",
        default="MACE",
        choices=(
            "MACE",
            "ScaleShiftMACE",
            "LocalSplitCharges",
            "LocalCharges",
            "FixedChargeBaselinedMACE",
            "FixedPoint",
            "MACEQEq",
        ),
        choice_docs=(
            "short-ranged, no charges",
            "short-ranged, no charges, energies scaled and shifted",
            "charge transfer along bonds: keeps the total formal charge; polarizability",
            "charges and dipoles of each atom from its neighbourhood",
            "fixed formal charges beneath a short-ranged model",
            "self-consistent charges and Fermi level; stages choose the mode; no stress",
            "charge equilibration with learned electronegativities; no stress",
        ),
        group="model",
        source=REDEFINED,
    ),
    _mace(
        "r_max",
        Kind.NUMBER,
        "Distance up to which two atoms are neighbours; larger cutoffs see further and cost more.",
        default=5.0,
        unit="Å",
        minimum=0,
        exclusive_minimum=True,
    ),
    _mace(
        "num_interactions",
        Kind.INTEGER,
        "Number of message-passing layers; the receptive field is this many cutoffs.",
        default=2,
        minimum=1,
    ),
    _mace(
        "hidden_irreps",
        Kind.IRREPS,
        "Features of an atom between layers, all with one multiplicity; give either this or both "
        "`num_channels` and `max_L`.",
        not_if=(Condition("num_channels", (None,), negated=True), Condition("max_L", (None,), negated=True)),
        because="`num_channels` and `max_L` together win over it",
    ),
    _mace(
        "num_channels",
        Kind.INTEGER,
        "Number of feature channels of each symmetry; it counts only together with `max_L`.",
        minimum=1,
    ),
    _mace(
        "max_L",
        Kind.INTEGER,
        "Highest symmetry order of the features; it counts only together with `num_channels`.",
        minimum=0,
    ),
    _mace(
        "max_ell",
        Kind.INTEGER,
        "Highest order of the spherical harmonics on edges; more angular detail costs more.",
        default=3,
        minimum=0,
    ),
    _mace(
        "correlation",
        Kind.INTEGER,
        "Number of neighbour features multiplied in one layer; the body order is one more.",
        default=3,
        minimum=1,
    ),
    _mace(
        "MLP_irreps",
        Kind.IRREPS,
        "Hidden features of the last readout; FixedPoint with its non-linear charge head has no local "
        "dipoles without a `1o` part here.",
        default="16x0e",
    ),
    _mace(
        "radial_MLP",
        Kind.LITERAL,
        "Widths of the layers that turn a distance into message weights.",
        default="[64, 64, 64]",
    ),
    _mace(
        "radial_type",
        Kind.STRING,
        "Functions in which distances are expanded.",
        default="bessel",
        choices=("bessel", "gaussian", "chebyshev"),
    ),
    _mace(
        "num_radial_basis",
        Kind.INTEGER,
        "Number of functions in which distances are expanded.",
        default=8,
        minimum=1,
    ),
    _mace(
        "num_cutoff_basis",
        Kind.INTEGER,
        "Power of the polynomial that takes messages smoothly to zero at the cutoff.",
        default=5,
    ),
    _mace(
        "interaction",
        Kind.STRING,
        "Block that builds messages in all layers but the first.",
        default="RealAgnosticResidualInteractionBlock",
        choices=_LATER_LAYER_BLOCKS,
    ),
    _mace(
        "interaction_first",
        Kind.STRING,
        "Block that builds messages in the first layer.",
        default="RealAgnosticResidualInteractionBlock",
        choices=_FIRST_LAYER_BLOCKS,
    ),
    _mace(
        "gate",
        Kind.STRING,
        "Non-linearity in the last readout.",
        default="silu",
        choices=("silu", "tanh", "abs", "None"),
    ),
    _mace(
        "compute_avg_num_neighbors",
        Kind.BOOLEAN_WORD,
        "Measures the average number of neighbours on the training frames, which normalises messages.",
        default=True,
    ),
    _mace(
        "avg_num_neighbors",
        Kind.NUMBER,
        "Average number of neighbours by which messages are divided.",
        default=1.0,
        only_if=(Condition("compute_avg_num_neighbors", (False,)),),
        because="it is measured on the training frames",
    ),
    _mace(
        "scaling",
        Kind.STRING,
        "What the energy scale and shift of ScaleShiftMACE are measured on.",
        default="rms_forces_scaling",
        choices=("std_scaling", "rms_forces_scaling", "no_scaling"),
        choice_docs=("spread of the energies", "root mean square of the forces", "crashes the trainer"),
        only_if=(Condition("model", ("ScaleShiftMACE",)),),
    ),
    _mace(
        "compute_forces",
        Kind.BOOLEAN_WORD,
        "Lets the model return forces; the trainer refuses to train without them.",
        default=True,
    ),
    _mace(
        "compute_stress",
        Kind.BOOLEAN_WORD,
        "Lets the model return stress and virials, as a `stress` term needs; FixedPoint and MACEQEq crash "
        "with it.",
        default=False,
    ),
)
