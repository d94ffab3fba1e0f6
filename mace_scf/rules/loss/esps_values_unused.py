"""L302: labels of which a term uses only the weight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...resolve import TermResolution
from ...resolve.resolve import NO_KEY
from ..rule import Context, Rule
from ._words import labels_of, terms


@final
class EspsValuesUnused(Rule):
    """Mapped potentials whose values the term never reads.

    What it checks: `electrostatic_potentials` is not mapped in the belief that `esps` fits its values.

    Why it matters: `esps` compares with the potential that the model computes from the reference multipoles.
    Of the mapped potentials only presence and weight count: a frame without them drops out. Potentials from
    an electronic-structure code are not supported by the trainer.

    How to fix: keep the mapping if it is there to choose frames; else remove it.
    """

    code, slug, severity = "L302", "esps-values-unused", Severity.WARNING
    after = ("L201", "L202", "L206")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term weighted by a mapped property that it does not compare with."""
        for _, resolution in terms(context):
            name = _weight_only(resolution)
            quantity = context.trainer.quantity_by_name.get(name)
            head = context.run.head
            key = head.key_of(name, quantity.container) if head and quantity else None
            if key is not None and key.known and key.value != NO_KEY:
                yield self.finding(
                    f"`{resolution.entry.name}` never reads the values of `{name}`",
                    span=resolution.entry.key_span, labels=labels_of(key),
                    notes=("its target is the potential of the reference multipoles",),
                    when=f"`{name}` only gives weights: frames that carry the key count, whatever its values",
                    help=f"keep `{name}` if it is there to choose frames, else remove it",
                )  # fmt: skip


def _weight_only(resolution: TermResolution) -> str:
    """The property whose weight counts but not its values, "" if there is none."""
    term = resolution.term
    return "" if term is None or term.weight_of in term.references else term.weight_of
