"""R108: an option given twice in one command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, StructuralRule
from ._words import taken_out


@final
class DuplicateFlag(StructuralRule):
    """An option given twice in one command.

    What it checks: no option is given twice in the training command. Options given to `mace-scf validate`
    behind `--`, or to `mace_scf.validate`, stand behind those of the launcher on purpose and replace them;
    where that changes a value, it is told as an info.

    Why it matters: the last one wins and nothing says so: what stands first in the script has no
    effect. With the same value twice it is only untidy, and a warning.

    How to fix: keep one of them.
    """

    code, slug, severity = "R108", "duplicate-flag", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What was found while the words were read; words are taken out with the blanks in front of them."""
        for finding in super().check(context):
            yield attrs.evolve(finding, fix=taken_out(context, finding.fix))
