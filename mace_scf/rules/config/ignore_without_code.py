"""C161: a comment that would silence, but names no code."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class IgnoreWithoutCode(StructuralRule):
    """A comment that shall silence a finding and names no code.

    What it checks: comments `# mace-scf: ignore` name the codes they silence, in brackets.

    Why it matters: without a code the comment silences nothing, because one that silenced everything
    would hide mistakes that are made later.

    How to fix: write the codes and the reason: `# mace-scf: ignore[C130] kept for the old trainer`.
    """

    code, slug, severity = "C161", "ignore-without-code", Severity.WARNING
