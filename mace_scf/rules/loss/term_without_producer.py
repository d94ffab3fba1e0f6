"""L206: a term on something that no model returns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.term import Term
from ...diagnostics import Diagnostic, Severity
from ...resolve import StageResolution, TermResolution
from ..rule import Context, Rule
from ._words import able_models, at_first_batch, terms, without_term


@final
class TermWithoutProducer(Rule):
    """A term on something that no model returns.

    What it checks: at least one model of the trainer version returns what the term compares. The registry
    holds terms that none does: `field_features`, `fixedpoint_scf_stability`, `fermi_level_gradient`, and, as
    no option reaches the switch that they need, `rho_fftn` and `fourier_density`.

    Why it matters: the stage starts, and its first batch ends with a KeyError.

    How to fix: remove the term.
    """

    code, slug, severity = "L206", "term-without-producer", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term that no declared model can serve."""
        for stage, resolution in terms(context):
            if resolution.term is not None and not able_models(resolution.term, context.trainer):
                yield self._orphan(context, stage, resolution, resolution.term)

    def _orphan(
        self, context: Context, stage: StageResolution, resolution: TermResolution, term: Term
    ) -> Diagnostic:
        own = stage.model is None and context.trainer.open_outputs
        when = "" if own else at_first_batch(stage.stage, context.trainer)
        return self.finding(
            f"`{term.name}` compares what no model returns", span=resolution.entry.key_span,
            severity=Severity.INFO if own else Severity.ERROR, notes=tuple(_reasons(context, term)),
            when=when,
            help=f"your model must return {_named(term)}" if own else f"remove `{term.name}`",
            fix=None if own else without_term(context, resolution),
        )  # fmt: skip


def _named(term: Term) -> str:
    return " and ".join(f"`{name}`" for name in term.predictions)


def _reasons(context: Context, term: Term) -> Iterator[str]:
    """Why nobody returns it; predictions with one reason together."""
    groups: dict[str, list[str]] = {}
    for name in term.predictions:
        quantity = context.trainer.quantity_by_name.get(name)
        if quantity is not None and quantity.unproduced:
            groups.setdefault(quantity.unproduced, []).append(f"`{name}`")
    for reason, names in groups.items():
        yield f"{', '.join(names)}: {reason}"
