"""R105: a switch with a value on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, StructuralRule
from ._words import taken_out


@final
class SwitchWithValue(StructuralRule):
    """A switch with a value on the command line.

    What it checks: switches stand alone on the command line: `--ema`, not `--ema=true` or `--ema True`.

    Why it matters: the argument parser stops at start-up. In the config file it is the other way round:
    there a switch takes true or false.

    How to fix: write the switch alone to turn it on, and leave it out to keep it off.
    """

    code, slug, severity = "R105", "switch-with-value", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What was found while the words were read; words are taken out with the blanks in front of them."""
        for finding in super().check(context):
            yield attrs.evolve(finding, fix=taken_out(context, finding.fix))
