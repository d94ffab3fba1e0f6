"""R110: a launcher that trains another config."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class ConfigMismatch(StructuralRule):
    """A launcher that trains another config.

    What it checks: the command of the launcher given with `--launcher` names the config that is
    checked.

    Why it matters: options of one run were laid over the config of another. The findings may be about a
    run that nobody starts.

    How to fix: give the launcher of this config, or check the config that the launcher names: `mace-scf
    validate train.sh`.
    """

    code, slug, severity = "R110", "config-mismatch", Severity.WARNING
