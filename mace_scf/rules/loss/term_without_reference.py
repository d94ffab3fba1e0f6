"""L301: a term whose label is not mapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

from ...catalog.quantity import Quantity
from ...catalog.term import Term
from ...config import Head
from ...diagnostics import Diagnostic, Fix, Label, Severity
from ...resolve import Need, StageResolution, TermResolution
from ...source import Mapping
from ..helpers import insertion
from ..rule import Context, Rule

_MOLECULES = "molID"  # tells atoms apart; nothing is fitted to it


@final
class TermWithoutReference(Rule):
    """A term whose label is not mapped.

    What it checks: `heads` maps every property that a term of the loss compares with, and not to `none`.

    Why it matters: the trainer fills in zeros. For most properties they count with weight 1 in every frame:
    the model is trained towards zero multipoles, dipoles or Fermi levels. Energies, forces, stress and
    polarizabilities get weight 0: the term vanishes. Nothing complains in either case.

    How to fix: map the property to its key in the files, or remove the term.
    """

    code, slug, severity = "L301", "term-without-reference", Severity.ERROR
    after = ("L201", "L206")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each property and stage, at the first term that wants it."""
        head = context.run.head
        if head is None:
            return
        for stage in context.stages:
            for name, wanting in _lacking(stage, head, context).items():
                yield self._unmapped(context, stage, head, context.trainer.quantity_by_name[name], wanting)

    def _unmapped(
        self, context: Context, stage: StageResolution, head: Head, quantity: Quantity,
        wanting: Sequence[tuple[TermResolution, Need]],
    ) -> Diagnostic:  # fmt: skip
        (first, need), others = wanting[0], wanting[1:]
        assert first.term is not None
        molecules = _only_molecules(first.term, quantity) and not context.trainer.leaves_out_unlabelled
        labels = tuple(label for link in need.because for label in link.labels)
        again = tuple(Label(other.entry.key_span, "so does this") for other, _ in others)
        return self.finding(
            _message(first.entry.name, quantity, molecules),
            severity=Severity.INFO if molecules else Severity.ERROR,
            span=first.entry.key_span, labels=(*labels, *again),
            when=_consequence(first.term, quantity, stage, context),
            help=_advice(quantity), fix=_fix(context, head, quantity),
        )  # fmt: skip


def _lacking(
    stage: StageResolution, head: Head, context: Context
) -> dict[str, list[tuple[TermResolution, Need]]]:
    found: dict[str, list[tuple[TermResolution, Need]]] = {}
    for resolution in stage.terms:
        for need in resolution.failing("reference"):
            if not _told_elsewhere(need.name, head, context):
                found.setdefault(need.name, []).append((resolution, need))
    return found


def _told_elsewhere(name: str, head: Head, context: Context) -> bool:
    """What the trainer insists on, the wrong map and the empty one have rules of their own."""
    quantity = context.trainer.quantity_by_name[name]
    if head.key_of(name, quantity.container) is not None:
        return False
    keys = head.info_keys if quantity.container == "info_keys" else head.arrays_keys
    return name in context.trainer.required_labels or not keys or head.key_of(name) is not None


def _message(term: str, quantity: Quantity, molecules: bool) -> str:
    if molecules:
        return f"`{term}` takes each frame as one molecule: `{quantity.name}` is not mapped"
    return f"`{term}` compares with `{quantity.name}`, which `heads` does not map"


def _only_molecules(term: Term, quantity: Quantity) -> bool:
    return quantity.name == _MOLECULES and term.weight_of != _MOLECULES


def _consequence(term: Term, quantity: Quantity, stage: StageResolution, context: Context) -> str:
    where = f"throughout {stage.stage.title}"
    if context.trainer.leaves_out_unlabelled:
        return f"no frame counts: the term is 0 {where}"
    if _only_molecules(term, quantity):
        return f"the net force on each whole frame is fitted {where}"
    value, weight = quantity.unmapped
    if weight == 0 and term.weight_of == quantity.name:
        return f"every frame has weight 0: the term is 0 {where}, and nobody complains"
    target = f"{value:g}{' ' + quantity.unit if quantity.unit and ',' not in quantity.unit else ''}"
    if term.quantity not in (quantity.name, ""):
        return f"the reference is made from zeros in every frame {where}, and nobody complains"
    return f"every frame is fitted to {target} {where}, and nobody complains"


def _advice(quantity: Quantity) -> str:
    return f"map `{quantity.name}` under `{quantity.container}` to its key in the files, or remove the term"


def _fix(context: Context, head: Head, quantity: Quantity) -> Fix | None:
    """The recommended key, to be checked against the files."""
    entry = head.info_entry if quantity.container == "info_keys" else head.arrays_entry
    written = head.key_of(quantity.name, quantity.container) is not None
    if written or not isinstance(entry.node, Mapping) or not quantity.safe_key:
        return None
    return insertion(context, entry.key_span, entry.node, f"{quantity.name}: {quantity.safe_key}", safe=False)
