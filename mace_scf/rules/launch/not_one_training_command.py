"""R109: a launcher with no training command for this config, or with several."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class NotOneTrainingCommand(StructuralRule):
    """A launcher with no training command for this config, or with several.

    What it checks: the launcher holds exactly one training command that fits the config.

    Why it matters: with several commands it is open which options belong to the config, so none of them
    is used. Everything that depends on the command line stays unknown.

    How to fix: check one run at a time: give its options behind `--`, or split the script.
    """

    code, slug, severity = "R109", "not-one-training-command", Severity.INFO
