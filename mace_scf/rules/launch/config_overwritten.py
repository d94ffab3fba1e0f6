"""R112: a config that the launcher writes anew before it trains."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class ConfigOverwritten(StructuralRule):
    """A config that the launcher writes anew before it trains.

    What it checks: whether the launcher writes the config that is checked by a here-document (`cat >
    config.yaml <<EOF`) in front of its training command, with another text than the file has now.

    Why it matters: the trainer reads what the launcher writes. Changes in the file are lost when the
    launcher starts, and findings about the file are about a run that nobody starts.

    How to fix: change the here-document, and check it: `mace-scf validate train.sh` reads it in place of
    the file.
    """

    code, slug, severity = "R112", "config-overwritten", Severity.WARNING
