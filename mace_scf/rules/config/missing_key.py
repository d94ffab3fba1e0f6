"""C113: a block without one of its keys."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class MissingKey(StructuralRule):
    """A block without one of its keys.

    What it checks: blocks of the config have the keys without which the trainer refuses them: `name`
    and `loss` in a stage, `info_keys` and `arrays_keys` in the head.

    Why it matters: the trainer stops at start-up.

    How to fix: add the key that the message names.
    """

    code, slug, severity = "C113", "missing-key", Severity.ERROR
    after = ("C101", "D102")
