"""E105: something added that the trainer has already."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class NameTaken(StructuralRule):
    """Something added that the trainer has already.

    What it checks: names under `add` are new to the trainer that is extended.

    Why it matters: two declarations of one name would leave open which of them counts.

    How to fix: put it under `change`, with the attributes that differ; or remove the old one, if it means
    another thing, by another extension before.
    """

    code, slug, severity = "E105", "extension-name-taken", Severity.ERROR
