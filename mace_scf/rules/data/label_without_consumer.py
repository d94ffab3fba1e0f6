"""D110: a mapped property that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import known_model
from ..rule import Context, Rule
from ._heads import mapped, may_be_input, read_by_terms


@final
class LabelWithoutConsumer(Rule):
    """A mapped property that nothing reads.

    What it checks: each mapped property is compared or weighted by a term, shown among the validation
    errors, or an input of the model with its options.

    Why it matters: the label is loaded and dropped. Often a term or an option was forgotten: `external_field`
    has no effect on models without charges, `charges` none without `formal_charges_from_data`, `molID` none
    without a term on molecules.

    How to fix: nothing, if the mapping is there for other runs; else remove it or add what should read it.
    """

    code, slug, severity = "D110", "label-without-consumer", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each label without a reader, once the stages were seen."""
        if not context.stages:
            return
        wanted = read_by_terms(context) | may_be_input(context) | _evaluated(context)
        for line in mapped(context):
            if line.is_read and line.is_at_home and line.name not in wanted:
                yield self.finding(
                    f"`{line.name}` is mapped, and nothing in this run reads it", span=line.key.place,
                    labels=context.run.option("model").label() if known_model(context) else (),
                    notes=(line.quantity.doc,) if line.quantity else (),
                    when="the label is loaded and dropped", help=f"remove `{line.name}` if that is not meant",
                )  # fmt: skip


def _evaluated(context: Context) -> frozenset[str]:
    """Properties with an error of their own in validation, those that are mandatory, and the head's name."""
    measured = {term.quantity for term in context.trainer.terms}
    return frozenset(measured | set(context.trainer.required_labels) | {"head"})
