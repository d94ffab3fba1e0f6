"""Where a run writes, what it keeps and whether it resumes."""

from __future__ import annotations

from functools import partial

from ..option import Kind, Option, State
from .common import MACE, REDEFINED, UNREAD

_mace = partial(Option, group="output", source=MACE)

OUTPUT: tuple[Option, ...] = (
    _mace(
        "work_dir",
        Kind.PATH,
        "Folder under which all other output folders are made.",
        default=".",
    ),
    _mace(
        "log_dir",
        Kind.PATH,
        "Folder of the log files; left out, it is `logs` in the work folder.",
    ),
    _mace(
        "model_dir",
        Kind.PATH,
        "Folder of the final models; left out, it is the work folder.",
    ),
    _mace(
        "checkpoints_dir",
        Kind.PATH,
        "Folder of the checkpoints; left out, it is `checkpoints` in the work folder.",
    ),
    _mace(
        "results_dir",
        Kind.PATH,
        "Folder of the metrics, one JSON line each; left out, it is `results` in the work folder.",
    ),
    _mace(
        "downloads_dir",
        Kind.PATH,
        "Folder where plain mace puts downloaded models.",
        state=State.INERT,
        because="the trainer downloads nothing",
    ),
    Option(
        "restart_latest",
        Kind.FLAG,
        "Resumes silently from the newest checkpoint of the same name, seed and stage, even with changed "
        "options; turn it off to start afresh in a used folder.",
        default=True,
        off_switch="no-restart_latest",
        group="output",
        source=REDEFINED,
    ),
    _mace(
        "keep_checkpoints",
        Kind.FLAG,
        "Keeps older checkpoints instead of deleting them when a better one is written.",
        default=False,
    ),
    _mace(
        "save_all_checkpoints",
        Kind.FLAG,
        "Saves every evaluated epoch, improved or not; the final model is then the latest one, not the best.",
        default=False,
    ),
    _mace(
        "save_cpu",
        Kind.FLAG,
        "Moves the final model to the processor before saving, so that machines without an accelerator load "
        "it.",
        default=False,
    ),
    _mace(
        "plot",
        Kind.BOOLEAN_WORD,
        "Draws training curves when plain mace ends.",
        default=True,
        state=State.INERT,
        because=UNREAD,
        instead="scripts/plot_batch_losses.py",
    ),
    _mace(
        "plot_frequency",
        Kind.INTEGER,
        "Number of epochs between the drawings of plain mace.",
        default=0,
        state=State.INERT,
        because=UNREAD,
        instead="scripts/plot_batch_losses.py",
    ),
    _mace(
        "plot_interaction_e",
        Kind.BOOLEAN_WORD,
        "Lets plain mace draw interaction energies in place of total energies.",
        default=False,
        state=State.INERT,
        because=UNREAD,
        instead="scripts/plot_batch_losses.py",
    ),
)
