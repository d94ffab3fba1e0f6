"""All squared differences at once: loss in one pass over the items, gradient in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import torch
from torch import Tensor

from .adjoint import Gradients, refusing, shaped, shapes_of
from .batch import Level
from .columns import segment_sum
from .items import two_axes
from .packed import Chunk, Packed
from .presence import finite_label
from .term import LinearMap


@attrs.define(eq=False)
class FusedSums:
    """What one evaluation leaves behind; T terms, R channels, G frames.

    Attributes:
        raw: mean of each term, (T,), differentiable with respect to the predictions.
        table: weighted error sums before division, (T, G).
        packed: the references it was computed from.
        residual: (F,).
        sums: unweighted squared residuals, (R, G).
        inverse_divisor: 1 over the divisor of each term, (T,).
        finite_targets: by place of the term, which of the model's own targets are finite, (rows, width).
    """

    raw: Tensor
    table: Tensor
    packed: Packed
    residual: Tensor
    sums: Tensor
    inverse_divisor: Tensor
    finite_targets: dict[int, Tensor]
    _count: Tensor | None = None

    def counts(self) -> Tensor:
        """Labelled elements of each term and frame, (T, G), the model's own targets looked at."""
        return _counts(self.packed, self.finite_targets)

    def count(self) -> Tensor:
        """Labelled elements of each term, (T,), the model's own targets looked at."""
        if self._count is None:
            self._count = _count(self.packed, self.finite_targets)
        return self._count

    def gradient_norms(self, weights: Tensor) -> Tensor:
        """Norm of the gradient of each weighted term with respect to the predictions, (T,).

        Args:
            weights: stage weight of each term, (T,).
        """
        packed = self.packed
        squares = packed.by_term(self._length_weighted_sums() * packed.squared_lengths)
        return squares.sum(dim=1).sqrt_().mul_(weights * self.inverse_divisor)

    def _length_weighted_sums(self) -> Tensor:
        """Squared residuals, times the squared length of the map's row where that varies in a frame."""
        packed = self.packed
        sums, start, channel = self.sums, 0, 0
        for chunk in packed.chunks:
            map_ = chunk.difference.map
            if map_ is not None and chunk.term.level is Level.MOLECULE:
                items = self.residual[start : start + chunk.items].view(chunk.rows, chunk.width)
                lengths = map_.row_norm2(packed.columns)
                rows = packed.columns.frame_sums(items * items * lengths[:, None], Level.MOLECULE)
                sums = torch.cat([sums[:channel], rows.sum(dim=1)[None], sums[channel + 1 :]])
            start += chunk.items
            channel += chunk.channels
        return sums


def labelled_elements(packed: Packed, predictions: Mapping[str, Tensor]) -> Tensor:
    """Labelled elements of each term, (T,), before anything is known of divisors.

    Args:
        packed: the references.
        predictions: tensors by key; the model's own targets are looked at.
    """
    targets = {
        place: finite_label(predictions[chunk.difference.target]).reshape(chunk.rows, chunk.width)
        for place, chunk in enumerate(packed.chunks)
        if chunk.difference.target is not None and packed.masked
    }
    return _count(packed, targets)


def _count(packed: Packed, finite_targets: Mapping[int, Tensor]) -> Tensor:
    if not finite_targets:
        return packed.count_of_terms
    if packed.present is not None:
        return _counts(packed, finite_targets).sum(dim=1)
    total = packed.count_of_terms.clone()
    for place, finite in finite_targets.items():
        total[place] = finite.sum()
    return total


def _counts(packed: Packed, finite_targets: Mapping[int, Tensor]) -> Tensor:
    if not finite_targets:
        return packed.counts
    counts, start = packed.counts.clone(), 0
    for place, chunk in enumerate(packed.chunks):
        if place in finite_targets:
            missing = ~finite_targets[place]
            if packed.present is not None:
                missing &= packed.present[start : start + chunk.items].view(missing.shape)
            holes = packed.columns.frame_sums(missing.to(counts.dtype), chunk.term.level)
            counts[place] -= holes.sum(dim=1)
        start += chunk.items
    return counts


def fused_sums(packed: Packed, predictions: dict[str, Tensor], inverse_divisor: Tensor) -> FusedSums:
    """Means, tables and residuals of all packed terms.

    Args:
        packed: the references.
        predictions: tensors by key.
        inverse_divisor: 1 over the divisor of each term, (T,).
    """
    keys = tuple(dict.fromkeys(_prediction_keys(packed.chunks)))
    work = _Work(packed, keys, inverse_divisor)
    raw = _Squares.apply(work, *(predictions[key] for key in keys))  # type: ignore[no-untyped-call]
    return FusedSums(raw, work.table, packed, work.residual, work.sums, inverse_divisor, work.finite_targets)


