"""L204: a term on a quantity that the model fixes by construction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.model import Conservation
from ...diagnostics import Diagnostic, Severity
from ...resolve import Lookup, TermResolution, Verdict, all_hold, stage_lookup
from ..rule import Context, Rule
from ._words import labels_of, terms


@final
class TermOnConservedQuantity(Rule):
    """A term on a quantity that the model fixes by construction.

    What it checks: no term compares what the model conserves: the total charge of models that move formal
    charges or solve for the charge.

    Why it matters: no parameter changes the quantity, so the term adds a constant to the loss (zero if
    labels and formal charges agree) and trains nothing. Where an iteration enforces the charge only to a
    tolerance, the term acts on what is left; that is told as a fact.

    How to fix: remove the term; check that the formal charges of each frame add up to its `total_charge`.
    """

    code, slug, severity = "L204", "term-on-conserved-quantity", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term on a quantity that is known to be fixed."""
        for stage, resolution in terms(context):
            term, model = resolution.term, stage.model
            if term is None or model is None:
                continue
            lookup = stage_lookup(context.run, stage.stage)
            fixed = [item for item in model.conserves if item.quantity == term.quantity]
            holding = [item for item in fixed if all_hold(item.when, lookup) is Verdict.MET]
            if holding:
                yield self._fixed(context, resolution, holding[0], lookup)

    def _fixed(
        self, context: Context, resolution: TermResolution, conservation: Conservation, lookup: Lookup
    ) -> Diagnostic:
        settings = [lookup(condition.option) for condition in conservation.when]
        name, exact = resolution.entry.name, conservation.exact
        return self.finding(
            f"`{name}` is {'fixed' if exact else 'nearly fixed'} by construction",
            severity=Severity.WARNING if exact else Severity.INFO,
            span=resolution.entry.key_span,
            labels=labels_of(context.run.option("model"), *settings), notes=(conservation.reason,),
            when=f"the term {'trains nothing: no parameter changes it' if exact else 'acts on what is left'}",
            help=f"remove `{name}`" if exact else f"`{name}` can be left out",
        )  # fmt: skip
