"""What is known of a loss term, as a page of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ..catalog.option import Option, shown
from ..catalog.quantity import Quantity
from ..catalog.registry import trainers
from ..catalog.term import Term
from ..catalog.trainer import Trainer
from ..config.values import expectation
from ..resolve.matrix import Column, Service, cell, columns

_MARGIN = 12


def term_page(term: Term, trainer: Trainer, *, width: int = 100) -> str:
    """The page of a loss term.

    Args:
        term: which.
        trainer: whose habits with missing labels and options are told.
        width: of the lines.
    """
    lines = [f"{term.name}\n\n{textwrap.fill(term.doc, width)}\n"]
    for title, text in _facts(term, trainer):
        wrap = textwrap.TextWrapper(width, f"{title:<{_MARGIN}}", " " * _MARGIN, break_on_hyphens=False)
        lines.append(wrap.fill(text))
    return "\n".join(lines) + "\n"


def _facts(term: Term, trainer: Trainer) -> Iterator[tuple[str, str]]:
    yield "in a loss", _written(term, trainer)
    yield "formula", term.formula
    yield "unit", term.unit or "none"
    yield "reads", ", ".join(f"`{name}`" for name in term.predictions) + " of the prediction"
    for title, text in zip(_titles("labels"), _labels(term, trainer), strict=False):
        yield title, text
    yield "weights", _weights(term, trainer)
    for title, text in zip(_titles("options"), _options(term), strict=False):
        yield title, text
    for title, text in zip(_titles("models"), _models(term, trainer), strict=False):
        yield title, text
    if term.note:
        yield "note", term.note
    yield "trainers", ", ".join(trainers_with(term, trainer))
    yield "source", term.source


def trainers_with(term: Term, trainer: Trainer) -> list[str]:
    """Names of the trainer versions that have the term; of an extended one too, if it is the one asked for."""
    versions = dict.fromkeys((*trainers(), trainer))
    return [version.name for version in versions if term.name in version.term_by_name]


def _written(term: Term, trainer: Trainer) -> str:
    """How a stage names it."""
    options = "".join(f", {option.name}: {shown(option.default)}" for option in term.options)
    mapping = f"`{term.name}: {{weight: 1.0{options}}}`"
    if term.options and term.form == "class" and not trainer.bare_class_terms:
        return f"{mapping}, with one option at least"
    return f"`{term.name}: 1.0`" + (f", or {mapping}" if options else "")


def _titles(first: str) -> Iterator[str]:
    """The title once, then nothing beside the further lines."""
    yield first
    while True:
        yield ""


def _labels(term: Term, trainer: Trainer) -> Iterator[str]:
    if not term.references:
        yield "none"
    for name in term.references:
        yield _label(trainer.quantity_by_name[name], trainer)


def _label(quantity: Quantity, trainer: Trainer) -> str:
    unit = f", {quantity.unit}" if quantity.unit else ""
    where = f"`{quantity.name}` under `{quantity.container}`{unit}, for instance as `{quantity.safe_key}`"
    if trainer.leaves_out_unlabelled:
        return f"{where}; a frame without it is left out"
    return f"{where}; not mapped: {_zeros(quantity.unmapped)}; absent from a frame: {_zeros(quantity.absent)}"


def _zeros(filled: tuple[float, float | None]) -> str:
    value, weight = filled
    return f"{value:g}" + (", without a weight" if weight is None else f" with weight {weight:g}")


def _weights(term: Term, trainer: Trainer) -> str:
    parts = ["`config_weight` of the frame"] if term.config_weight else []
    quantity = trainer.quantity_by_name.get(term.weight_of)
    if quantity is not None:
        parts.append(f"that of `{quantity.name}` (`{quantity.weight}`)")
    return ", ".join(["weight of the stage", *parts])


def _options(term: Term) -> Iterator[str]:
    if not term.options:
        yield "none beside `weight`"
    for option in term.options:
        takes = f"{expectation(option)}, default {shown(option.default)}{_unit(option)}"
        yield f"`{option.name}`: {takes}. {option.doc}"


def _unit(option: Option) -> str:
    return f" {option.unit}" if option.unit else ""


def _models(term: Term, trainer: Trainer) -> Iterator[str]:
    """Models with the same answer together, those that can first."""
    groups: dict[tuple[Service, str], list[Column]] = {}
    for column in columns(trainer):
        found = cell(term, column, trainer)
        note = "" if found.service is Service.NO else found.note
        groups.setdefault((found.service, note), []).append(column)
    if all(service is Service.NO for service, _ in groups):
        yield "none returns what it compares"
        return
    order = list(Service)
    for (service, note), found_in in sorted(groups.items(), key=lambda item: order.index(item[0][0])):
        yield f"{service.value}: {', '.join(_titled(found_in))}" + (f" ({note})" if note else "")


def _titled(found: Sequence[Column]) -> Iterator[str]:
    """Names of the models, with their modes where not all of them are meant."""
    models = dict.fromkeys(column.model for column in found)
    for model in models:
        modes = [column.mode for column in found if column.model is model]
        whole = len(modes) == len(model.modes or ("",))
        yield model.name if whole else f"{model.name} in {' and '.join(modes)}"
