"""Means, tables and counts of the terms of one batch, from the fused path and the plain one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import torch
from torch import Tensor

from .fused import fused_sums, labelled_elements
from .host import host_sums
from .hostlabels import HostLabels
from .items import TermInputs
from .keeping import Kept
from .moving import with_tensors
from .plain import TermSums, term_sums
from .prepared import Batch
from .reduce import Divisor, Reduction, StepCounts, divisors, host_divisors
from .settings import TermSetting


@attrs.define(eq=False)
class Evaluation:
    """Values of T terms over G frames; what is only looked at now and then is a function.

    Attributes:
        raw: means, (T,), differentiable.
        table: weighted error sums, (T, G).
        counts: labelled elements, (T, G).
        count: their sums, (T,).
        norms: norm of the gradient of each weighted term, (T,), from stage weights, (T,).
        worst: frame with the largest error sum, (T,), -1 where nothing is labelled.
        share: parts of the total, (T,), where they came along.
        weighted: raw times stage weight, (T,), likewise.
        total: their sum, likewise.
    """

    raw: Tensor
    table: Callable[[], Tensor]
    counts: Callable[[], Tensor]
    count: Callable[[], Tensor]
    norms: Callable[[Tensor], Tensor]
    worst: Callable[[], Tensor]
    share: Callable[[], Tensor] | None = None
    weighted: Tensor | None = None
    total: Tensor | None = None


def evaluate(
    settings: Sequence[TermSetting],
    batch: Batch,
    reduction: Reduction,
    given: StepCounts | None,
    weights: Tensor,
) -> Evaluation:
    """Evaluate all terms of a batch, fused where the batch was packed.

    Args:
        settings: the terms, those of the packing in its order.
        batch: checked inputs.
        reduction: how sums become means.
        given: counts over all ranks and micro-batches.
        weights: stage weights, (T,).
    """
    if batch.packed is None:
        return _all_plain(settings, batch, reduction, given)
    if all(setting.is_fused for setting in settings):
        return _all_fused(settings, batch, reduction, given, weights)
    return _mixed(settings, batch, reduction, given, weights)


def join(
    first: Evaluation,
    second: Evaluation,
    places: list[int],
    others: list[int],
    *,
    kept: Kept,
    device: torch.device,
) -> Evaluation:
    """Two evaluations of the same batch as one, terms at the places given."""
    joined = [*places, *others]
    back = [joined.index(place) for place in range(len(joined))]
    order, forth = (kept.column(tuple(each), each, device) for each in (back, joined))

    def ordered(one: Tensor, other: Tensor) -> Tensor:
        return torch.cat([one, other]).index_select(0, order)

    def norms(weights: Tensor) -> Tensor:
        by_path = weights.index_select(0, forth)
        return ordered(first.norms(by_path[: len(places)]), second.norms(by_path[len(places) :]))

    return Evaluation(
        ordered(first.raw, second.raw),
        lambda: ordered(first.table(), second.table()),
        lambda: ordered(first.counts(), second.counts()),
        lambda: ordered(first.count(), second.count()),
        norms,
        lambda: ordered(first.worst(), second.worst()),
    )


def nothing(batch: Batch) -> Evaluation:
    """An evaluation without terms."""
    empty = batch.columns.sizes.new_zeros(0)
    table = batch.columns.sizes.new_zeros(0, batch.columns.n_frames)
    return Evaluation(
        empty, lambda: table, lambda: table, lambda: empty, lambda weights: weights, lambda: empty.long()
    )


def attached_zero(batch: Batch) -> Tensor:
    """0 that belongs to the graph of the predictions, whatever they hold."""
    held = [value for value in batch.predictions.values() if isinstance(value, Tensor)]
    parts = [
        value.reshape(-1)[:0].sum()
        for value in held
        if value.is_floating_point() and value.device == batch.device
    ]
    return torch.stack(parts).sum() if parts else batch.columns.sizes.new_zeros(())


def worst_frames(table: Tensor, count: Tensor) -> Tensor:
    """Frame with the largest error sum of each term, (T,); -1 where nothing is labelled.

    Args:
        table: weighted error sums, (T, G).
        count: labelled elements, (T,).
    """
    if not table.shape[1]:
        return torch.full(count.shape, -1, device=table.device)
    return table.argmax(dim=1).masked_fill_(count == 0, -1)


def plain_inputs(setting: TermSetting, batch: Batch) -> TermInputs:
    """What the function of a term may look at."""
    return TermInputs(
        setting.term,
        dict(setting.options),
        batch.columns,
        batch.predictions,
        batch.masked,
        setting.error,
        setting.scalars,
    )


def _all_fused(
    settings: Sequence[TermSetting],
    batch: Batch,
    reduction: Reduction,
    given: StepCounts | None,
    weights: Tensor,
) -> Evaluation:
    packed = batch.packed
    assert packed is not None, "evaluate() looked"
    names = [setting.term.name for setting in settings]
    if isinstance(packed, HostLabels):
        return _all_compiled(names, packed, batch, reduction, given, weights)

    def counts() -> Tensor:
        return labelled_elements(packed, batch.predictions)

    values = divisors(reduction, names, packed.elements, counts, given=given)
    sums = fused_sums(packed, batch.predictions, packed.inverse_of(values))
    return Evaluation(
        sums.raw,
        lambda: sums.table,
        sums.counts,
        sums.count,
        sums.gradient_norms,
        lambda: worst_frames(sums.table, sums.count()),
    )


def _all_compiled(
    names: Sequence[str],
    labels: HostLabels,
    batch: Batch,
    reduction: Reduction,
    given: StepCounts | None,
    weights: Tensor,
) -> Evaluation:
    sums = host_sums(labels, batch.predictions)
    divisor = host_divisors(reduction, names, sums.elements, sums.label_counts, given=given)
    raw, weighted, total = sums.means(batch.predictions, 1.0 / divisor, weights)
    return Evaluation(
        raw,
        lambda: sums.tables()[0],
        lambda: sums.tables()[1],
        lambda: sums.looks.count,
        lambda _: sums.looks.norms,
        lambda: sums.looks.worst,
        lambda: sums.looks.shares,
        weighted,
        total,
    )


def _all_plain(
    settings: Sequence[TermSetting], batch: Batch, reduction: Reduction, given: StepCounts | None
) -> Evaluation:
    sums = [term_sums(plain_inputs(setting, batch)) for setting in settings]
    names = [setting.term.name for setting in settings]
    elements = [each.elements for each in sums]
    counts = _counts_of(sums)
    values = divisors(reduction, names, elements, lambda: counts().sum(dim=1), given=given)
    raw = torch.stack([each.rows.sum() / value for each, value in zip(sums, values, strict=True)])
    norms = _PlainNorms(settings, batch, values)
    return Evaluation(
        raw,
        lambda: _stacked_rows(sums),
        counts,
        lambda: counts().sum(dim=1),
        norms,
        lambda: worst_frames(_stacked_rows(sums), counts().sum(dim=1)),
    )


def _mixed(
    settings: Sequence[TermSetting],
    batch: Batch,
    reduction: Reduction,
    given: StepCounts | None,
    weights: Tensor,
) -> Evaluation:
    """Both paths, put back into the order of the settings."""
    places = [place for place, setting in enumerate(settings) if setting.is_fused]
    others = [place for place, setting in enumerate(settings) if not setting.is_fused]
    chosen = weights.index_select(0, batch.kept.column(tuple(places), places, weights.device))
    fused = _all_fused([settings[place] for place in places], batch, reduction, _part(given, places), chosen)
    plain = _all_plain([settings[place] for place in others], batch, reduction, _part(given, others))
    return join(fused, plain, places, others, kept=batch.kept, device=batch.device)


@attrs.define(eq=False)
class _PlainNorms:
    """Gradient norms of plain terms: each is evaluated once more on leaves of its own."""

    settings: Sequence[TermSetting]
    batch: Batch
    values: Sequence[Divisor]

    def __call__(self, weights: Tensor) -> Tensor:
        pairs = zip(self.settings, self.values, strict=True)
        norms = [self._norm(setting, value) for setting, value in pairs]
        return torch.stack(norms) * weights.abs() if norms else weights

    def _norm(self, setting: TermSetting, value: Divisor) -> Tensor:
        with torch.inference_mode(False), torch.enable_grad():
            held, value = _recordable(self.batch, value)
            leaves = {
                key: held.predictions[key].detach().requires_grad_()
                for key in setting.term.predictions
                if held.predictions[key].is_floating_point() and key not in setting.term.targets
            }
            batch = attrs.evolve(held, predictions={**held.predictions, **leaves}, packed=None)
            raw = term_sums(plain_inputs(setting, batch)).rows.sum() / value
            if not raw.requires_grad:  # a function that detaches, or reads none of them
                return raw.detach() * 0.0
            found = torch.autograd.grad(raw, list(leaves.values()), allow_unused=True)
        squares = [each.to(raw.dtype).square().sum() for each in found if each is not None]
        return torch.stack(squares).sum().sqrt() if squares else raw.detach() * 0.0


def _recordable(batch: Batch, value: Divisor) -> tuple[Batch, Divisor]:
    """The same with copies of the tensors of inference mode, of which autograd saves none."""
    if not batch.columns.sizes.is_inference():
        return batch, value
    made: tuple[Batch, Divisor] = with_tensors(
        (batch, value), lambda tensor: tensor.clone() if tensor.is_inference() else tensor
    )
    return made


def _counts_of(sums: Sequence[TermSums]) -> Callable[[], Tensor]:
    return lambda: torch.stack([each.counts for each in sums])


def _stacked_rows(sums: Sequence[TermSums]) -> Tensor:
    return torch.stack([each.rows.detach() for each in sums])


def _part(given: StepCounts | None, places: Sequence[int]) -> StepCounts | None:
    if given is None:
        return None
    return attrs.evolve(given, values=tuple(given.values[place] for place in places))
