"""M107: atomic dipoles that cannot be anything but zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..helpers import known_model
from ..irreps import parse_irreps
from ..rule import Context, Rule


@final
class LocalDipolesAlwaysZero(Rule):
    """Atomic dipoles that cannot be anything but zero.

    What it checks: a FixedPoint model with multipoles of order 1 has either `use_linear_local_charges`, or
    a `1o` part in `MLP_irreps`.

    Why it matters: without the first, the field-independent multipoles pass through `MLP_irreps`; where
    that has scalars alone, as its default has, no dipole comes out. All local dipoles are exactly zero, and
    only the response to the field makes any. Nothing is said.

    How to fix: set `use_linear_local_charges: true`, or `MLP_irreps: "16x0e + 16x1o"`.
    """

    code, slug, severity = "M107", "local-dipoles-always-zero", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding; silent where an option was not seen."""
        lookup = context.run.option
        model, option = known_model(context), context.trainer.option_by_name["use_linear_local_charges"]
        if model is None or all_hold(option.only_if, lookup) is not Verdict.MET:
            return
        irreps = lookup("MLP_irreps")
        parts = parse_irreps(str(irreps.value)) if irreps.known else None
        if not lookup(option.name).is_known(False) or not lookup("atomic_multipoles_max_l").is_known(1):
            return
        if not parts or any(part.order == 1 and part.parity == -1 for part in parts):
            return
        yield self.finding(
            f"the local dipoles of `{model.name}` are always zero",
            span=irreps.span if irreps.given else lookup("model").place,
            labels=lookup("model").label() if irreps.given else (),
            notes=(f"{irreps.shown} has no `1o` part", lookup(option.name).shown),
            when="only the response to the field makes dipoles, silently",
            help='set `use_linear_local_charges: true`, or `MLP_irreps: "16x0e + 16x1o"`',
        )
