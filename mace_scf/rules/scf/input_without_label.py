"""F122: a label that the model takes as input and that no frame can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, final

import attrs

from ...catalog.model import LabelInput
from ...catalog.quantity import Quantity
from ...config import Head, Setting, Stage
from ...diagnostics import Diagnostic, Fix, Label, Severity, Span
from ...resolve import Lookup, Verdict, all_hold, stage_lookup
from ...source import Mapping
from ..helpers import addition, together
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
        """A warning where a default alone leads here; the last condition is the one that decides."""
        asked_for = bool(self.settings) and self.settings[-1].given
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
        """One finding per place that asks for labels."""
        head = context.run.head
        if head is None:
            return
        found = ((use, context.trainer.quantity_by_name.get(use.entry.quantity)) for use in _uses(context))
        missing: dict[str, list[_Use]] = {}
        for use, quantity in found:
            if quantity is not None and _is_unmapped(head, quantity):
                missing.setdefault(quantity.name, []).append(use)
        places: dict[Span | None, list[str]] = {}
        for name, uses in missing.items():
            places.setdefault(_place(context, _gravest(uses)), []).append(name)
        for place, names in places.items():
            yield self._unmapped(context, head, place, {name: missing[name] for name in names})

    def _unmapped(
        self, context: Context, head: Head, place: Span | None, missing: dict[str, list[_Use]]
    ) -> Diagnostic:
        uses = [use for found in missing.values() for use in found]
        quantities = [context.trainer.quantity_by_name[name] for name in missing]
        verb = "is" if len(missing) == 1 else "are"
        return self.finding(
            f"{_listed(missing)} {verb} read as input, but not mapped in `heads`",
            span=place,
            severity=_gravest(uses).severity,
            labels=tuple(label for quantity in quantities for label in _map(head, quantity)),
            notes=tuple(dict.fromkeys(_reason(use) for use in uses))[:4],
            when="zeros take the place of the labels in every frame, silently",
            help=_help(quantities, _gravest(uses)),
            fix=_mapped(context, head, quantities),
        )


def _gravest(uses: list[_Use]) -> _Use:
    return max(uses, key=lambda use: use.severity)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _map(head: Head, quantity: Quantity) -> tuple[Label, ...]:
    entry = head.info_entry if quantity.container == "info_keys" else head.arrays_entry
    return (Label(entry.key_span, f"no `{quantity.name}` in here"),) if entry.key_span else ()


def _help(quantities: list[Quantity], use: _Use) -> str:
    lines = " and ".join(f"`{item.name}: {item.safe_key}` to `{item.container}`" for item in quantities)
    return f"add {lines}" + (f", or {use.entry.otherwise}" if use.entry.otherwise else "")


def _mapped(context: Context, head: Head, quantities: list[Quantity]) -> Fix | None:
    """The recommended keys, to be checked against the files; those of one map together."""
    content: dict[str, dict[str, str]] = {}
    for item in quantities:
        if not item.safe_key or item.container is None or head.key_of(item.name) is not None:
            return None
        content.setdefault(item.container, {})[item.name] = item.safe_key
    entries = {"info_keys": head.info_entry, "arrays_keys": head.arrays_entry}
    fixes = [
        addition(context, entries[name].key_span, node, lines, safe=False)
        for name, lines in content.items()
        if isinstance(node := entries[name].node, Mapping)
    ]
    listed = " and ".join(f"`{item.name}`" for item in quantities)
    return together(f"map {listed} in `heads`", *fixes) if len(fixes) == len(content) else None


def _uses(context: Context) -> Iterator[_Use]:
    """Every use that is certain; those of the whole run once."""
    seen: set[LabelInput] = set()
    for resolution in context.stages:
        model = stage_model(context, resolution)
        lookup = stage_lookup(context.run, resolution.stage)
        for entry in model.inputs if model else ():
            staged = not all(context.trainer.is_of_the_run(condition.option) for condition in entry.when)
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


def _place(context: Context, use: _Use) -> Span | None:
    written = [setting for setting in use.settings if setting.given]
    if written:
        return written[-1].span
    return context.run.option("model").span or (use.stage.span if use.stage else None)


def _reason(use: _Use) -> str:
    where = f"{use.stage.title}: " if use.stage else ""
    assumed = [setting.shown for setting in use.settings if not setting.given]
    return f"{where}{use.entry.reason}" + (f"; {', '.join(assumed)}" if assumed else "")
