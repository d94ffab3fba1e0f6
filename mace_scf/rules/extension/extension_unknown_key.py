"""E101: a key that an extension or a project file does not take."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class UnknownKeyOfExtension(StructuralRule):
    """A key that an extension or a project file does not take.

    What it checks: every key of an extension, and of `mace-scf.yaml` or the table `[tool.mace-scf]`, is one
    that its place takes: the attributes of an option, a term, a model and so on.

    Why it matters: a mistyped attribute would declare something else than the fork does, and every config
    would be judged by it.

    How to fix: take the suggested name. `schemas/extension.schema.json` lists all of them for editors.
    """

    code, slug, severity = "E101", "extension-unknown-key", Severity.ERROR
