"""R101: a training command that breaks off in the middle."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class BrokenContinuation(StructuralRule):
    """A training command that breaks off in the middle.

    What it checks: the lines of a training command hang together: the backslash is the last character
    of its line, no empty line and no line without a backslash comes between, and lines do not end in a
    carriage return.

    Why it matters: bash starts the trainer with what stands before the break. The options behind it are
    run as a command of their own, which fails while the training goes on with their defaults.

    How to fix: let the backslash be the last character of the line; an array of arguments, `ARGS=(…)`
    and `"${ARGS[@]}"`, needs no backslashes at all.
    """

    code, slug, severity = "R101", "broken-continuation", Severity.ERROR
