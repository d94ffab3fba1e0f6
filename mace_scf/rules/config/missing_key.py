"""C113: a block without one of its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping
from ...source.entries import Content
from ...source.page import owner
from ..helpers import addition
from ..rule import Context, StructuralRule


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

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What schema and conversions found, with what can be guessed."""
        for finding in super().check(context):
            yield attrs.evolve(finding, fix=finding.fix or _guessed(context, finding))


def _guessed(context: Context, finding: Diagnostic) -> Fix | None:
    """A name after the key of the stage, a map with the label that nearly every file has."""
    found = None if finding.span is None else owner(context.document, finding.span)
    if found is None or not isinstance(block := found[1].value, Mapping):
        return None
    guesses: dict[str, Content] = {
        "name": {"name": f"stage{key}" if (key := found[1].name).isdigit() else key},
        "info_keys": {"info_keys": {"energy": "REF_energy", "total_charge": "total_charge"}},
        "arrays_keys": {"arrays_keys": {"forces": "REF_forces"}},
    }
    wanted = [guesses.get(name) for name in finding.help.split("`")[1::2]]
    content = {name: value for guess in wanted if guess for name, value in guess.items()}
    if not wanted or None in wanted:
        return None
    return addition(context, found[1].key.span, block, content, safe=False, at_end="name" not in content)
