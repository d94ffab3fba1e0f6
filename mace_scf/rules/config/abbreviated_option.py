"""C103: an option given by its first letters."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class AbbreviatedOption(StructuralRule):
    """An option given by its first letters.

    What it checks: options of the training command are written in full.

    Why it matters: the trainer's argument parser completes a unique beginning silently: `--max_num 7`
    sets `max_num_epochs`. The next version may have another option that begins so, and then the run
    stops at start-up or sets something else.

    How to fix: write the full name.
    """

    code, slug, severity = "C103", "abbreviated-option", Severity.ERROR
