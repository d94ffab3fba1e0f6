"""What turns gradients into steps: optimizer, batches, decay, clipping and averaging."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option, State
from .common import ADAM_ONLY, ADDED, FIXED_POINT_ONLY, MACE, REDEFINED, UNREAD

_mace = partial(Option, group="optimizer", source=MACE)
_added = partial(Option, group="optimizer", source=ADDED)

OPTIMIZER: tuple[Option, ...] = (
    Option(
        "optimizer",
        Kind.STRING,
        "Algorithm that updates the parameters.",
        default="schedulefree",
        choices=("adam", "adamw", "schedulefree"),
        choice_docs=(
            "Adam with a learning-rate schedule",
            "Adam with decoupled weight decay and a learning-rate schedule",
            "no schedule needed; requires the package schedulefree",
        ),
        group="optimizer",
        source=REDEFINED,
    ),
    _mace(
        "lr",
        Kind.NUMBER,
        "Learning rate outside the stages.",
        default=0.01,
        minimum=0,
        state=State.OVERRIDDEN,
        because="the learning rate of a stage, 0.01 where the stage gives none, always wins",
        instead="train_schedule.<stage>.lr",
    ),
    _mace(
        "batch_size",
        Kind.INTEGER,
        "Frames in one training step; the last incomplete batch of an epoch is dropped, so it must not "
        "exceed the number of training frames.",
        default=10,
        unit="frames",
        minimum=1,
    ),
    _mace(
        "valid_batch_size",
        Kind.INTEGER,
        "Frames evaluated together in validation; it bounds memory.",
        default=10,
        unit="frames",
        minimum=1,
    ),
    _mace(
        "beta",
        Kind.NUMBER,
        "Decay of the first moment (momentum) of the optimizer.",
        default=0.9,
        minimum=0,
        maximum=1,
        exclusive_maximum=True,
    ),
    _added(
        "beta_two",
        Kind.NUMBER,
        "Decay of the second moment of the optimizer; lower it when gradients are noisy.",
        default=0.999,
        minimum=0,
        maximum=1,
        exclusive_maximum=True,
    ),
    _mace(
        "weight_decay",
        Kind.NUMBER,
        "Decay of the interaction, product and some model-specific parameters; raise it against overfitting.",
        default=5e-7,
        minimum=0,
    ),
    _added(
        "field_block_weight_decay",
        Kind.NUMBER,
        "Decay of the map from potential to charges (group `field_dependent_charges_map`) of FixedPoint.",
        default=5e-7,
        minimum=0,
        only_if=(FIXED_POINT_ONLY,),
    ),
    _added(
        "local_charges_weight_decay",
        Kind.NUMBER,
        "Decay of the field-independent charge heads (group `lr_source_maps`) of FixedPoint.",
        default=5e-7,
        minimum=0,
        only_if=(FIXED_POINT_ONLY,),
    ),
    _mace(
        "amsgrad",
        Kind.FLAG,
        "Takes the AMSGrad variant of Adam; the switch is on already and cannot be turned off.",
        default=True,
        only_if=(ADAM_ONLY,),
    ),
    _mace(
        "clip_grad",
        Kind.NUMBER_OR_NONE_WORD,
        "Upper limit of the gradient norm in a step; the quoted word None turns clipping off, an empty value "
        "does not.",
        default=10.0,
        minimum=0,
    ),
    _mace(
        "ema",
        Kind.FLAG,
        "Keeps an exponential moving average of the parameters, which is what is validated and saved.",
        default=False,
    ),
    _mace(
        "ema_decay",
        Kind.NUMBER,
        "Share of the old average that survives a step; closer to one means a longer memory.",
        default=0.99,
        minimum=0,
        maximum=1,
        only_if=(Condition("ema", (True,)),),
    ),
    _mace(
        "lbfgs",
        Kind.FLAG,
        "Switches plain mace to the L-BFGS optimizer.",
        default=False,
        state=State.INERT,
        because=UNREAD,
        instead="optimizer",
    ),
)
