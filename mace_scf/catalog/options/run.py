"""Who runs, on what: the options that name a run and place it on a machine."""

from __future__ import annotations

from functools import partial

from ..option import Kind, Option, State
from .common import MACE, UNREAD

_mace = partial(Option, group="run", source=MACE)

RUN: tuple[Option, ...] = (
    _mace(
        "name",
        Kind.STRING,
        "Name of the run, the prefix of every file it writes; it must hold no slash.",
        required=True,
    ),
    _mace(
        "config",
        Kind.PATH,
        "YAML file that holds options; the command line wins over it, and it wins over the defaults.",
    ),
    _mace(
        "seed",
        Kind.INTEGER,
        "Seed of every random choice, and part of the names of logs and checkpoints; change it to repeat a "
        "run.",
        default=123,
    ),
    _mace(
        "device",
        Kind.STRING,
        "Hardware that computes; any real training wants an accelerator.",
        default="cpu",
        choices=("cpu", "cuda", "mps", "xpu"),
        choice_docs=("processor", "NVIDIA or AMD accelerator", "Apple accelerator", "Intel accelerator"),
    ),
    _mace(
        "default_dtype",
        Kind.STRING,
        "Floating-point precision of data and model; the lower one is faster and loses digits of large "
        "energies.",
        default="float64",
        choices=("float32", "float64"),
        choice_docs=("about 7 digits, faster", "about 16 digits, the safe choice"),
    ),
    _mace(
        "distributed",
        Kind.FLAG,
        "Trains on several ranks with one process each; FixedPoint stages in mode implicit refuse it.",
        default=False,
    ),
    _mace(
        "launcher",
        Kind.STRING,
        "Tells plain mace how its ranks were started.",
        default="slurm",
        choices=("slurm", "torchrun", "mpi", "none"),
        state=State.INERT,
        because=UNREAD,
        instead="distributed",
    ),
    _mace(
        "dry_run",
        Kind.FLAG,
        "Asks plain mace to stop before it trains.",
        default=False,
        state=State.INERT,
        because="the trainer never reads it, so the run trains for real",
        instead="mace-scf validate",
    ),
)
