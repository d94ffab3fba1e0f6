"""C004: more than one YAML document in a file."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class SeveralDocuments(StructuralRule):
    """More than one YAML document in a file.

    What it checks: the file holds one document; a second begins behind a line `---`.

    Why it matters: the trainer reads a single document and stops at start-up when it meets a second
    one.

    How to fix: split the file, or delete the line `---` between the parts. Only the first document was
    checked.
    """

    code, slug, severity = "C004", "several-documents", Severity.ERROR
