"""Squared differences on a CPU by compiled kernels; nothing is packed and nothing recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import torch
from torch import Tensor

from .adjoint import Gradients, refusing, shapes_of
from .compiled import in_memory, is_single, kernels
from .hostlabels import Column, HostLabels, Place, items, versions_of
from .items import two_axes
from .problems import LossInputError
from .term import LinearMap
from .weighting import check_components


@attrs.define(eq=False)
class Looks:
    """What a breakdown tells of T terms beside their means.

    Attributes:
        count: labelled elements, (T,).
        norms: norm of the gradient of each weighted term with respect to the predictions, (T,).
        shares: parts of the total, (T,).
        worst: frame with the largest error sum, -1 where nothing is labelled, (T,).
    """

    count: Tensor
    norms: Tensor
    shares: Tensor
    worst: Tensor


@attrs.define(eq=False)
class HostSums:
    """What one evaluation leaves behind; T terms, R channels, G frames.

    Attributes:
        labels: the references.
        keys: predictions that were read.
        pairs: both sides of each term's residuals.
        terms: where they lie, as the kernels take it.
        measured: squared residuals and labelled items, (2, R, G).
        totals: weighted sums, (T,).
        inverse: 1 over the divisor of each term, (T,), as soon as that is known.
        weights: stage weights, (T,), likewise.
    """

    labels: HostLabels
    keys: tuple[str, ...]
    pairs: list[Pair]
    terms: Column
    measured: Column
    totals: Column
    inverse: Column
    weights: Column
    _looks: Looks | None = None

    @property
    def elements(self) -> tuple[int, ...]:
        """Divisor of the plain mean of each term."""
        frames = self.labels.columns.n_frames
        return tuple(frames * pair.per_frame or pair.predicted.numel() for pair in self.pairs)

    def label_counts(self) -> Column:
        """Labelled elements of each term, (T,), before anything is known of divisors."""
        found: Column = _look(self).count.numpy()
        return found

    @property
    def looks(self) -> Looks:
        """What a breakdown tells, worked out when first asked for."""
        if self._looks is None:
            self._looks = _look(self)
        return self._looks

    def tables(self) -> Tensor:
        """Weighted error sums and labelled elements of each term and frame, (2, T, G)."""
        labels = self.labels
        found = np.empty((2, len(self.terms), labels.columns.n_frames))
        kernels().tables(self.terms, labels.coefficient, labels.masked, self.measured, found)
        return torch.from_numpy(found)

    def means(
        self, predictions: Mapping[str, Tensor], inverse: Column, weights: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Means (T,), weighted means (T,) and their total, differentiable once.

        Args:
            predictions: by key, those of :func:`host_sums`.
            inverse: 1 over the divisor of each term, (T,).
            weights: stage weights, (T,).
        """
        self.inverse, self.weights = inverse, weights.numpy()
        values = (predictions[key] for key in self.keys)
        found: tuple[Tensor, Tensor, Tensor] = _Means.apply(self, weights, *values)  # type: ignore[no-untyped-call]
        return found


@attrs.define(eq=False)
class Pair:
    """Both sides of one term's residuals.

    Attributes:
        predicted: mapped prediction, (rows, ...).
        reference: label, or the model's own target.
        width: components of a row.
        per_frame: what a labelled frame counts if the mean is over frames, else 0.
    """

    predicted: Tensor
    reference: Tensor
    width: int
    per_frame: int


def host_sums(labels: HostLabels, predictions: Mapping[str, Tensor]) -> HostSums:
    """Sums of all terms in one pass over labels and predictions.

    Args:
        labels: the references.
        predictions: tensors by key.
    """
    shared: dict[str, Tensor] = {}
    with torch.no_grad():
        pairs = [_pair(labels, place, predictions, shared) for place in range(len(labels.places))]
    terms = _terms(labels, pairs)
    measured, totals = np.empty((2, *labels.coefficient.shape)), np.empty(len(pairs))
    kernels().measure(terms, labels.coefficient, labels.present, labels.masked, measured, totals)
    return HostSums(labels, _keys(labels.places), pairs, terms, measured, totals, totals, totals)


