"""Errors of the trainer that were found, but that the reader of a report does not see as errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from .diagnostic import Diagnostic

NOT_SELECTED = "not selected"
SWITCHED_OFF = "switched off"
LOWERED = "with another severity"
KNOWN = "known to the baseline"

SEE_ERRORS = "see the errors"
"""How the summary of a stage ends that has errors, all of which are shown."""
_HAS_ERRORS = "has errors: "


@attrs.frozen
class Unshown:
    """An error that is not shown as one.

    Attributes:
        finding: with the severity of its rule.
        reason: one of the phrases above; it follows a number of errors.
    """

    finding: Diagnostic
    reason: str


def reasons(unshown: Iterable[Unshown]) -> str:
    """How many there are for each reason.

    >>> from mace_scf.diagnostics import Severity
    >>> reasons([Unshown(Diagnostic("L101", "a", Severity.ERROR, "m"), KNOWN)])
    '1 known to the baseline'
    """
    counts = Counter(each.reason for each in unshown)
    return ", ".join(f"{count} {reason}" for reason, count in counts.items())


def errors_of_stage(shown: int, unshown: Sequence[Unshown]) -> str:
    """The end of a summary of a stage with errors: where these are."""
    if not unshown:
        return SEE_ERRORS
    seen = f"{shown} shown, " if shown else ""
    return f"{_HAS_ERRORS}{seen}{reasons(unshown)}"


def with_errors_told(facts: Iterable[str], shown: int, unshown: Sequence[Unshown]) -> tuple[str, ...]:
    """Facts in which summaries of stages with errors say where these are; may be done again with other numbers."""
    return tuple(_told(fact, errors_of_stage(shown, unshown)) for fact in facts)


def _told(fact: str, where: str) -> str:
    head, _, state = fact.rpartition("; ")
    return f"{head}; {where}" if state == SEE_ERRORS or state.startswith(_HAS_ERRORS) else fact