@attrs.define(eq=False)
class _Work:
    packed: Packed
    keys: tuple[str, ...]
    inverse_divisor: Tensor
    shared: dict[str, Tensor] = attrs.Factory(dict)
    finite_targets: dict[int, Tensor] = attrs.Factory(dict)
    residual: Tensor = attrs.field(init=False)
    sums: Tensor = attrs.field(init=False)
    table: Tensor = attrs.field(init=False)


class _Squares(torch.autograd.Function):
    """Means of squared differences; the gradient is formed from residuals, not from a recorded graph."""

    @staticmethod
    def forward(ctx: Any, work: _Work, *predictions: Tensor) -> Tensor:
        packed = work.packed
        work.residual = _residuals(work, dict(zip(work.keys, predictions, strict=True)))
        sums = segment_sum(work.residual * work.residual, packed.offsets)
        work.sums = sums.view(packed.coefficient.shape).to(packed.coefficient.dtype)
        work.table = packed.by_term(work.sums * packed.coefficient)
        ctx.work, ctx.predictions = work, predictions
        ctx.shapes = shapes_of(work.keys, predictions, ctx.needs_input_grad[1:])
        return work.table.sum(dim=1).mul_(work.inverse_divisor)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        if not torch.is_grad_enabled():
            return None, *_gradients(ctx, gradient)
        with torch.no_grad():
            found = _gradients(ctx, gradient)
        return None, *refusing(found, ctx.predictions)


def _gradients(ctx: Any, gradient: Tensor) -> list[Tensor | None]:
    """Gradients of the predictions."""
    work, packed = ctx.work, ctx.work.packed
    scale = packed.by_channel(gradient * work.inverse_divisor)
    factors = (packed.coefficient * scale.mul_(2.0)[:, None]).to(packed.dtype)
    flat = factors.view(-1).index_select(0, packed.channel_row).mul_(work.residual)
    gathered = Gradients(packed.columns, ctx.shapes)
    for chunk, piece in zip(packed.chunks, flat.split_with_sizes(packed.items), strict=True):
        if gathered.wants(chunk.difference):
            gathered.add(chunk.difference, _unflat(chunk, piece))
    gradients = gathered.finished()
    return [gradients.get(key) for key in work.keys]


def _residuals(work: _Work, predictions: dict[str, Tensor]) -> Tensor:
    packed = work.packed
    flat = torch.cat([_predicted(work, place, predictions) for place in range(len(packed.chunks))])
    flat = flat if flat.dtype is packed.dtype else flat.to(packed.dtype)
    flat = flat.sub_(packed.reference)
    return flat if packed.absent is None else flat.masked_fill_(packed.absent, 0.0)


def _predicted(work: _Work, place: int, predictions: dict[str, Tensor]) -> Tensor:
    """Flat items of one chunk: the mapped prediction, minus what is better subtracted early."""
    chunk = work.packed.chunks[place]
    difference = chunk.difference
    rows = _mapped_once(work, difference.prediction, difference.map, predictions)
    if chunk.precise is not None:
        early = rows.reshape(chunk.precise.shape).to(torch.float64) - chunk.precise
        rows = early.to(work.packed.dtype)
    if difference.target is not None:
        rows = _minus_target(work, place, rows, predictions[difference.target])
    return (two_axes(rows).t() if chunk.channels > 1 else rows).reshape(-1)


def _minus_target(work: _Work, place: int, rows: Tensor, target: Tensor) -> Tensor:
    dtype = work.packed.dtype
    rows, target = shaped(rows, rows.shape, dtype), shaped(target, rows.shape, dtype)
    if not work.packed.masked:
        return rows - target
    finite = finite_label(target)
    work.finite_targets[place] = two_axes(finite)
    return torch.where(finite, rows - target, work.packed.zero)


def _mapped_once(work: _Work, key: str, map_: LinearMap | None, predictions: dict[str, Tensor]) -> Tensor:
    if map_ is None:
        return predictions[key]
    name = f"{key}/{map_.name}"
    if name not in work.shared:
        inner = _mapped_once(work, key, map_.inner, predictions)
        inner = two_axes(inner)
        work.shared[name] = map_.forward(shaped(inner, inner.shape, work.packed.dtype), work.packed.columns)
    return work.shared[name]


def _unflat(chunk: Chunk, piece: Tensor) -> Tensor:
    if chunk.channels > 1:
        return piece.view(chunk.width, chunk.rows).t()
    return piece.view(chunk.rows, chunk.width)


def _prediction_keys(chunks: tuple[Chunk, ...]) -> Iterator[str]:
    for chunk in chunks:
        yield chunk.difference.prediction
        if chunk.difference.target is not None:
            yield chunk.difference.target
