"""What a run reports: error tables, logs, Weights & Biases."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option
from .common import ADDED, MACE, REDEFINED, WANDB_ONLY

_mace = partial(Option, group="logging", source=MACE)
_added = partial(Option, group="logging", source=ADDED)

LOGGING: tuple[Option, ...] = (
    Option(
        "error_table",
        Kind.STRING,
        "Errors that are printed after each validation and at the end; PerAtomRMSE suits every model, and a "
        "wrong name goes unnoticed until it costs the final models.",
        required=True,
        group="logging",
        source=REDEFINED,
    ),
    _mace(
        "log_level",
        Kind.STRING,
        "Least severity that reaches console and log file, in capitals; the debug log always gets "
        "everything.",
        default="INFO",
        known=("NOTSET", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"),
    ),
    _added(
        "log_on_test_sets",
        Kind.FLAG,
        "Evaluates the test frames during training too; it needs a `test_file`.",
        default=False,
    ),
    _added(
        "log-all-ranks",
        Kind.FLAG,
        "Writes a pair of log files for every rank; for hunting errors in distributed runs.",
        default=False,
    ),
    _added(
        "debug-log-grad-summary",
        Kind.FLAG,
        "Writes scalar statistics of the gradients to the debug log.",
        default=False,
    ),
    _mace("wandb", Kind.FLAG, "Logs the run to Weights & Biases.", default=False),
    _mace(
        "wandb_dir",
        Kind.PATH,
        "Local folder of the Weights & Biases files.",
        only_if=(WANDB_ONLY,),
    ),
    _mace(
        "wandb_project",
        Kind.STRING,
        "Project at Weights & Biases that receives the run.",
        default="",
        only_if=(WANDB_ONLY,),
    ),
    _mace(
        "wandb_entity",
        Kind.STRING,
        "User or team at Weights & Biases that owns the run.",
        default="",
        only_if=(WANDB_ONLY,),
    ),
    _mace(
        "wandb_name",
        Kind.STRING,
        "Name of the run at Weights & Biases.",
        default="",
        only_if=(WANDB_ONLY,),
    ),
    _mace(
        "wandb_log_hypers",
        Kind.STRING_LIST,
        "Names of options whose values are copied to Weights & Biases; each must be an option of the "
        "trainer.",
        default=(
            "num_channels",
            "max_L",
            "correlation",
            "lr",
            "swa_lr",
            "weight_decay",
            "batch_size",
            "max_num_epochs",
            "start_swa",
            "energy_weight",
            "forces_weight",
        ),
        only_if=(WANDB_ONLY,),
    ),
    _added(
        "wandb-watch",
        Kind.STRING,
        "Histograms that are sent to Weights & Biases; quote the word off, which YAML would take for a "
        "boolean.",
        default="off",
        choices=("off", "gradients", "parameters", "all"),
        only_if=(WANDB_ONLY,),
    ),
    _added(
        "wandb-watch-log-freq",
        Kind.INTEGER,
        "Steps from one set of histograms to the next.",
        default=50,
        unit="steps",
        minimum=1,
        only_if=(WANDB_ONLY, Condition("wandb-watch", ("off",), negated=True)),
    ),
)
