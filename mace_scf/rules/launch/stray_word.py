"""R107: a word of the command that belongs to no option."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class StrayWord(StructuralRule):
    """A word of the command that belongs to no option.

    What it checks: every word of the training command is an option or the value of one.

    Why it matters: the argument parser stops at start-up: unrecognized arguments. A value with blanks
    and without quotes does it, and so does a blank after a line's final backslash.

    How to fix: quote values that hold blanks, or remove the word.
    """

    code, slug, severity = "R107", "stray-word", Severity.ERROR
