"""C001: a text that is not YAML."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class BrokenSyntax(StructuralRule):
    """A text that is not YAML.

    What it checks: the file can be read as YAML: indentation, quotes, brackets, anchors and merge keys. Formats for
    programs also say under this code that a file is not there, or is no UTF-8 text.

    Why it matters: the trainer cannot read the file either and stops at start-up. Everything behind the
    place was not checked.

    How to fix: mend the syntax where the message points; usual causes are a tab, a missing blank after
    a colon or an open quote.
    """

    code, slug, severity = "C001", "syntax-error", Severity.ERROR
