"""R113: several processes that each train alone."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class ProcessesAlone(StructuralRule):
    """Several processes that each train alone.

    What it checks: a command that starts more than one process (`torchrun`, `srun`, `mpirun`, `accelerate`, or the
    head of a batch script) also switches on `distributed`. Nothing is said where a word of the command differs from
    process to process, such as `--seed $SLURM_PROCID`.

    Why it matters: without `distributed` each process trains the whole run on all frames, as if it were the only
    one, and all of them write to the same checkpoints and models. Nobody complains.

    How to fix: add `--distributed`, or start one process.
    """

    code, slug, severity = "R113", "processes-alone", Severity.WARNING
