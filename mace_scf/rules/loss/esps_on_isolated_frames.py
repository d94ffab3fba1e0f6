"""L208: potentials at the atoms of molecules without periodicity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict
from ..rule import Context, Rule
from ._words import terms

_POTENTIAL = "esps"  # the output key whose periodicity correction is missing


@final
class EspsOnIsolatedFrames(Rule):
    """Potentials at the atoms of molecules in a box.

    What it checks: `esps` is not trained with a boundary method that takes isolated frames only.

    Why it matters: releases of the electrostatics package differ: one refuses frames that are not periodic
    with a ValueError at the first batch, another computes their potentials without the correction for the
    box.

    How to fix: confirm that the installed version does what is meant, or leave `esps` out.
    """

    code, slug, severity = "L208", "esps-on-isolated-frames", Severity.INFO
    after = ("L201", "L202")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such term, if the boundary method is known."""
        setting = context.run.option("electrostatic_pbc_method")
        method = next((item for item in context.trainer.boundary_methods if item.name == setting.value), None)
        if not setting.known or method is None or method.allowed != ("FFF",):
            return
        for _, resolution in terms(context):
            if any(need.name == _POTENTIAL and need.verdict is Verdict.MET for need in resolution.needs):
                yield self.finding(
                    f"`{resolution.entry.name}` is trained on isolated frames only",
                    span=resolution.entry.key_span, labels=setting.label(),
                    notes=(f"{setting.shown}: {method.doc}",),
                    when="depending on the electrostatics package, the first batch is refused, or potentials "
                    "lack the correction for the box",
                    help="check the potentials of one molecule before training on them",
                )  # fmt: skip
