"""C005: a document that is nested too deep or expands too far."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class TooLarge(StructuralRule):
    """A document that is nested too deep or expands too far.

    What it checks: mappings and lists are nested at most 64 levels deep, and aliases expand to at most
    200,000 values.

    Why it matters: aliases of aliases grow exponentially: a few lines fill the memory of whoever reads
    them, the trainer included. Nothing was checked.

    How to fix: write the values out. A training config needs about six levels and a few hundred values.
    """

    code, slug, severity = "C005", "too-large", Severity.ERROR
