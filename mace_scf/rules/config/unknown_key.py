"""C101: a key that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Severity
from ..moving import taken_home
from ..rule import Context, StructuralRule


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

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What schema and command line found; a key that belongs elsewhere can be moved."""
        for finding in super().check(context):
            yield finding if finding.fix else attrs.evolve(finding, fix=taken_home(context, finding))
