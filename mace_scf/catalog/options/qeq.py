"""Charge equilibration: the options that only MACEQEq reads."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option
from .common import ADDED, CHARGE_EQUILIBRATION_ONLY

_qeq = partial(Option, group="charge equilibration", source=ADDED, only_if=(CHARGE_EQUILIBRATION_ONLY,))

QEQ: tuple[Option, ...] = (
    _qeq(
        "qeq_charges",
        Kind.STRING,
        "How the equilibrated charges are solved for; there is one way.",
        default="autograd",
        choices=("autograd",),
    ),
    _qeq(
        "train_hardness",
        Kind.FLAG,
        "Adds a learned hardness to the starting one; nothing keeps the sum positive.",
        default=False,
    ),
    _qeq(
        "read_enegs",
        Kind.FLAG,
        "Starts from the electronegativities in the data (`enegs`), which are zero where a frame lacks them.",
        default=False,
    ),
    _qeq(
        "read_hardness",
        Kind.FLAG,
        "Starts from the hardness values in the data (`hardness`), which are zero where a frame lacks them.",
        default=False,
    ),
    _qeq(
        "default_hardness",
        Kind.NUMBER,
        "Starting hardness of every atom when the data do not give it.",
        default=2.0,
        not_if=(Condition("read_hardness", (True,)),),
    ),
)
