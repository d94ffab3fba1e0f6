"""L202: a term that the model could serve, were an option or mode another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

from ...catalog.option import Condition
from ...diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from ...resolve import Lookup, Need, StageResolution, TermResolution, stage_lookup
from ..rule import Context, Rule
from ._words import at_first_batch, stands_alone, terms


@final
class TermNeedsOption(Rule):
    """A term that the model could serve, were an option or mode another.

    What it checks: options and modes are such that the model returns what each term compares: `stress` needs
    `compute_stress: true`, `polarizability` needs `compute_polarizability`, `esps` needs
    `return_electrostatic_potentials` and another boundary method than `realspace`, multipoles of models with
    charges only need `atomic_multipoles_max_l: 0`, the change of the last iteration needs a mode that
    iterates. Options that were not given count with their defaults once the run is known to be complete.

    Why it matters: the prediction is None, missing, or of another shape; the first batch of the stage ends
    with a TypeError, KeyError or failed assertion.

    How to fix: set the option that the message names, or remove the term.
    """

    code, slug, severity = "L202", "term-needs-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term that known options stand against."""
        for stage, resolution in terms(context):
            needs = [need for need in resolution.failing("prediction") if need.blocking]
            if needs:
                yield self._blocked(context, stage, resolution, needs)

    def _blocked(
        self, context: Context, stage: StageResolution, resolution: TermResolution, needs: Sequence[Need]
    ) -> Diagnostic:
        blocking = tuple(dict.fromkeys(condition for need in needs for condition in need.blocking))
        lookup = stage_lookup(context.run, stage.stage)
        wanted = " and ".join(f"`{condition.text}`" for condition in blocking)
        return self.finding(
            f"`{resolution.entry.name}` needs {wanted}", span=resolution.entry.key_span,
            labels=_labels(needs),
            notes=tuple(_notes(needs)), when=at_first_batch(stage.stage, context.trainer),
            help=f"{_advice(blocking, lookup)}, or remove the term", fix=_fix(context, blocking, lookup),
        )  # fmt: skip


def _labels(needs: Sequence[Need]) -> tuple[Label, ...]:
    return tuple(dict.fromkeys(label for need in needs for link in need.because for label in link.labels))


def _notes(needs: Sequence[Need]) -> Iterator[str]:
    """The chain of reasons; links that a label shows are left to it, and one reason is told once."""
    told: set[tuple[Condition, ...]] = set()
    for need in needs:
        if need.blocking not in told:
            yield from (link.text for link in need.because if not link.labels)
        told.add(need.blocking)


def _advice(blocking: Sequence[Condition], lookup: Lookup) -> str:
    verb = "change" if any(lookup(condition.option).given for condition in blocking) else "add"
    return f"{verb} " + " and ".join(f"`{condition.option}`" for condition in blocking)


def _fix(context: Context, blocking: Sequence[Condition], lookup: Lookup) -> Fix | None:
    edits = [_edit(context, condition, lookup) for condition in blocking]
    known = [edit for edit in edits if edit is not None]
    if len(known) != len(edits):
        return None
    description = "set " + " and ".join(f"`{condition.text}`" for condition in blocking)
    return Fix(description, tuple(known), safe=False)


def _edit(context: Context, condition: Condition, lookup: Lookup) -> Edit | None:
    """The one value that satisfies a condition, over the present one or as a new line before the schedule."""
    if condition.negated or len(condition.values) != 1:
        return None
    value = str(condition.values[0])
    value = value.lower() if isinstance(condition.values[0], bool) else value
    setting = lookup(condition.option)
    if setting.given:
        node = setting.node
        exact = stands_alone(node) and node is not None and node.span.file == context.document.file
        return Edit(node.span, value) if exact and node is not None else None
    place = _before_schedule(context)
    if place is None or setting.node is not None or "." in condition.option:
        return None
    return Edit(place, f"{condition.option}: {value}\n")


def _before_schedule(context: Context) -> Span | None:
    root = context.document.mapping
    entry = root.get("train_schedule") if root is not None else None
    if entry is None or entry.key.span.column:
        return None
    line = entry.key.span.line
    return Span(context.document.file, line, 0, line, 0)
