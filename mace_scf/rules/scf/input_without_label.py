"""F122: a label that the model takes as input and that no frame can have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

import attrs

from ...catalog.model import LabelInput
from ...catalog.quantity import Quantity
from ...config import Head, Setting, Stage
from ...diagnostics import Diagnostic, Label, Severity
from ...resolve import Lookup, Verdict, all_hold, stage_lookup
from ..rule import Context, Rule
from ._blocks import stage_model


@attrs.frozen
class _Use:
    """One reason for which the model reads a label, in one stage or in the whole run."""

    entry: LabelInput
    settings: tuple[Setting[Any], ...]
    stage: Stage | None

    @property
    def severity(self) -> Severity:
        """A warning where a default alone leads here and the facts allow no more."""
        asked_for = all(setting.given for setting in self.settings)
        return Severity.ERROR if self.entry.certain or asked_for else Severity.WARNING


@final
class InputWithoutLabel(Rule):
    """A label that the model takes as input and that no frame can have.

    What it checks: labels that the model reads as inputs in a stage are mapped in `heads`: the multipoles
    and the Fermi level in mode direct, what iterations start from, what "average" is an average of, formal
    charges, electronegativities and hardnesses that come from the data.

    Why it matters: a label that `heads` does not map is zero in every frame, with full weight, and the
    trainer uses it. Mode direct then trains in the potential of no charges at 0 V; averaged norms collapse
    to 1e-8. Nothing is said.

    How to fix: map the label in `heads`, or choose the setting from the message that does without it.
    """

    code, slug, severity = "F122", "input-without-label", Severity.ERROR
    after = ("M108",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per label."""
        head = context.run.head
        if head is None:
            return
        uses: dict[str, list[_Use]] = {}
        for use in _uses(context):
            uses.setdefault(use.entry.quantity, []).append(use)
        for name, found in uses.items():
            quantity = context.trainer.quantity_by_name.get(name)
            if quantity is not None and _is_unmapped(head, quantity):
                yield self._unmapped(context, head, quantity, found)

    def _unmapped(self, context: Context, head: Head, quantity: Quantity, uses: list[_Use]) -> Diagnostic:
        first = max(uses, key=lambda use: use.severity)
        entry = head.info_entry if quantity.container == "info_keys" else head.arrays_entry
        place = Label(entry.key_span, f"no `{quantity.name}` in here") if entry.key_span else None
        without = f"; or {first.entry.otherwise}" if first.entry.otherwise else ""
        return self.finding(
            f"`{quantity.name}` is read as an input, but `heads` does not map it",
            span=_place(context, first),
            severity=first.severity,
            labels=(place,) if place else (),
            notes=tuple(dict.fromkeys(_reason(use) for use in uses))[:4],
            when="every frame silently gets zeros for it, from the first batch on",
            help=f"map it in `{quantity.container}`, as `{quantity.name}: {quantity.safe_key}`{without}",
        )


def _uses(context: Context) -> Iterator[_Use]:
    """Every use that is certain; those of the whole run once."""
    seen: set[LabelInput] = set()
    for resolution in context.stages:
        model = stage_model(context, resolution)
        lookup = stage_lookup(context.run, resolution.stage)
        for entry in model.inputs if model else ():
            staged = any(condition.option not in context.trainer.option_by_name for condition in entry.when)
            if entry.harmless or entry in seen or all_hold(entry.when, lookup) is not Verdict.MET:
                continue
            if not staged:
                seen.add(entry)
            yield _Use(entry, _settings(entry, lookup), resolution.stage if staged else None)


def _settings(entry: LabelInput, lookup: Lookup) -> tuple[Setting[Any], ...]:
    return tuple(lookup(condition.option) for condition in entry.when)


def _is_unmapped(head: Head, quantity: Quantity) -> bool:
    """In neither map; a label in the wrong one, and `total_charge`, are findings about the heads."""
    if quantity.container is None or quantity.name == "total_charge":
        return False
    key = head.key_of(quantity.name)
    complete = head.info_entry.known and head.arrays_entry.known
    return complete and (key is None or key.raw == "none")


def _place(context: Context, use: _Use) -> Any:
    written = [setting for setting in use.settings if setting.given]
    if written:
        return written[-1].span
    return context.run.option("model").span or (use.stage.span if use.stage else None)


def _reason(use: _Use) -> str:
    where = f"{use.stage.title}: " if use.stage else ""
    assumed = [setting.shown for setting in use.settings if not setting.given]
    return f"{where}{use.entry.reason}" + (f"; {', '.join(assumed)}" if assumed else "")
