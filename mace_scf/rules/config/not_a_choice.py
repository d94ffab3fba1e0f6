"""C111: a word that is none of the choices."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class NotAChoice(StructuralRule):
    """A word that is none of the choices.

    What it checks: options and keys with a fixed set of values have one of them, in the spelling of the
    trainer.

    Why it matters: the argument parser refuses the value of an option at start-up; the check of the
    fixed-point options does the same for theirs.

    How to fix: take one of the values that the message lists.
    """

    code, slug, severity = "C111", "not-a-choice", Severity.ERROR
    after = ("C122", "F110", "F115")
