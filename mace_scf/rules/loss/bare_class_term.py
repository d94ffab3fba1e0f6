"""L106: a term that must be given an option, given only a weight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.option import shown
from ...catalog.term import Term
from ...config import Stage, TermEntry
from ...diagnostics import Diagnostic, Edit, Fix, Severity
from ...source import Mapping
from ..helpers import insertion
from ..rule import Context, Rule
from ._words import at_first_batch, code_list, entries, stands_alone


@final
class BareClassTerm(Rule):
    """A term that must be given an option, given only a weight.

    What it checks: terms with options are written as a mapping with at least one of them, where the trainer
    version needs that.

    Why it matters: given only a weight, the trainer keeps the term's class where it wants a term. Nothing is
    noticed until the first batch of the stage, which calls the class with the batch as its options.

    How to fix: write `{weight: 1.0, OPTION: default}` with any of the term's options.
    """

    code, slug, severity = "L106", "bare-class-term", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such term without an option."""
        if context.trainer.bare_class_terms:
            return
        for stage, entry in entries(context):
            term = context.trainer.term_by_name.get(entry.name)
            if term is not None and term.form == "class" and entry.weight.known and not entry.options:
                yield self._bare(context, stage, entry, term)

    def _bare(self, context: Context, stage: Stage, entry: TermEntry, term: Term) -> Diagnostic:
        first = f"{term.options[0].name}: {shown(term.options[0].default)}"
        return self.finding(
            f"`{entry.name}` is given a weight but none of its options",
            span=entry.node.span if not entry.is_mapping else entry.key_span,
            notes=(f"its options are {code_list([option.name for option in term.options], 'and')}",),
            when=at_first_batch(stage, context.trainer),
            help=f"give one of its options, for instance its default: `{first}`",
            fix=_fix(context, entry, first),
        )  # fmt: skip


def _fix(context: Context, entry: TermEntry, option: str) -> Fix | None:
    if isinstance(entry.node, Mapping):
        return insertion(context, entry.key_span, entry.node, option)
    if not stands_alone(entry.node) or entry.node.span.file != context.document.file:
        return None
    mapping = f"{{weight: {entry.node.text}, {option}}}"
    return Fix(f"write `{mapping}`", (Edit(entry.node.span, mapping),))
