"""Error values of one term, item by item, in plain differentiable arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs
import torch
from torch import Tensor

from .batch import Level
from .columns import Columns
from .errorfunction import SQUARED, ErrorFunction
from .presence import finite_label, frame_present
from .refusing import refuse, shape_of
from .term import Difference, Items, LinearMap, Term, number
from .weighting import check_components

_NOTHING: Mapping[str, Tensor] = MappingProxyType({})


@attrs.define(eq=False)
class TermInputs:
    """What the function of a term may look at.

    Attributes:
        term: the term itself.
        options: its options, defaults filled in.
        columns: sizes, frame of each atom, molecules.
        predictions: tensors by key.
        masked: absent labels are kept out (the default); ``False`` is upstream's way.
        error: error function of a difference.
        scalars: numeric options as tensors of no dimension, on the host; they follow any device and dtype.
    """

    term: Term
    options: dict[str, object]
    columns: Columns
    predictions: dict[str, Tensor]
    masked: bool = True
    error: ErrorFunction = SQUARED
    scalars: Mapping[str, Tensor] = _NOTHING

    def prediction(self, key: str) -> Tensor:
        """A prediction, at least in float32, 0 in frames that do not count."""
        value = self.raw_prediction(key)
        frames, layout = self.frames, self.term.layout(key)
        if frames is None or layout is None:
            return value
        rows = self.columns.rows(layout.level, frames if frames.dim() == 1 else frames.any(dim=1))
        rows = rows.reshape(-1, *(1 for _ in value.shape[1:]))
        return torch.where(rows, value, torch.zeros_like(value))

    def raw_prediction(self, key: str) -> Tensor:
        """A prediction as the model gave it, at least in float32."""
        value = self.predictions[key]
        return value if value.dtype in (torch.float64, torch.float32) else value.float()

    @property
    def frames(self) -> Tensor | None:
        """Frames that count, (G,) or (G, width); ``None`` if all do."""
        return frame_present(self.term.honoured, self.columns) if self.masked else None

    def or_one(self, per_frame: Tensor) -> Tensor:
        """A (G, ...) column in which frames that do not count hold 1, safe to divide by."""
        frames = self.frames
        if frames is None:
            return per_frame
        rows = frames.reshape(-1, *(1 for _ in per_frame.shape[1:]))
        return torch.where(rows, per_frame, torch.ones_like(per_frame))

    def reference(self, quantity: str) -> Tensor:
        """A label in which NaN and infinities are replaced by 0."""
        value = self.label(quantity)
        if not self.masked:
            return value
        return torch.where(finite_label(value), value, torch.zeros_like(value))

    def finite(self, quantity: str) -> Tensor | None:
        """Which elements of a label are finite; ``None`` if that does not matter."""
        return finite_label(self.label(quantity)) if self.masked else None

    def number(self, option: str) -> float:
        """A numeric option."""
        return number(self.options, option)

    @property
    def sizes(self) -> Tensor:
        """Atoms per frame, (G,)."""
        return self.columns.sizes

    @property
    def frame_of_atom(self) -> Tensor:
        """Frame of each atom, (N,)."""
        return self.columns.frame_of_atom

    def frame_sums(self, per_atom: Tensor) -> Tensor:
        """Sums over the atoms of each frame, (G, ...)."""
        return self.columns.frame_sums(per_atom, Level.ATOM)

    def label(self, quantity: str) -> Tensor:
        """A label as it is, holes and all."""
        value = self.columns.references.value(quantity)
        if value is None:
            refuse(self.term.name, quantity, expected="a label", found="nothing")
        return value


def term_items(inputs: TermInputs) -> Items:
    """Error values of a term with what counts of them, before any weight."""
    term = inputs.term
    items = _differences(inputs, term.difference) if term.difference else _computed(inputs)
    if not term.error_per_atom:
        return items
    sizes = inputs.columns.rows(term.level, inputs.sizes)[:, None]
    return attrs.evolve(items, values=items.values / sizes.to(items.values.dtype))


def residual_rows(inputs: TermInputs, difference: Difference) -> tuple[Tensor, Tensor | None]:
    """Residual (n_items, width), 0 where a label is absent, and what is present.

    Labels of higher precision than the model's are subtracted before anything is rounded.
    """
    predicted = mapped(inputs.raw_prediction(difference.prediction), difference.map, inputs.columns)
    reference, present = reference_rows(inputs, difference, predicted.shape[1])
    check_rows(inputs.term, difference, reference, predicted.shape)
    residual = predicted - reference
    if present is not None:
        residual = torch.where(present, residual, torch.zeros_like(residual))
    if difference.per_atom:
        residual = residual / inputs.columns.rows(inputs.term.level, inputs.sizes)[:, None].to(residual.dtype)
    return residual.to(predicted.dtype), present


def reference_rows(
    inputs: TermInputs, difference: Difference, width: int | None
) -> tuple[Tensor, Tensor | None]:
    """Reference (n_items, width), surplus columns cut, and what is present of it."""
    if difference.target is not None:
        target = two_axes(inputs.raw_prediction(difference.target))
        rows, present = target, finite_label(target) if inputs.masked else None
    else:
        rows, present = _label_rows(inputs, difference, width)
    return rows, with_frames(inputs, present, rows)


def check_rows(term: Term, difference: Difference, reference: Tensor, shape: torch.Size) -> None:
    """References are compared item by item: what broadcasts would be something else.

    Raises:
        LossInputError: they have another shape than the predictions.
    """
    if reference.shape != shape:
        key, expected = str(difference.label or difference.target), str(tuple(shape))
        refuse(term.name, key, expected=expected, found=shape_of(reference))


def with_frames(inputs: TermInputs, present: Tensor | None, values: Tensor) -> Tensor | None:
    """What is present of items in frames that count; ``None`` if that is everything."""
    frames = inputs.frames
    if frames is None:
        return None if present is None else present.expand_as(values)
    if frames.dim() == 2:
        check_components(inputs.term, frames.shape[1], values.shape[1])
    rows = inputs.columns.rows(inputs.term.level, frames)
    rows = rows if rows.dim() == 2 else rows[:, None]
    return (rows if present is None else present & rows).expand_as(values)


def two_axes(values: Tensor) -> Tensor:
    """Rows with all trailing axes in one."""
    if values.dim() == 2:
        return values
    return values[:, None] if values.dim() == 1 else values.flatten(1)


def _differences(inputs: TermInputs, difference: Difference) -> Items:
    residual, present = residual_rows(inputs, difference)
    return Items(inputs.error.value(residual), present)


def _computed(inputs: TermInputs) -> Items:
    function = inputs.term.function
    assert function is not None, "register() refuses terms without arithmetic"
    items = function(inputs)
    _check_rows(inputs, "values", items.values)
    if items.present is not None:
        _check_rows(inputs, "present", items.present)
    return attrs.evolve(items, present=with_frames(inputs, items.present, items.values))


def _check_rows(inputs: TermInputs, field: str, values: Tensor) -> None:
    """The sums that follow trust the number of rows: it comes from the batch, and is known without waiting."""
    term = inputs.term
    rows = inputs.columns.leading(term.level)
    if values.dim() != 2 or values.shape[0] != rows:
        expected = f"({rows}, width), a row for each {term.level.name.lower()}"
        refuse(term.name, f"{field} of its function", expected=expected, found=shape_of(values))


def mapped(values: Tensor, map_: LinearMap | None, columns: Columns, width: int | None = None) -> Tensor:
    """Rows of a mapped tensor, (n_rows, width); surplus columns of an unmapped one are cut."""
    if map_ is None:
        return two_axes(values)[:, :width]
    return map_.forward(mapped(values, map_.inner, columns), columns)


def without_surplus(rows: Tensor, level: Level, columns: Columns) -> Tensor:
    """Labels with NaN for the empty molecules beyond the last real one, which an index made in the step has."""
    if level is not Level.MOLECULE or columns.molecules.exact:
        return rows
    real = torch.arange(rows.shape[0], device=rows.device) < columns.molecules.ptr[-1]
    return torch.where(real[:, None], rows, torch.nan)


def _label_rows(
    inputs: TermInputs, difference: Difference, width: int | None
) -> tuple[Tensor, Tensor | None]:
    """Mapped labels; a missing label makes every row that needs it NaN, and so absent."""
    label = inputs.label(str(difference.label))
    map_ = None if difference.label_is_mapped else difference.map
    rows = mapped(label, map_, inputs.columns, width)
    if not inputs.masked:
        return rows, None
    rows = without_surplus(rows, inputs.term.level, inputs.columns)
    finite = finite_label(rows)
    return torch.where(finite, rows, torch.zeros_like(rows)), finite
