"""E108: an extension or a card that is not there or holds no declarations."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class UnreadableExtension(StructuralRule):
    """An extension or a card that is not there or holds no declarations.

    What it checks: the files that a project file lists exist, extensions, project files and cards hold a mapping,
    and entry points of the group `mace_scf.extensions` lead to files.

    Why it matters: the configs of the folder are checked as if the fork did not exist, and everything of
    the fork's own is reported as unknown.

    How to fix: correct the path, which is seen from the folder of the project file, or write the
    declarations.
    """

    code, slug, severity = "E108", "extension-unreadable", Severity.ERROR
