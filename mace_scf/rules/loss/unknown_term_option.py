"""L105: an option that a loss term does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...catalog.term import Term
from ...catalog.trainer import Trainer
from ...config import Stage, TermEntry
from ...diagnostics import Diagnostic, Severity, Span
from ..rule import Context, Rule
from ._words import at_stage_start, code_list, entries


@final
class UnknownTermOption(Rule):
    """An option that a loss term does not take.

    What it checks: beside `weight`, the mapping form of a term holds only options that the term has. Most
    terms have none.

    Why it matters: the trainer hands options on without looking at them, and the term refuses them when its
    stage starts: a TypeError after all earlier stages have trained.

    How to fix: take the suggested name, or remove the option; `mace-scf explain-term TERM` lists them.
    """

    code, slug, severity = "L105", "unknown-term-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Say of each unknown option which ones the term takes, and when the run would stop."""
        known = _options(context)
        for finding in context.structural:
            place = known.get(finding.span) if finding.span is not None else None
            if finding.code == self.code and place is not None:
                yield _told(finding, *place, context.trainer)
            elif finding.code == self.code:
                yield finding


def _options(context: Context) -> dict[Span, tuple[Stage, TermEntry]]:
    return {
        option.key_span: (stage, entry)
        for stage, entry in entries(context)
        for option in entry.options.values()
        if option.key_span is not None
    }


def _told(finding: Diagnostic, stage: Stage, entry: TermEntry, trainer: Trainer) -> Diagnostic:
    term = trainer.term_by_name.get(entry.name)
    option = finding.message.split("`")[1]
    notes = () if term is None else (_taken(term), *_variants(term, option, trainer))
    message = f"`{entry.name}` takes no option `{option}`"
    return attrs.evolve(finding, message=message, notes=notes, when=at_stage_start(stage, trainer))


def _taken(term: Term) -> str:
    if not term.options:
        return f"`{term.name}` takes a weight and nothing else"
    return f"beside `weight` it takes {code_list([option.name for option in term.options], 'and')}"


def _variants(term: Term, option: str, trainer: Trainer) -> Iterator[str]:
    """Terms on the same quantity that do take it."""
    for other in trainer.terms:
        if other.base == term.name and any(option == known.name for known in other.options):
            yield f"`{other.name}` takes `{option}`"