class _Means(torch.autograd.Function):
    """Means of squared differences; the gradient is formed in a second pass over the same memory."""

    @staticmethod
    def forward(
        ctx: Any, sums: HostSums, weights: Tensor, *predictions: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        ctx.sums, ctx.weights = sums, weights
        # Cheaper than saving tensors that the sums hold anyway.
        ctx.predictions, ctx.versions = predictions, versions_of(predictions)
        ctx.label_versions = sums.labels.versions()
        ctx.shapes = shapes_of(sums.keys, predictions, ctx.needs_input_grad[2:])
        ctx.set_materialize_grads(False)
        means = torch.from_numpy(sums.totals * sums.inverse)
        weighted = means * weights
        return means, weighted, weighted.sum()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        if not torch.is_grad_enabled():
            return None, None, *_gradients(ctx, gradients)
        with torch.no_grad():
            found = _gradients(ctx, gradients)
        return None, None, *refusing(found, ctx.predictions)


def _gradients(ctx: Any, gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    """Gradients of the predictions."""
    sums: HostSums = ctx.sums
    labels = sums.labels
    if labels.versions() != ctx.label_versions or versions_of(ctx.predictions) != ctx.versions:
        what = "a label or prediction of the loss"
        raise RuntimeError(f"{what} was changed in place or moved before its gradient was formed")
    gathered = Gradients(labels.columns, ctx.shapes)
    wanted = [gathered.wants(place.difference) for place in labels.places]
    outs = [_like(pair) if needed else None for pair, needed in zip(sums.pairs, wanted, strict=True)]
    addresses = np.array([0 if out is None else out.data_ptr() for out in outs])
    scales = 2.0 * _of_means(gradients, ctx.weights) * sums.inverse
    kernels().slopes(sums.terms, labels.coefficient, labels.present, labels.masked, scales, addresses)
    for place, out in zip(labels.places, outs, strict=True):
        if out is not None:
            gathered.add(place.difference, out)
    found = gathered.finished()
    return [found.get(key) for key in sums.keys]


def _like(pair: Pair) -> Tensor:
    """Memory for the gradient of one residual, (rows, width)."""
    return torch.empty(pair.predicted.shape[0], pair.width, dtype=pair.predicted.dtype, device="cpu")


def _of_means(gradients: Sequence[Tensor | None], weights: Tensor) -> Column:
    """Gradient of the means, (T,), from those of means, weighted means and total."""
    means, weighted, total = (None if each is None else in_memory(each).numpy() for each in gradients)
    scale: Column = np.zeros(len(weights))
    for each in (weighted, total):
        scale = scale if each is None else scale + each
    scale = scale * weights.numpy()
    return scale if means is None else scale + means


def _pair(
    labels: HostLabels, number: int, predictions: Mapping[str, Tensor], shared: dict[str, Tensor]
) -> Pair:
    place = labels.places[number]
    difference = place.difference
    rows = items(_mapped_once(labels, difference.prediction, difference.map, predictions, shared))
    width = 1 if rows.dim() == 1 else rows.shape[1] if rows.dim() == 2 else two_axes(rows).shape[1]
    if difference.map is not None and rows.shape[0] != (wanted := labels.columns.leading(place.term.level)):
        name, found = f"rows of {difference.map.name}", str(tuple(rows.shape))
        raise LossInputError(place.term.name, name, expected=f"({wanted}, width)", found=found)
    if difference.target is None:
        reference = labels.reference(number, rows.shape[0], width)
    else:
        reference = items(predictions[difference.target])
        if reference.numel() != rows.numel():
            expected, found = str(tuple(rows.shape)), str(tuple(reference.shape))
            raise LossInputError(place.term.name, difference.target, expected=expected, found=found)
    check_components(place.term, place.channels, width)
    return Pair(rows, reference, width, width if place.term.divides_by == "frames" else 0)


def _terms(labels: HostLabels, pairs: Sequence[Pair]) -> Column:
    """All terms in the columns that the kernels know; addresses are asked for anew, as memory may move."""
    starts = {level: rows.data_ptr() for level, rows in labels.starts.items()}
    flat: list[int] = []
    for place, pair in zip(labels.places, pairs, strict=True):
        rows, reference = pair.predicted, pair.reference
        flat += (rows.data_ptr(), rows.numel(), pair.width, is_single(rows), pair.per_frame)
        flat += (reference.data_ptr(), is_single(reference), starts[place.term.level])
    terms: Column = labels.table.copy()
    terms[:, : kernels().CHANNEL] = np.array(flat, dtype=np.int64).reshape(len(pairs), -1)
    return terms


def _mapped_once(
    labels: HostLabels,
    key: str,
    map_: LinearMap | None,
    predictions: Mapping[str, Tensor],
    shared: dict[str, Tensor],
) -> Tensor:
    if map_ is None:
        return predictions[key]
    name = f"{key}/{map_.name}"
    if name not in shared:
        inner = _mapped_once(labels, key, map_.inner, predictions, shared)
        shared[name] = map_.forward(two_axes(items(inner)), labels.columns)
    return shared[name]


def _look(sums: HostSums) -> Looks:
    labels = sums.labels
    labels.put_lengths(sums.terms)
    marks, worst = np.empty((3, len(sums.terms))), np.empty(len(sums.terms), dtype=np.int64)
    kernels().look(
        sums.terms,
        labels.coefficient,
        labels.present,
        labels.masked,
        sums.measured,
        sums.totals,
        sums.weights,
        sums.inverse,
        marks,
        worst,
    )
    count, norms, shares = torch.from_numpy(marks).unbind()
    return Looks(count, norms, shares, torch.from_numpy(worst))


def _keys(places: Sequence[Place]) -> tuple[str, ...]:
    keys = [key for place in places for key in (place.difference.prediction, place.difference.target)]
    return tuple(dict.fromkeys(key for key in keys if key is not None))
