"""R111: a launcher with Windows line ends."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class CarriageReturn(StructuralRule):
    r"""A launcher with Windows line ends.

    What it checks: lines of a launcher do not end in a carriage return.

    Why it matters: bash takes it for part of the last word: the trainer gets `8\r` instead of `8` and
    stops at start-up, and `sbatch` refuses the script.

    How to fix: save the script with Unix line ends; `dos2unix train.sh` does it.
    """

    code, slug, severity = "R111", "carriage-return", Severity.ERROR
