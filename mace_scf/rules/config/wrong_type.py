"""C110: a value that is not what its key takes."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class WrongType(StructuralRule):
    """A value that is not what its key takes.

    What it checks: texts, numbers, switches, lists and mappings stand where the trainer wants them.
    At the top level the trainer turns every value into text and converts it; inside nested mappings
    nothing is converted.

    Why it matters: the trainer stops at start-up, or, inside a stage, at the first step that uses the value.

    How to fix: write what the message says the key takes.
    """

    code, slug, severity = "C110", "wrong-type", Severity.ERROR
    after = ("C111", "C120", "C125", "S101", "S106", "S108", "S109", "F109", "F113", "F117")
