"""Fixes of the words of a training command."""

from __future__ import annotations

import attrs

from ...diagnostics import Edit, Fix
from ..rule import Context


def taken_out(context: Context, fix: Fix | None) -> Fix | None:
    """The fix with its words taken out of the script as a whole: with their dashes, and with what separates them."""
    if fix is None or fix.edits[0].replacement:
        return fix
    edits = [_edit(context, edit) for edit in fix.edits]
    known = tuple(edit for edit in edits if edit is not None)
    return attrs.evolve(fix, edits=known) if len(known) == len(edits) else None


def _edit(context: Context, edit: Edit) -> Edit | None:
    script = context.scripts.get(edit.span.file)
    return None if script is None else script.without_words(edit.span)
