"""C003: a key given twice in one mapping."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class DuplicateKey(StructuralRule):
    """A key given twice in one mapping.

    What it checks: no mapping of the config has the same key twice, whatever the quotes. A key beside a
    merge key that also brings it is no duplicate.

    Why it matters: the trainer's YAML reader keeps the last one and says nothing: a stage given twice
    vanishes, and so does the first weight of a loss term.

    How to fix: keep one of the two; the offered fix deletes the one that is dropped today.
    """

    code, slug, severity = "C003", "duplicate-key", Severity.ERROR
