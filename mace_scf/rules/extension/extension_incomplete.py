"""E104: a declaration without what it cannot do without."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class IncompleteDeclaration(StructuralRule):
    """A declaration without what it cannot do without.

    What it checks: the extension has `extends` and `name`; what it adds has every attribute that has no
    default, unless it is `like` a declaration that exists. A dataset card has `version` and `splits`, each of them
    `frames`.

    Why it matters: half a declaration cannot be checked against. The file is left out.

    How to fix: add what the message names, or start from a declaration with `like`.
    """

    code, slug, severity = "E104", "extension-incomplete", Severity.ERROR
