"""C101: a key that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Severity, Span
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
            if finding.fix is None:
                finding = attrs.evolve(finding, fix=taken_home(context, finding))
            yield _about_an_anchor(context, finding) if finding.help.startswith("remove") else finding


def _about_an_anchor(context: Context, finding: Diagnostic) -> Diagnostic:
    """A key that only holds what aliases repeat cannot be removed as it is."""
    root = context.document.mapping
    entry = next((each for each in root or () if each.key.span == finding.span), None)
    if entry is None or not any(_meet(place, entry.value.span) for place in context.document.shared):
        return finding
    help_ = f"write what is anchored here where it is used first, with its anchor, and remove `{entry.name}`"
    return attrs.evolve(finding, help=help_)


def _meet(place: Span, value: Span) -> bool:
    return place.covers(value) or value.covers(place)
