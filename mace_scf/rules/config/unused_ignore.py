"""C160: a comment that silences a finding which is not there."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class UnusedIgnore(StructuralRule):
    """A comment that silences a finding which is not there.

    What it checks: every code in a comment `# mace-scf: ignore[CODE] reason` silences a finding on its line,
    or on the next line with content if the comment stands alone, with the lines that backslashes join to it;
    `ignore-file[CODE]` one anywhere in the file. Codes about data are judged where all data were looked at, with
    `--values`.

    Why it matters: the comment outlives its cause and hides the next finding of that kind, which nobody
    has looked at. The trainer never sees it.

    How to fix: delete the comment, or the code in it that is no longer needed.
    """

    code, slug, severity = "C160", "unused-ignore", Severity.WARNING
