"""Keys of the nested mappings: one stage, its fixed-point options, and the field blocks of FixedPoint."""

from __future__ import annotations

from functools import partial

from .option import Condition, Kind, Option, State
from .options.common import FIXED_POINT_ONLY

_stage = partial(Option, group="stage")
_fixed_point = partial(Option, group="fixed-point options")
_scf = partial(Option, group="iterations")
_update = partial(Option, kind=Kind.STRING, group="update block")

_CONSTANT_FERMI_LEVEL = Condition("constant_charge", (False,))

STAGE: tuple[Option, ...] = (
    _stage(
        "name",
        Kind.STRING,
        "Name of the stage, by which its checkpoints and model are filed; unique, and without a slash.",
        required=True,
    ),
    _stage(
        "start",
        Kind.INTEGER,
        "First epoch: 0 in the first stage, afterwards one more than the `end` before it.",
        unit="epochs",
        minimum=0,
        required=True,
    ),
    _stage(
        "end",
        Kind.INTEGER,
        "Last epoch, which is still trained.",
        unit="epochs",
        minimum=0,
        required=True,
    ),
    _stage(
        "loss",
        Kind.MAPPING,
        "Terms of the loss, each with its weight or with a mapping of `weight` and options.",
        required=True,
    ),
    _stage(
        "lr",
        Kind.NUMBER,
        "Learning rate of every parameter group in this stage; `<group>_lr` sets one group.",
        default=0.01,
        minimum=0,
    ),
    _stage(
        "fixed_point_training_options",
        Kind.MAPPING,
        "How FixedPoint reaches its density in this stage; FixedPoint needs it in every stage.",
        only_if=(FIXED_POINT_ONLY,),
        because="other models refuse it at start-up",
    ),
    _stage(
        "scf_training_options",
        Kind.MAPPING,
        "Deprecated flat form of the fixed-point options: mode and iteration settings side by side.",
        only_if=(FIXED_POINT_ONLY,),
        because="it is deprecated; models other than FixedPoint refuse it at start-up",
        instead="fixed_point_training_options",
    ),
)

FIXED_POINT: tuple[Option, ...] = (
    _fixed_point(
        "mode",
        Kind.STRING,
        "How the density is computed and differentiated in this stage.",
        choices=("direct", "unroll_scf", "implicit", "linearize_solve"),
        choice_docs=(
            "one pass from the reference multipoles and Fermi level: fast, a first stage",
            "a loop of mixing steps with gradients through all of them",
            "converged without gradients, then an implicit gradient; needs torchopt",
            "converged without gradients, then one linear solve",
        ),
        required=True,
    ),
    _fixed_point(
        "scf",
        Kind.MAPPING,
        "Settings of the self-consistent iterations; every mode but direct needs them, and direct refuses "
        "them.",
        only_if=(Condition("mode", ("direct",), negated=True),),
        because="mode direct has no iterations and refuses their settings at start-up",
    ),
    _fixed_point(
        "linear_solve",
        Kind.STRING,
        "Solver of the linear system; linearize_solve knows only inverse.",
        default="inverse",
        choices=("inverse", "normal_cg"),
        choice_docs=("dense inverse", "conjugate gradients on the normal equations, implicit only"),
        only_if=(Condition("mode", ("implicit", "linearize_solve")),),
        because="direct and unroll_scf solve no linear system",
    ),
    _fixed_point(
        "fixedpoint_scf_stability",
        Kind.STRICT_BOOLEAN,
        "Notes whether the stage has a stability term; left out, the loss decides.",
        state=State.INERT,
        because="the trainer stores and logs it, nothing else",
        instead="train_schedule.<stage>.loss.fixedpoint_scf_stability",
    ),
)

SCF: tuple[Option, ...] = (
    _scf(
        "num_scf_steps",
        Kind.INTEGER,
        "Upper limit of the iterations; with 1 no iteration happens at all, so take 2 or more.",
        default=100,
        minimum=1,
        required=True,
    ),
    _scf(
        "mixing_parameter",
        Kind.NUMBER,
        "Share of the new density in each iteration; lower it when iterations diverge.",
        default=0.25,
        minimum=0,
        exclusive_minimum=True,
        maximum=1,
        required=True,
        converted=True,
    ),
    _scf(
        "scf_tolerance",
        Kind.NUMBER,
        "Average absolute change of the density coefficients below which the iterations stop.",
        default=1e-6,
        minimum=0,
        exclusive_minimum=True,
        converted=True,
    ),
    _scf(
        "constant_charge",
        Kind.STRICT_BOOLEAN,
        "Keeps the number of electrons fixed and finds the Fermi level; off, the Fermi level is fixed and "
        "the charge is free, as at an electrode.",
        default=True,
    ),
    _scf(
        "use_autograd_forces",
        Kind.STRICT_BOOLEAN,
        "Differentiates the energy through the iterations for the forces at fixed Fermi level.",
        default=True,
        only_if=(_CONSTANT_FERMI_LEVEL,),
        because="forces at constant charge are always differentiated",
    ),
    _scf(
        "initial_density",
        Kind.STRING,
        "Density from which the iterations start.",
        default="local_guess",
        choices=("local_guess", "from_data"),
        choice_docs=("field-independent charges of the model", "reference multipoles, whatever their weight"),
    ),
    _scf(
        "initial_fermi_level",
        Kind.STRING,
        "Fermi level at which the iterations start, and stay when it is fixed.",
        default="from_data",
        choices=("zero", "from_data"),
        choice_docs=("the Fermi-level offset", "the label of the frame, 0 V where it is absent"),
        not_if=(Condition("mode", ("implicit",)), _CONSTANT_FERMI_LEVEL),
        because="implicit at fixed Fermi level always takes the label of the frame",
    ),
)

UPDATE: tuple[Option, ...] = (
    _update("type", doc="Class of the block that turns potentials into a new density.", required=True),
    _update("potential_embedding_cls", doc="Class that embeds the potential features."),
    _update("nonlinearity_cls", doc="Class of the non-linearity after the embedding."),
    _update("central_atom_mixer_cls", doc="Class that mixes the field into the features of an atom."),
    _update("central_atom_feats_mixer_cls", doc="Class that mixes the features of an atom with its own."),
    _update("interaction_cls", doc="Class of the interaction between neighbours in a many-body update."),
    _update(
        "correlation",
        kind=Kind.INTEGER,
        doc="Number of features multiplied in ManyBodyUpdate.",
        default=1,
    ),
    _update(
        "use_sc",
        kind=Kind.STRICT_BOOLEAN,
        doc="Keeps a self-connection of each atom in ManyBodyUpdate.",
        default=True,
    ),
)

READOUT: tuple[Option, ...] = (
    Option(
        "type",
        Kind.STRING,
        "Class of the block that reads an energy off the density and the potential.",
        required=True,
        group="readout block",
    ),
)

READOUT_PASSED = ("avg_num_neighbors", "num_elements")
UPDATE_PASSED = (*READOUT_PASSED, "field_norm_factor", "atom_density_scaling")
