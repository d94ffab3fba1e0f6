"""Which models are left for a run whose model was not seen: each term, and each mode, leaves fewer."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ...catalog.model import Model
from ...diagnostics import Span
from ..rule import Context
from ._words import able_models, terms


@attrs.frozen
class Demand:
    """Something written in the schedule that only some models take.

    Attributes:
        name: term, or the key of the fixed-point options.
        span: where it first stands.
        models: those that take it.
    """

    name: str
    span: Span
    models: tuple[Model, ...]


def demands(context: Context) -> tuple[Demand, ...]:
    """In file order, what the schedule asks of the unseen model; empty where the model was written.

    Terms that every model serves, or none, ask nothing.
    """
    setting = context.run.option("model")
    if setting.known or setting.given:
        return ()
    found: dict[str, Demand] = {}
    for demand in _all(context):
        found.setdefault(demand.name, demand)
    return tuple(demand for demand in found.values() if 0 < len(demand.models) < len(context.trainer.models))


def _all(context: Context) -> Iterator[Demand]:
    able: dict[str, tuple[Model, ...]] = {}
    with_modes = tuple(model for model in context.trainer.models if model.modes)
    for stage, resolution in terms(context):
        for block in stage.stage.blocks:
            name = "scf_training_options" if block.deprecated else "fixed_point_training_options"
            yield Demand(name, block.key_span, with_modes)
        term = resolution.term
        if term is not None:
            models = able.setdefault(term.name, able_models(term, context.trainer))
            yield Demand(term.name, resolution.entry.key_span, models)


def left(found: tuple[Demand, ...], context: Context) -> tuple[Model, ...]:
    """Models that take all of it."""
    return tuple(
        model for model in context.trainer.models if all(model in demand.models for demand in found)
    )  # fmt: skip


def grouped(found: tuple[Demand, ...]) -> dict[tuple[str, ...], list[Demand]]:
    """Demands with the same models together, by the names of these."""
    groups: dict[tuple[str, ...], list[Demand]] = {}
    for demand in found:
        groups.setdefault(tuple(model.name for model in demand.models), []).append(demand)
    return groups


def sentences(found: tuple[Demand, ...]) -> tuple[str, ...]:
    """`` `dipole`, `esps`: FixedPoint`` for each group."""
    return tuple(
        f"{', '.join(f'`{demand.name}`' for demand in group)}: {', '.join(names)}"
        for names, group in grouped(found).items()
    )
