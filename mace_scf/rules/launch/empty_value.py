"""R103: an option whose value is an empty shell variable."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class EmptyValue(StructuralRule):
    """An option whose value is an empty shell variable.

    What it checks: variables that stand for the value of an option are not known to be empty where the
    command is run.

    Why it matters: without quotes bash drops an empty word: the next word becomes the value, or the
    trainer stops at start-up for want of one. In quotes the trainer gets an empty text, which is only a
    warning.

    How to fix: give the variable a value, or leave the option out. `set -u` and `${NAME:?}` stop the
    script instead.
    """

    code, slug, severity = "R103", "empty-value", Severity.ERROR
    after = ("C110",)
