"""A loss term: residual, error function, level and weights, declared; and the registry of all terms."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

import attrs
from torch import Tensor

from .batch import PREDICTIONS, Layout, Level
from .errorfunction import SQUARED, ErrorFunction
from .problems import TermRegistrationError

if TYPE_CHECKING:
    from .columns import Columns
    from .items import TermInputs

ENTRY_POINT_GROUP = "mace_scf.loss_terms"

Options = Mapping[str, object]


def number(options: Options, name: str) -> float:
    """A numeric option; settings hold it as a float already."""
    value = options[name]
    assert isinstance(value, float), "settings turn numeric options into floats"
    return value


class LinearMap(Protocol):
    """A linear function of one prediction, with its adjoint, such as the charge of a frame.

    Attributes:
        name: key under which the mapped prediction is shared between terms.
        level: what the mapped rows count.
        inner: a map that comes first, or ``None``.
    """

    @property
    def name(self) -> str: ...

    @property
    def level(self) -> Level: ...

    @property
    def inner(self) -> LinearMap | None: ...

    def forward(self, values: Tensor, columns: Columns) -> Tensor:
        """Mapped rows, (n_rows, width)."""

    def add_adjoint(self, gradient: Tensor, rows: Tensor, columns: Columns) -> None:
        """Add the adjoint of ``rows`` to ``gradient``, in place."""

    def row_norm2(self, columns: Columns) -> Tensor:
        """Squared length of each row of the map, (n_rows,), the inner map included."""


@attrs.frozen
class Difference:
    """Residual = map(prediction) - map(reference), optionally over the atoms of the frame.

    Attributes:
        prediction: key of the prediction.
        label: quantity of the reference; ``None`` if the model hands over its own target.
        target: prediction key of that target.
        map: applied to the prediction, and to the label unless ``label_is_mapped``.
        label_is_mapped: the label already has the shape of the mapped prediction.
        per_atom: divide the residual by the number of atoms, inside the error function.
    """

    prediction: str
    label: str | None = None
    target: str | None = None
    map: LinearMap | None = None
    label_is_mapped: bool = False
    per_atom: bool = False


@attrs.define(eq=False)
class Items:
    """What a term's own function returns: error values before weights, item by item.

    Attributes:
        values: at least 0, (n_items, width), items counted by the term's level.
        present: which values count, broadcast to ``values``; ``None`` for all in labelled frames.
        elements: divisor of the mean if it is not the number of values.
    """

    values: Tensor
    present: Tensor | None = None
    elements: Tensor | int | None = None


@attrs.frozen
class Honoured:
    """Which weights multiply a term and which labels must be present for it to count."""

    config: bool = True
    properties: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def _squared(_: Options) -> ErrorFunction:
    return SQUARED


@attrs.frozen
class Term:
    """The arithmetic of one loss term; its words, unit and options for users are in the catalog.

    Attributes:
        name: as in a config.
        level: what its residuals count.
        difference: the residual, as data; such terms run on the fused path.
        error: makes the error function from the options (of a difference).
        compared: the residual whose MAE and RMSE are reported, where ``function`` computes the error.
        function: for any other term: error values from the inputs.
        predictions: prediction keys it reads.
        targets: those of them that play the reference; gradient norms leave them out.
        honoured: weights and presence by default.
        upstream: the same where upstream's numbers are wanted.
        options: option names with their defaults.
        error_per_atom: divide the error by the number of atoms, outside the error function.
        divides_by: ``items`` (mean over items and components), or ``frames`` (over frames and components).
        upstream_function: replaces the arithmetic where upstream's differs.
        upstream_difference: likewise for a difference.
        is_class: a constructed loss upstream, which a bare weight does not construct.
        reduced: upstream takes its mean over all ranks.
        structure: fields of the references besides labels, such as ``positions``.
        layouts: layouts of prediction keys that are not in :data:`PREDICTIONS`.
    """

    name: str
    level: Level
    difference: Difference | None = None
    error: Callable[[Options], ErrorFunction] = _squared
    function: Callable[[TermInputs], Items] | None = None
    compared: Difference | None = None
    predictions: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    honoured: Honoured = Honoured()
    upstream: Honoured | None = None
    options: Mapping[str, object] = attrs.Factory(dict)
    error_per_atom: bool = False
    divides_by: str = "items"
    upstream_function: Callable[[TermInputs], Items] | None = None
    upstream_difference: Difference | None = None
    is_class: bool = False
    reduced: bool = False
    structure: tuple[str, ...] = ()
    layouts: Mapping[str, Layout] = attrs.Factory(dict)

    def layout(self, key: str) -> Layout | None:
        """Layout of a prediction key, if declared."""
        return self.layouts.get(key) or PREDICTIONS.get(key)

    @property
    def labels(self) -> tuple[str, ...]:
        """Quantities whose values it reads; a term with a target of the model's own reads none."""
        needs = self.honoured.needs
        if self.difference is not None:
            own = (self.difference.label,) if self.difference.label is not None else ()
            return (*own, *(name for name in needs if name == "molecule" and name not in own))
        return tuple(name for name in needs if name != "rho_fftn")

    def under(self, compat: str | None) -> Term:
        """The term as upstream computes it, or itself."""
        if compat != "upstream":
            return self
        return attrs.evolve(
            self,
            honoured=self.upstream or self.honoured,
            function=self.upstream_function or self.function,
            difference=None if self.upstream_function else (self.upstream_difference or self.difference),
        )


