"""R106: an option of the command line without its value."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class MissingValue(StructuralRule):
    """An option of the command line without its value.

    What it checks: every option that takes a value has one: the next word, or what follows a `=`.

    Why it matters: the argument parser stops at start-up. An empty shell variable without quotes does
    it: `--lr $RATE` becomes `--lr`.

    How to fix: give the value. Quote variables, and let the script stop on unset ones with `set -u`.
    """

    code, slug, severity = "R106", "missing-value", Severity.ERROR
