"""Loss terms by model and mode: what each model can do for each term, before any run is written."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from functools import cache
from typing import Any

import attrs

from ..catalog.model import Carries, Model, Provision
from ..catalog.option import Condition
from ..catalog.term import Term
from ..catalog.trainer import Trainer
from ..config import Setting, Source
from .needs import Lookup, Need, Verdict, all_hold, prediction_need


class Service(enum.Enum):
    """What a model does for a term."""

    YES = "yes"
    OPTION = "with option"
    ECHO = "echo"
    STILL = "no gradient"
    FIXED = "conserved"
    NO = "no"


@attrs.frozen
class Column:
    """A model in one of its modes; ``mode`` is "" for a model without modes."""

    model: Model
    mode: str = ""

    @property
    def title(self) -> str:
        """``FixedPoint direct``."""
        return f"{self.model.name} {self.mode}".strip()


@attrs.frozen
class Cell:
    """A term under a model in a mode.

    Attributes:
        service: the answer, with defaults for options that decide.
        conditions: options that decide beside the mode; to be changed where the service is ``OPTION``.
        note: why, and what the conditions are, in a phrase; "" where nothing needs saying.
    """

    term: Term
    column: Column
    service: Service
    conditions: tuple[Condition, ...] = ()
    note: str = ""


def columns(trainer: Trainer, *, models: Iterable[Model] | None = None) -> tuple[Column, ...]:
    """Every model in every mode, in catalog order."""
    chosen = trainer.models if models is None else tuple(models)
    return tuple(Column(model, mode) for model in chosen for mode in model.modes or ("",))


def cell(term: Term, column: Column, trainer: Trainer) -> Cell:
    """What a model in a mode does for a term, by the same answers that a run gets."""
    seen, assumed = _lookup(column), _lookup(column, trainer)
    sure = [_need(term, name, column, seen) for name in term.predictions]
    likely = [_need(term, name, column, assumed) for name in term.predictions]
    refused = [need for need in sure if need.verdict is Verdict.NOT_MET]
    if refused:
        return Cell(term, column, Service.NO, note=_reason(refused[0], column))
    blocking = tuple(dict.fromkeys(condition for need in likely for condition in need.blocking))
    if blocking:
        service = Service.OPTION if likely[0].carries is Carries.GRADIENT else _SERVICES[likely[0].carries]
        return Cell(term, column, service, blocking, f"with {_texts(_deciding(term, column, likely[0]))}")
    return _conserved(term, column, trainer) or _served(term, column, trainer, likely[0])


def _conserved(term: Term, column: Column, trainer: Trainer) -> Cell | None:
    """The model fixes the quantity, given its defaults."""
    assumed = _lookup(column, trainer)
    for item in column.model.conserves:
        if item.quantity == term.quantity and all_hold(item.when, assumed) is Verdict.MET:
            deciding = _beside_mode(item.when)
            condition = f"; with {_with_default(deciding, trainer)}" if deciding else ""
            return Cell(term, column, Service.FIXED, deciding, f"{item.reason}{condition}")
    return None


def _served(term: Term, column: Column, trainer: Trainer, need: Need) -> Cell:
    """Options as they are by default give a prediction; of what kind is it?"""
    service = _SERVICES[need.carries] if term.gradient else Service.STILL
    deciding = _deciding(term, column, need)
    parts = [need.chain] if service is not Service.YES else []
    parts += [f"with {_with_default(deciding, trainer)}"] if deciding else []
    others = _otherwise(term, column, need)
    parts += [f"otherwise {others}"] if deciding and others else []
    return Cell(term, column, service, deciding, "; ".join(parts))


_SERVICES = {
    Carries.GRADIENT: Service.YES,
    Carries.ECHO: Service.ECHO,
    Carries.CONSTANT: Service.STILL,
    Carries.DETACHED: Service.STILL,
    Carries.CONSERVED: Service.FIXED,
}


def _need(term: Term, prediction: str, column: Column, lookup: Lookup) -> Need:
    return prediction_need(column.model, prediction, lookup, columns=term.columns)


def _lookup(column: Column, trainer: Trainer | None = None) -> Lookup:
    """Model and mode are known; of a trainer, the defaults of everything else too."""
    given = {"model": column.model.name, **({"mode": column.mode} if column.mode else {})}

    def lookup(name: str) -> Setting[Any]:
        if name in given:
            return Setting(name, given[name], Source.FILE, known=True)
        defaults = {} if trainer is None else _defaults(trainer)
        return Setting(name, defaults.get(name), Source.DEFAULT, known=name.partition(".")[0] in defaults)

    return lookup


@cache
def _defaults(trainer: Trainer) -> dict[str, Any]:
    """Defaults by name, those of a stage's blocks included."""
    stage = (*trainer.blocks.fixed_point, *trainer.blocks.scf)
    return {option.name: option.default for option in (*trainer.options, *stage)}


def _in_mode(term: Term, column: Column, prediction: str) -> list[Provision]:
    """The ways in which the model returns something in this mode."""
    here = _lookup(column)
    ways = column.model.provisions(prediction, term.columns)
    return [way for way in ways if all_hold(_modes(way.when), here) is Verdict.MET]


def _deciding(term: Term, column: Column, need: Need) -> tuple[Condition, ...]:
    """Conditions beside the mode under which the model gives this kind of value."""
    ways = [way for way in _in_mode(term, column, need.name) if way.carries is need.carries]
    return _beside_mode(ways[0].when) if ways else ()


def _otherwise(term: Term, column: Column, need: Need) -> str:
    """What the value is in this mode where the conditions do not hold."""
    kinds = [way.carries for way in _in_mode(term, column, need.name) if way.carries is not need.carries]
    return " or ".join(dict.fromkeys(_SERVICES[kind].value for kind in kinds))


def _modes(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(condition for condition in conditions if condition.option == "mode")


def _beside_mode(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(condition for condition in conditions if condition.option != "mode")


def _with_default(conditions: Iterable[Condition], trainer: Trainer) -> str:
    """The conditions, and whether defaults, where there are any, meet them."""
    conditions = tuple(conditions)
    required = {option.name for option in trainer.blocks.scf if option.required}
    met = all(condition.option not in required for condition in conditions)
    return f"{_texts(conditions)}{', the default' if met else ''}"


def _texts(conditions: Iterable[Condition]) -> str:
    return " and ".join(f"`{condition.text}`" for condition in conditions)


def _reason(need: Need, column: Column) -> str:
    """Why there is no prediction, without what the column says already."""
    elsewhere = [condition for condition in need.blocking if condition.option == "mode"]
    if elsewhere:
        return f"`{need.name}` needs {_texts(elsewhere)}"
    return f"`{column.model.name}` returns no `{need.name}`"
