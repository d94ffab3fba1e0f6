"""R107: a word of the command that belongs to no option."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Edit, Fix, Severity, Span
from ..rule import Context, StructuralRule

_OPENED = re.compile(r"--[\w-]+(?:=|[ \t]+)([{\[(][^\s'\"$\\]*)[ \t]+\Z")


@final
class StrayWord(StructuralRule):
    """A word of the command that belongs to no option.

    What it checks: every word of the training command is an option or the value of one.

    Why it matters: the argument parser stops at start-up: unrecognized arguments. A value with blanks
    and without quotes does it, and so do a blank beside the `=` of an option, dashes and quotes of a word
    processor, and a blank after a line's final backslash.

    How to fix: quote values that hold blanks, write plain dashes and quotes, or remove the word.
    """

    code, slug, severity = "R107", "stray-word", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What was found while the words were read; a literal that blanks have cut to pieces can be quoted."""
        for finding in super().check(context):
            yield attrs.evolve(finding, fix=finding.fix or _quoted(context, finding.span))


def _quoted(context: Context, stray: Span | None) -> Fix | None:
    """The value in front and the words behind it, where they are a Python literal together."""
    script = context.scripts.get(stray.file) if stray is not None else None
    if script is None or stray is None or stray.line != stray.end_line:
        return None
    opened = _OPENED.search(script.line(stray.line)[: stray.column])
    start = attrs.evolve(stray, column=opened.start(1)) if opened else stray
    text = script.at(start)
    if opened is None or not _is_literal(text):
        return None
    ends = (attrs.evolve(start, end_column=start.column), attrs.evolve(stray, column=stray.end_column))
    return Fix(f"quote `{text}`", tuple(Edit(place, "'") for place in ends))


def _is_literal(text: str) -> bool:
    if any(character in text for character in "'\"$`\\"):
        return False
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return False
    return True
