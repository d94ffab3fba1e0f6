"""E103: a name in an extension or a project file that nothing has."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class UnknownNameInExtension(StructuralRule):
    """A name in an extension or a project file that nothing has.

    What it checks: what is changed or removed exists in the trainer that is extended; predictions, labels,
    conditions, recommended terms and slots name quantities, options, terms and keys that exist once the
    extension is applied. In a project file, `severity` is set for rules that exist: by code, by name, or by the
    beginning of codes.

    Why it matters: a condition on a misspelt option could never be answered, and a term on a misspelt
    quantity could never be served: configs would be refused, or let pass, for no reason. A severity of a misspelt
    rule changes nothing.

    How to fix: correct the name, or declare what it stands for in the same file, for instance under
    `quantities: add`.
    """

    code, slug, severity = "E103", "extension-unknown-name", Severity.ERROR
