"""R102: a comment inside a continued training command."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class CommentInContinuation(StructuralRule):
    """A comment inside a continued training command.

    What it checks: no line of a continued command is a comment, and none ends in one.

    Why it matters: a comment ends the command, backslash or not. The options behind it are lost, while
    the training goes on with their defaults.

    How to fix: put comments above the command, or keep the arguments in an array, where comments are
    allowed.
    """

    code, slug, severity = "R102", "comment-in-continuation", Severity.ERROR
