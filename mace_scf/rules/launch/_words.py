"""Fixes of the words of a training command."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ...diagnostics import Diagnostic, Edit, Fix
from ..rule import Context, StructuralRule


class WordsTakenOut(StructuralRule):
    """A rule whose findings are mended by taking words out of the command."""

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What was found while the words were read; words are taken out with the blanks in front of them."""
        for finding in super().check(context):
            yield attrs.evolve(finding, fix=_taken_out(context, finding.fix))


def _taken_out(context: Context, fix: Fix | None) -> Fix | None:
    """The fix with its words taken out of the script as a whole: with their dashes, and with what separates them."""
    if fix is None or fix.edits[0].replacement:
        return fix
    edits = [_edit(context, edit) for edit in fix.edits]
    known = tuple(edit for edit in edits if edit is not None)
    return attrs.evolve(fix, edits=known) if len(known) == len(edits) else None


def _edit(context: Context, edit: Edit) -> Edit | None:
    script = context.scripts.get(edit.span.file)
    return None if script is None else script.without_words(edit.span)
