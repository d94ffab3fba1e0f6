"""L203: a term that compares a label with itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.model import Carries
from ...diagnostics import Diagnostic, Severity
from ...resolve import Need, StageResolution, TermResolution, Verdict
from ..rule import Context, Rule
from ._words import terms, ways


@final
class TermEchoesReference(Rule):
    """A term that compares a label with itself.

    What it checks: the prediction is not the reference handed back. FixedPoint hands the reference Fermi
    level back in mode `direct`, and at constant Fermi level started from the data.

    Why it matters: the term is exactly 0 in every batch. It looks perfectly fitted from the first epoch on,
    and trains nothing.

    How to fix: leave the term out of this stage; train it in one that predicts the quantity.
    """

    code, slug, severity = "L203", "term-echoes-reference", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term whose first prediction is known to be an echo."""
        for stage, resolution in terms(context):
            need = next((need for need in resolution.needs if need.kind == "prediction"), None)
            if need is not None and need.verdict is Verdict.MET and need.carries is Carries.ECHO:
                yield self._echo(stage, resolution, need)

    def _echo(self, stage: StageResolution, resolution: TermResolution, need: Need) -> Diagnostic:
        return self.finding(
            f"`{resolution.entry.name}` compares the label with itself", span=resolution.entry.key_span,
            labels=tuple(label for link in need.because for label in link.labels),
            notes=tuple(link.text for link in need.because),
            when=f"the term is exactly 0 throughout {stage.stage.title}; nobody complains",
            help=_advice(stage, resolution),
        )  # fmt: skip


def _advice(stage: StageResolution, resolution: TermResolution) -> str:
    drop = f"remove `{resolution.entry.name}` from this stage"
    way = ways(stage.model, resolution.term) if stage.model and resolution.term else ""
    return f"{drop}; `{stage.model.name}` predicts it{way}" if stage.model and way else drop
