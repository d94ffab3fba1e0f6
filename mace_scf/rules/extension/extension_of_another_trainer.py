"""E107: an extension of a trainer that is not the one in use."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class OfAnotherTrainer(StructuralRule):
    """An extension of a trainer that is not the one in use.

    What it checks: `extends` names the trainer version that is checked for, or an extension that comes
    before this one. Without `--trainer`, the first extension chooses the version.

    Why it matters: what a fork changes is told from where it starts; laid over another version it would
    describe a trainer that nobody has.

    How to fix: check with the version that the extension names, give the extensions in order, or correct
    `extends`.
    """

    code, slug, severity = "E107", "extension-of-another-trainer", Severity.ERROR
