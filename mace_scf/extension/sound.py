"""Whether a declaration agrees with itself: choices with their texts, limits, conditions, groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..catalog.model import Model
from ..catalog.option import Condition, Kind, Option, is_number, shown
from ..catalog.term import Term
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic
from .apply import declarations
from .declaration import SECTIONS, Extension, identity, place_of
from .problems import contradiction

_NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.NUMBER_OR_NONE_WORD)
_TRUTHS = (Kind.BOOLEAN_WORD, Kind.STRICT_BOOLEAN, Kind.FLAG, Kind.FLAG_OFF)
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def contradictions(extended: Trainer, extension: Extension) -> Iterator[Diagnostic]:
    """Of every declaration that the extension adds or changes."""
    offered = _choices(extended)
    for section in SECTIONS:
        edits = extension.of(section.name)
        items = {identity(item): item for item in declarations(extended, section)}
        for entry in (entry for entry in edits.declared if entry.name in items):
            for word, message, advice in _of(items[entry.name], offered):
                span = place_of(entry.node, word, entry.key)
                yield contradiction(f"`{entry.name}`: {message}", span, advice=advice)
    yield from _emptied(extended, extension)


def _emptied(extended: Trainer, extension: Extension) -> Iterator[Diagnostic]:
    """A trainer without models or terms trains nothing."""
    for name in ("terms", "models", "boundary_methods"):
        if not getattr(extended, name):
            span = extension.of(name).remove[0].key if extension.of(name).remove else extension.extends_span
            yield contradiction(f"no {name} are left", span, advice="keep one at least")


_Found = Iterator[tuple[str, str, str]]
"""Word at the place, message, advice."""


def _of(item: Any, offered: dict[str, tuple[Any, ...]]) -> _Found:
    if isinstance(item, Option):
        yield from _of_option(item, offered)
    elif isinstance(item, Term):
        yield from _of_term(item)
    elif isinstance(item, Model):
        yield from _of_model(item, offered)


def _of_option(option: Option, offered: dict[str, tuple[Any, ...]]) -> _Found:
    if _KEY.fullmatch(option.name) is None:
        yield option.name, "this is no name of an option", "use letters, digits, - and _"
    if option.choice_docs and len(option.choice_docs) != len(option.choices):
        counts = f"{len(option.choices)} choices, but {len(option.choice_docs)} texts on them"
        yield "choice_docs", counts, "write one text for each choice"
    if option.choices and option.default is not None and option.default not in option.choices:
        yield "default", f"the default `{option.default}` is no choice", "add it to the choices"
    elif option.default is not None:
        yield from _of_default(option)
    if None not in (option.minimum, option.maximum) and (option.minimum or 0.0) > (option.maximum or 0.0):
        yield "minimum", "the minimum lies above the maximum", "exchange them"
    if (option.minimum, option.maximum) != (None, None) and option.kind not in _NUMBERS:
        yield "kind", "limits are for numbers", "make it a number, or leave the limits out"
    yield from _of_conditions((*option.only_if, *option.not_if), offered)


def _of_default(option: Option) -> _Found:
    """A default that the option itself would refuse."""
    default, kind = option.default, option.kind
    if kind in _TRUTHS and not isinstance(default, bool):
        yield "default", f"the default `{default}` is neither true nor false", "give true or false"
    elif kind not in _NUMBERS or (kind is Kind.NUMBER_OR_NONE_WORD and default == "None"):
        return
    elif not is_number(default):
        yield (
            "default",
            f"the default `{shown(default)}` is no number",
            "YAML 1.1 wants a point and a sign: `1.0e-3`",
        )
    elif kind is Kind.INTEGER and default != int(default):
        yield "default", f"the default `{default}` is no whole number", "give a whole number"
    elif _lies_beyond(option, default):
        yield "default", f"the default `{default}` lies beyond the limits", "change it, or the limits"


def _lies_beyond(option: Option, value: float) -> bool:
    low, high = option.minimum, option.maximum
    below = low is not None and (value < low or (value == low and option.exclusive_minimum))
    above = high is not None and (value > high or (value == high and option.exclusive_maximum))
    return below or above


def _of_term(term: Term) -> _Found:
    siblings = {option.name for option in term.options}
    if "weight" in siblings:
        yield "weight", "every term has a `weight`", "leave it out of the options"
    if term.form == "class" and not term.options:
        yield "form", "a class term has options, and this one has none", "declare them, or make it a function"
    if not term.predictions:
        yield "predictions", "a term compares at least one prediction", "name it"
    for option in term.options:
        yield from _of_option(option, {})
        for condition in (*option.only_if, *option.not_if):
            if condition.option not in siblings:
                advice = "conditions of a term's options are on its other options"
                yield condition.option, f"it has no option `{condition.option}`", advice


def _of_model(model: Model, offered: dict[str, tuple[Any, ...]]) -> _Found:
    for group, _ in model.conditional_groups:
        if group not in model.parameter_groups:
            yield group, f"`{group}` is conditional, but no parameter group", "add it to `parameter_groups`"
    yield from _of_conditions(conditions_of(model), offered)


def conditions_of(model: Model) -> Iterator[Condition]:
    """Every condition of a model's declaration."""
    for provision in model.provides:
        yield from provision.when
    for conservation in model.conserves:
        yield from conservation.when
    for read in model.inputs:
        yield from read.when
    for refusal in model.refuses:
        yield from refusal.when
    for _, when in model.conditional_groups:
        yield from when


def _of_conditions(conditions: Iterable[Condition], offered: dict[str, tuple[Any, ...]]) -> _Found:
    for condition in conditions:
        choices = offered.get(condition.option, ())
        for value in condition.values:
            if choices and value is not None and value not in choices:
                known = ", ".join(f"`{choice}`" for choice in choices)
                yield str(value), f"`{condition.option}` is never `{value}`", f"it is one of {known}"


def _choices(trainer: Trainer) -> dict[str, tuple[Any, ...]]:
    """Options with a fixed list of values, those of stages and of term options included."""
    blocks = (trainer.blocks.stage, trainer.blocks.fixed_point, trainer.blocks.scf)
    nested = [option for block in blocks for option in block]
    return {option.name: option.choices for option in (*trainer.options, *nested) if option.choices}
