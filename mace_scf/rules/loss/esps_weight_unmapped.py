"""L303: a term whose weight comes from a property that is not mapped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._words import terms


@final
class EspsWeightUnmapped(Rule):
    """A term whose weight comes from a property that is not mapped.

    What it checks: whether `heads` maps `electrostatic_potentials`, whose per-frame weight multiplies `esps`.

    Why it matters: unmapped, every frame has weight 1, also a frame without reference multipoles, whose
    reference potential is then that of zero charges.

    How to fix: nothing, if every frame carries multipoles. To choose frames, map `electrostatic_potentials`
    to a key that only those carry.
    """

    code, slug, severity = "L303", "esps-weight-unmapped", Severity.INFO
    after = ("L201", "L202", "L206")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such term, once its own labels are mapped."""
        head = context.run.head
        if head is None or context.trainer.leaves_out_unlabelled:
            return
        for _, resolution in terms(context):
            term = resolution.term
            if term is None or term.weight_of in (*term.references, "") or resolution.failing("reference"):
                continue
            quantity = context.trainer.quantity_by_name[term.weight_of]
            if quantity.unmapped[1] and head.key_of(quantity.name) is None:
                yield self.finding(
                    f"`{term.name}` has weight {quantity.unmapped[1]:g} in every frame",
                    span=resolution.entry.key_span,
                    notes=(f"its weight is that of `{quantity.name}`, which `heads` does not map",),
                    when="a frame without reference multipoles is fitted to the potential of zero charges",
                    help="confirm that every frame carries multipoles",
                )  # fmt: skip
