"""Terms with their weights and options, ready to be computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import attrs
import torch
from torch import Tensor

from .errorfunction import SQUARED, ErrorFunction
from .problems import LossInputError
from .term import Term, registered_terms


class TermSpec(Protocol):
    """What a validated stage says about one term."""

    @property
    def name(self) -> str:
        """As in the config."""

    @property
    def weight(self) -> float:
        """Stage weight."""

    @property
    def options(self) -> Mapping[str, object]:
        """Options besides the weight."""


class StageTerms(Protocol):
    """What the engine needs of a validated stage."""

    @property
    def terms(self) -> Sequence[TermSpec]:
        """In the order of the config."""


@attrs.frozen
class TermSetting:
    """One term of an engine.

    Attributes:
        term: its arithmetic, under the engine's ``compat``.
        weight: stage weight.
        options: all options, defaults filled in.
        error: error function of a difference, options filled in.
        scalars: numeric options as tensors: numbers would become constants of a compiled graph.
        is_fused: a squared difference, which the fused path computes.
    """

    term: Term
    weight: float
    options: Mapping[str, object]
    error: ErrorFunction = attrs.field(init=False)
    scalars: dict[str, Tensor] = attrs.field(init=False)
    is_fused: bool = attrs.field(init=False)

    @scalars.default
    def _tensors(self) -> dict[str, Tensor]:
        numbers = {name: value for name, value in self.options.items() if type(value) is float}
        return {
            name: torch.tensor(value, dtype=torch.float64, device="cpu") for name, value in numbers.items()
        }

    @error.default
    def _made(self) -> ErrorFunction:
        return self.term.error(self.options)

    @is_fused.default
    def _squared_difference(self) -> bool:
        return self.term.difference is not None and self.error is SQUARED


def settings_of(specs: Iterable[TermSpec], compat: str | None) -> tuple[TermSetting, ...]:
    """Settings of specified terms.

    Raises:
        LossInputError: no arithmetic is registered under a name.
    """
    known = registered_terms()
    return tuple(_setting(known, spec, compat) for spec in specs)


def _setting(known: Mapping[str, Term], spec: TermSpec, compat: str | None) -> TermSetting:
    if spec.name not in known:
        raise LossInputError(spec.name, "term", expected="a registered loss term", found="no such name")
    term = known[spec.name].under(compat)
    options = {name: _like(spec.options.get(name), default) for name, default in term.options.items()}
    return TermSetting(term, float(spec.weight), options)


def _like(value: object, default: object) -> object:
    """The value of an option, or its default; whole numbers become floats where the default is one."""
    if value is None:
        return default
    return float(value) if isinstance(default, float) and isinstance(value, int | float) else value
