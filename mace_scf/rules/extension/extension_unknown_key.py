"""E101: a key that an extension, a project file or a dataset card does not take."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class UnknownKeyOfExtension(StructuralRule):
    """A key that an extension, a project file or a dataset card does not take.

    What it checks: every key of an extension, and of `mace-scf.yaml` or the table `[tool.mace-scf]`, and of a
    dataset card, is one that its place takes: the attributes of an option, a term, a model, a split and so on.

    Why it matters: a mistyped attribute would declare something else than the fork does, and every config
    would be judged by it; a card would say less of the data than its author thinks.

    How to fix: take the suggested name. `schemas/` lists all of them for editors.
    """

    code, slug, severity = "E101", "extension-unknown-key", Severity.ERROR
