"""One term at a time in plain differentiable arithmetic: for compilers, second derivatives and new terms."""

from __future__ import annotations

import attrs
import torch
from torch import Tensor

from .batch import Level
from .items import TermInputs, term_items
from .prepared import MODIFIER
from .presence import frame_weight
from .term import Items
from .weighting import check_components


@attrs.define(eq=False)
class TermSums:
    """A term's sums over one batch, before reduction and stage weight.

    Attributes:
        rows: weighted error sum of each frame, (G,), differentiable.
        counts: labelled elements of each frame, (G,).
        elements: divisor of the plain mean.
        width: components of an item.
    """

    rows: Tensor
    counts: Tensor
    elements: Tensor | int
    width: int


def term_sums(inputs: TermInputs) -> TermSums:
    """Weighted error sums and labelled counts of each frame."""
    items = term_items(inputs)
    weight = frame_weight(
        inputs.term.honoured,
        inputs.columns,
        masked=inputs.masked,
        modifier=inputs.predictions.get(MODIFIER),
    )
    values = items.values
    if items.present is not None:
        values = torch.where(items.present, values, torch.zeros_like(values))
    return TermSums(
        _weighted_rows(inputs, values, weight),
        _count_rows(inputs, items, weight),
        _elements(inputs, items),
        values.shape[1],
    )


def _weighted_rows(inputs: TermInputs, values: Tensor, weight: Tensor) -> Tensor:
    if weight.dim() == 2:
        check_components(inputs.term, weight.shape[1], values.shape[1])
        return (values.to(weight.dtype) * weight).sum(dim=1)
    sums = inputs.columns.frame_sums(values.sum(dim=1), inputs.term.level)
    return sums.to(weight.dtype) * weight


def _count_rows(inputs: TermInputs, items: Items, weight: Tensor) -> Tensor:
    """Labelled elements per frame; without masks, those of frames that weigh anything."""
    real = inputs.columns.sizes.dtype
    present = items.present
    if present is None:
        present = torch.ones_like(items.values, dtype=torch.bool)
    if not inputs.masked:
        wide = weight if weight.dim() == 2 else weight[:, None]
        present = present & inputs.columns.rows(inputs.term.level, wide != 0)
    counts = inputs.columns.frame_sums(present.detach().to(real).sum(dim=1), inputs.term.level)
    if inputs.term.divides_by == "frames":
        return (counts > 0).to(real) * items.values.shape[1]
    return counts


def _elements(inputs: TermInputs, items: Items) -> Tensor | int:
    if items.elements is not None:
        return items.elements
    if inputs.term.divides_by == "frames":
        return inputs.columns.n_frames * items.values.shape[1]
    rows, columns = items.values.shape[0], inputs.columns
    # An index made in the step has room for more molecules than there are.
    upper = inputs.term.level is Level.MOLECULE and not columns.molecules.exact
    return (columns.molecules.ptr[-1] if upper else rows) * items.values.shape[1]
