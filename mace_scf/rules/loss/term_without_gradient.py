"""L205: a term through which no parameter learns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.model import Carries
from ...diagnostics import Diagnostic, Severity
from ...resolve import Need, TermResolution, Verdict
from ..rule import Context, Rule
from ._words import terms

_STILL = {
    Carries.CONSTANT: "no parameter changes it",
    Carries.DETACHED: "it is cut from the graph",
}


@final
class TermWithoutGradient(Rule):
    """A term through which no parameter learns.

    What it checks: a gradient reaches the model's parameters through each term: its prediction is neither a
    constant nor cut from the graph.

    Why it matters: the term adds a number to the loss and to the validation loss that decides about
    checkpoints, and trains nothing. If it is the only term, backward fails.

    How to fix: remove the term.
    """

    code, slug, severity = "L205", "term-without-gradient", Severity.WARNING
    after = ("L201", "L202", "L203", "L204", "L206")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term whose value is known to train nothing."""
        for _, resolution in terms(context):
            need = next((need for need in resolution.needs if need.kind == "prediction"), None)
            if need is None or resolution.term is None:
                continue
            met = need.verdict is Verdict.MET and need.carries in _STILL
            if met or not resolution.term.gradient:
                yield self._still(resolution, need if met else None)

    def _still(self, resolution: TermResolution, need: Need | None) -> Diagnostic:
        assert resolution.term is not None
        links = need.because if need else ()
        reason = _STILL[need.carries] if need else ""
        notes = [link.text for link in links] or [_first_sentence(resolution.term.note)]
        return self.finding(
            f"`{resolution.entry.name}` trains nothing" + (f": {reason}" if reason else ""),
            span=resolution.entry.key_span, labels=tuple(label for link in links for label in link.labels),
            notes=tuple(notes), when="it adds a number to the loss in every batch, and nobody complains",
            help=f"remove `{resolution.entry.name}`",
        )  # fmt: skip


def _first_sentence(text: str) -> str:
    sentence = text.partition(". ")[0].removesuffix(".")
    return sentence[:1].lower() + sentence[1:]
