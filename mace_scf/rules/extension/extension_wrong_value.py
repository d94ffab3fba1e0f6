"""E102: a value of an extension, a project file or a card that is of the wrong type, or no word known there."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class WrongValueInExtension(StructuralRule):
    """A value of an extension, a project file or a card that is of the wrong type, or none of the words known there.

    What it checks: texts are texts, numbers numbers, lists lists; kinds, states and the like are among the
    words that the message lists. In nested mappings of a run the trainer converts nothing, so that only the
    plain kinds of options exist there. Counts of a card are whole and not below zero.

    Why it matters: nothing is guessed: a declaration that cannot be read is left out as a whole, with
    everything else in its file.

    How to fix: write what the message asks for; quote a text that YAML takes for something else.
    """

    code, slug, severity = "E102", "extension-wrong-value", Severity.ERROR
