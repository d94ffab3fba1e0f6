"""Model switches of plain mace that the trainer parses and does not pass on, or has removed."""

from __future__ import annotations

from functools import partial

from ..option import Kind, Option, State
from .common import ADDED, MACE

_NOT_PASSED_ON = "the trainer does not hand it to its models"
_NO_KERNELS = "the trainer runs its models without accelerated kernels"

_ignored = partial(Option, state=State.INERT, group="plain mace", because=_NOT_PASSED_ON, source=MACE)

PLAIN_MACE: tuple[Option, ...] = (
    _ignored("pair_repulsion", Kind.FLAG, "Adds ZBL repulsion between close atoms.", default=False),
    _ignored(
        "distance_transform",
        Kind.STRING,
        "Transforms distances before their expansion.",
        default="None",
        choices=("None", "Agnesi", "Soft"),
    ),
    _ignored(
        "apply_cutoff",
        Kind.BOOLEAN_WORD,
        "Applies the cutoff before the radial layers.",
        default=True,
    ),
    _ignored(
        "use_last_readout_only",
        Kind.BOOLEAN_WORD,
        "Reads the energy from the last layer alone.",
        default=False,
    ),
    _ignored(
        "use_embedding_readout",
        Kind.BOOLEAN_WORD,
        "Adds a readout of the element embedding.",
        default=False,
    ),
    _ignored(
        "use_reduced_cg",
        Kind.BOOLEAN_WORD,
        "Takes a smaller basis of Clebsch-Gordan couplings.",
        default=False,
        because="it is not handed on: MACE and ScaleShiftMACE always take the reduced basis",
    ),
    _ignored("use_so3", Kind.BOOLEAN_WORD, "Ignores parity in the features.", default=False),
    _ignored(
        "use_agnostic_product",
        Kind.BOOLEAN_WORD,
        "Shares product weights between all elements.",
        default=False,
    ),
    _ignored("edge_irreps", Kind.IRREPS, "Features carried by an edge."),
    _ignored("les_arguments", Kind.PATH, "File with the settings of latent Ewald summation."),
    _ignored(
        "enable_cueq",
        Kind.BOOLEAN_WORD,
        "Runs plain mace with cuEquivariance kernels.",
        default=False,
        because=_NO_KERNELS,
    ),
    _ignored(
        "only_cueq",
        Kind.BOOLEAN_WORD,
        "Runs plain mace with cuEquivariance kernels and nothing else.",
        default=False,
        because=_NO_KERNELS,
    ),
    _ignored(
        "enable_oeq",
        Kind.BOOLEAN_WORD,
        "Runs plain mace with OpenEquivariance kernels.",
        default=False,
        because=_NO_KERNELS,
    ),
    _ignored(
        "polarizable_charges",
        Kind.FLAG,
        "Announces charges that react to fields.",
        default=False,
        because="no model reads it",
        instead="model",
        source=ADDED,
    ),
    Option(
        "compute_atomic_dipole",
        Kind.FLAG,
        "Asks plain mace for atomic dipoles; this trainer does not know it.",
        state=State.REMOVED,
        group="plain mace",
        because="electrostatic models return atomic dipoles whenever their multipoles reach order 1",
        instead="atomic_multipoles_max_l",
        source=MACE,
    ),
)
