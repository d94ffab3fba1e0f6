"""R104: a part of the script that cannot be read as shell."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class UnparsableShell(StructuralRule):
    """A part of the script that cannot be read as shell.

    What it checks: the script can be read as bash wherever that matters for the training command.

    Why it matters: options given in such a part are not checked. Where bash cannot read it either, the
    script stops there.

    How to fix: look for an open quote or bracket before the place; `bash -n train.sh` tells what bash
    thinks of it.
    """

    code, slug, severity = "R104", "unparsable-shell", Severity.WARNING
