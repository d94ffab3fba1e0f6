"""C101: a key that nothing reads."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Severity, Span
from ...source import Entry
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
        anchors = _anchors(context)
        for finding in super().check(context):
            if finding.fix is None:
                finding = attrs.evolve(finding, fix=taken_home(context, finding))
            entry = anchors.get(finding.span) if finding.help.startswith("remove") else None
            yield finding if entry is None else _about_an_anchor(finding, entry)


def _anchors(context: Context) -> dict[Span | None, Entry]:
    """Keys of the top level below which something is repeated by aliases, by the place of the key."""
    shared = sorted(context.document.shared, key=lambda place: place.start)
    starts = [place.start for place in shared]
    ends = list(itertools.accumulate((place.end for place in shared), max))
    found: dict[Span | None, Entry] = {}
    for entry in context.document.mapping or () if shared else ():
        value = entry.value.span
        before = bisect_left(starts, value.end)
        if before and ends[before - 1] > value.start:
            found[entry.key.span] = entry
    return found


def _about_an_anchor(finding: Diagnostic, entry: Entry) -> Diagnostic:
    """A key that only holds what aliases repeat cannot be removed as it is."""
    help_ = f"write what is anchored here where it is used first, with its anchor, and remove `{entry.name}`"
    return attrs.evolve(finding, help=help_)
