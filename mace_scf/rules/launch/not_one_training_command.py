"""R109: a launcher with no training command for this config, or with very many."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class NotOneTrainingCommand(StructuralRule):
    """A launcher with no training command for this config, or with very many.

    What it checks: the launcher holds a training command that fits the config. Where there are several, as in
    a chain of restarts, the config is checked under each of them, up to sixteen.

    Why it matters: without a command, everything that depends on the command line stays unknown. Commands
    that a Python script starts are not read.

    How to fix: give the options of the command behind `--`, or split the script.
    """

    code, slug, severity = "R109", "not-one-training-command", Severity.INFO
