"""C112: a number beyond its limits."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class OutOfRange(StructuralRule):
    """A number beyond its limits.

    What it checks: numbers lie within the limits of their option or key, such as a share between 0 and
    1 or a positive cutoff.

    Why it matters: few limits are checked at start-up. `valid_fraction: 1.0` and `batch_size: 0` stop
    the run while the data are loaded; a negative cutoff or learning rate trains something without
    meaning.

    How to fix: give a number within the limits of the message.
    """

    code, slug, severity = "C112", "out-of-range", Severity.ERROR
    after = ("C120", "C121", "C123")
