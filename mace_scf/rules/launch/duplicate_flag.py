"""R108: an option given twice in one command."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ._words import WordsTakenOut


@final
class DuplicateFlag(WordsTakenOut):
    """An option given twice in one command.

    What it checks: no option is given twice in the training command. Options given to `mace-scf validate`
    behind `--`, or to `mace_scf.validate`, stand behind those of the launcher on purpose and replace them;
    where that changes a value, it is told as an info.

    Why it matters: the last one wins and nothing says so: what stands first in the script has no
    effect. With the same value twice it is only untidy, and a warning.

    How to fix: keep one of them.
    """

    code, slug, severity = "R108", "duplicate-flag", Severity.ERROR
