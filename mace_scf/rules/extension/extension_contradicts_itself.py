"""E106: parts of an extension or a card that cannot both be right."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class ContradictsItself(StructuralRule):
    """Parts of an extension or a card that cannot both be right.

    What it checks: what is removed is needed by nothing that stays; a default is among the choices, and the
    choices have as many texts; limits are in order and on numbers; conditions ask for values that exist; a
    class term has options. In a dataset card, nothing is in more frames than there are.

    Why it matters: no trainer, and no data, can be as the file says, so that no config can be judged by it.

    How to fix: change one of the parts that the message names.
    """

    code, slug, severity = "E106", "extension-contradicts-itself", Severity.ERROR