_REGISTRY: dict[str, Term] = {}
_loaded: list[str] = []


def register(term: Term) -> Term:
    """Make a term known under its name, for this process.

    Raises:
        TermRegistrationError: the name is taken, or the term has no arithmetic.
    """
    _load()
    if not term.name.isidentifier():
        raise TermRegistrationError(
            f"`{term.name}` is no name for a loss term: letters, digits and underscores"
        )
    if term.name in _REGISTRY:
        raise TermRegistrationError(f"a loss term `{term.name}` is already registered")
    if (term.difference is None) == (term.function is None):
        raise TermRegistrationError(f"loss term `{term.name}` needs either a difference or a function")
    unknown = [name for name in term.predictions if term.layout(name) is None]
    if unknown:
        raise TermRegistrationError(f"loss term `{term.name}` declares no layout for `{unknown[0]}`")
    if term.difference is not None:
        _check_difference(term, term.difference)
    _REGISTRY[term.name] = term
    return term


def _check_difference(term: Term, difference: Difference) -> None:
    """Rows of a residual are what the term counts: sums read them by its level."""
    if (difference.label is None) == (difference.target is None):
        raise TermRegistrationError(
            f"loss term `{term.name}` needs either a label or a target to compare with"
        )
    for key, map_ in ((difference.prediction, difference.map), (difference.target, None)):
        if key is None:
            continue
        layout = term.layout(key) if key in term.predictions else None
        if layout is None:
            raise TermRegistrationError(f"loss term `{term.name}` compares `{key}`: list it in `predictions`")
        level = layout.level if map_ is None else map_.level
        if level is not term.level:
            what = f"loss term `{term.name}` counts {term.level.value}, but `{key}` has a row for each of"
            raise TermRegistrationError(f"{what} {level.value}")


def unregister(name: str) -> None:
    """Forget a term that :func:`register` made known."""
    _REGISTRY.pop(name, None)


def registered_terms() -> dict[str, Term]:
    """Every term by name: shipped ones, installed ones and those registered here."""
    _load()
    return dict(_REGISTRY)


def _load() -> None:
    if _loaded:
        return
    _loaded.append("shipped")
    from .terms import SHIPPED

    for term in SHIPPED:
        _REGISTRY.setdefault(term.name, term)
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        try:
            register(entry.load())
        except Exception as error:  # whatever a package of others raises: the terms of this one are needed
            told = f"{type(error).__name__}: {error}"
            warnings.warn(f"loss term `{entry.name}` of `{entry.value}` is left out: {told}", stacklevel=2)
