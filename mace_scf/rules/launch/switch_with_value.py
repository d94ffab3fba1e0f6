"""R105: a switch with a value on the command line."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ._words import WordsTakenOut


@final
class SwitchWithValue(WordsTakenOut):
    """A switch with a value on the command line.

    What it checks: switches stand alone on the command line: `--ema`, not `--ema=true` or `--ema True`.

    Why it matters: the argument parser stops at start-up. In the config file it is the other way round:
    there a switch takes true or false.

    How to fix: write the switch alone to turn it on, and leave it out to keep it off.
    """

    code, slug, severity = "R105", "switch-with-value", Severity.ERROR
