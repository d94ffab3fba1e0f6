"""How training proceeds: stages, validation, early stopping and the learning-rate schedule."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option, State
from .common import ADAM_ONLY, ADDED, MACE

_mace = partial(Option, group="schedule", source=MACE)

_PLATEAU = Condition("scheduler", ("ReduceLROnPlateau",))
_EXPONENTIAL = Condition("scheduler", ("ExponentialLR",))
_STAGES_ANSWER = "the stages of `train_schedule` take its place"

SCHEDULE: tuple[Option, ...] = (
    Option(
        "train_schedule",
        Kind.MAPPING,
        "Stages of the training, numbered from 0: each has its epochs, loss terms and learning rates.",
        required=True,
        group="schedule",
        source=ADDED,
    ),
    _mace(
        "eval_interval",
        Kind.INTEGER,
        "Epochs from one validation to the next; checkpoints are written only there, so every stage needs "
        "one.",
        default=1,
        unit="epochs",
        minimum=1,
    ),
    _mace(
        "patience",
        Kind.INTEGER,
        "Validations without a better loss after which a stage stops; the count starts anew in each stage.",
        default=2048,
        unit="validations",
    ),
    _mace(
        "scheduler",
        Kind.STRING,
        "Rule that lowers the learning rate, applied once per epoch after the first of a stage.",
        default="ReduceLROnPlateau",
        known=("ReduceLROnPlateau", "ExponentialLR"),
        only_if=(ADAM_ONLY,),
        because="schedulefree does without a learning-rate schedule",
    ),
    _mace(
        "lr_factor",
        Kind.NUMBER,
        "Factor on the learning rate when the validation loss has stopped falling.",
        default=0.8,
        maximum=1.0,
        exclusive_maximum=True,
        only_if=(ADAM_ONLY, _PLATEAU),
    ),
    _mace(
        "scheduler_patience",
        Kind.INTEGER,
        "Epochs without a better validation loss before the learning rate is lowered.",
        default=50,
        unit="epochs",
        only_if=(ADAM_ONLY, _PLATEAU),
    ),
    _mace(
        "lr_scheduler_gamma",
        Kind.NUMBER,
        "Factor on the learning rate after every epoch of an exponential schedule.",
        default=0.9993,
        only_if=(ADAM_ONLY, _EXPONENTIAL),
    ),
    _mace(
        "max_num_epochs",
        Kind.INTEGER,
        "Last epoch of a training with plain mace.",
        default=2048,
        unit="epochs",
        state=State.INERT,
        because="the last epoch is the `end` of the last stage",
        instead="train_schedule.<stage>.end",
    ),
    _mace(
        "swa",
        Kind.FLAG,
        "Turns on the second stage of plain mace.",
        default=False,
        aliases=("stage_two",),
        state=State.INERT,
        because=_STAGES_ANSWER,
        instead="train_schedule",
    ),
    _mace(
        "start_swa",
        Kind.INTEGER,
        "Epoch at which the second stage of plain mace starts.",
        unit="epochs",
        aliases=("start_stage_two",),
        state=State.INERT,
        because=_STAGES_ANSWER,
        instead="train_schedule.<stage>.start",
    ),
    _mace(
        "swa_lr",
        Kind.NUMBER,
        "Learning rate in the second stage of plain mace.",
        default=0.001,
        aliases=("stage_two_lr",),
        state=State.INERT,
        because="every stage has a learning rate of its own",
        instead="train_schedule.<stage>.lr",
    ),
)
