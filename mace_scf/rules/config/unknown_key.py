"""C101: a key that nothing reads."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class UnknownKey(StructuralRule):
    """A key that nothing reads.

    What it checks: every key at every level of the config, and every option of the training command,
    is one the trainer knows. Checking goes on beneath a key that is clearly a mistyped one.

    Why it matters: at the top level and in the heads the trainer stops at start-up. Inside a stage it
    ignores unknown keys: `learning_rate: 0.001` leaves `lr` at 0.01 for the whole stage, and nothing says so.

    How to fix: take one of the suggested names, move the key to the block named in the message, or remove it.
    """

    code, slug, severity = "C101", "unknown-key", Severity.ERROR
    after = ("C103", "C132", "D102", "D107", "D108")
