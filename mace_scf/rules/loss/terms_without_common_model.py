"""L209: terms that no model serves together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Label, Severity
from ..helpers import removal
from ..rule import Context, Rule
from ._models import Demand, demands, left, sentences
from ._words import code_list


@final
class TermsWithoutCommonModel(Rule):
    """Terms that no model serves together.

    What it checks: where the model was not seen, some model exists that serves every term and takes the
    fixed-point options of all stages. `stress` and `fermi_level` have none: a Fermi level needs FixedPoint,
    which has no stress.

    Why it matters: there is one model for all stages of a run. Whichever it is, a term finds no prediction
    in its first batch.

    How to fix: remove the term that asks for another model than the rest.
    """

    code, slug, severity = "L209", "terms-without-common-model", Severity.ERROR
    after = ("L201", "L206")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding, at the first place that leaves no model."""
        found = demands(context)
        if context.trainer.open_outputs or not found or left(found, context):
            return
        last = next(at for at in range(len(found)) if not left(found[: at + 1], context))
        yield self._clash(context, found[last], found[:last])

    def _clash(self, context: Context, demand: Demand, before: tuple[Demand, ...]) -> Diagnostic:
        others = [other for other in before if not set(other.models) & set(demand.models)] or list(before)
        rest = code_list([other.name for other in others], "and")
        return self.finding(
            f"no model serves `{demand.name}` together with {rest}",
            span=demand.span,
            labels=tuple(Label(other.span, "asks for another model") for other in others),
            notes=sentences((*others, demand)),
            when="training stops at the first batch of the term that the chosen model does not serve",
            help=f"remove `{demand.name}`, or what asks for another model",
            fix=removal(context, demand.span, demand.span, f"remove `{demand.name}`", safe=False),
        )  # fmt: skip
