"""Any split over micro-batches and ranks, in any order, gives the loss of the one big batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import BatchSampler, DistributedSampler, SequentialSampler, TensorDataset

from mace_scf.loss import CountPlan, LossEngine, StreamingEvaluation, registered_terms

from .batches import Arrays, frame_bounds, leaves, ragged_batch, take_frames, tensors, with_nan_labels
from .kit import close

SIZES = (3, 5, 1, 4, 2, 6, 1)
WEIGHTS = {name: 1.0 + place for place, name in enumerate(sorted(registered_terms()))}
WIDTHS = {
    "feats_no_mu_model": 5,
    "feats_no_mu_dft": 5,
    "charges_history": 4,
    "perturbing_vector": 4,
    "perturbed_density": 4,
    "rho_fftn": 6,
    "rho_fftn_dft": 6,
    "k_vectors_normed_squared": 6,
    "k_vectors_mask": 6,
}
# Which k vectors count is only known from the model.
ON_DEVICE_ONLY = ("fourier_density", "rho_fftn")
SPLITS = (
    [[0, 1, 2, 3, 4, 5, 6]],
    [[6], [5, 4], [3, 2, 1, 0]],
    [[0], [1], [2], [3], [4], [5], [6]],
    [[2, 6], [], [1, 3, 5, 0, 4]],
)


def whole_batch() -> tuple[Arrays, Arrays]:
    reference, prediction = ragged_batch(seed=21, sizes=SIZES)
    return with_nan_labels(reference), prediction


def make_engine(reduction: str, *, compiled: bool = True) -> LossEngine:
    names = {name: weight for name, weight in WEIGHTS.items() if name not in ON_DEVICE_ONLY}
    return LossEngine.from_config(names, reduction=reduction).evolve(compiled=compiled)


@pytest.mark.parametrize("reduction", ["batch", "labelled"])
@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("compiled", [False, True])
def test_micro_batches_with_planned_counts_add_up_to_the_big_batch(
    reduction: str, split: list[list[int]], compiled: bool
) -> None:
    reference, prediction = whole_batch()
    engine = make_engine(reduction, compiled=compiled)
    plan = CountPlan.from_references(engine, [tensors(reference)], widths=WIDTHS)
    counts = plan.counts(index for part in split for index in part)
    big = leaves(prediction)
    engine(tensors(reference), big).total.backward()  # type: ignore[no-untyped-call]

    total, pieces = 0.0, {name: [] for name in prediction}  # type: ignore[var-annotated]
    for part in split:
        one, other = take_frames(reference, prediction, part)
        predicted = leaves(other)
        loss = engine(tensors(one), predicted, counts=counts).total
        loss.backward()  # type: ignore[no-untyped-call]
        total += loss.item()
        for name, value in predicted.items():
            pieces[name].append(value.grad)

    assert close(total, engine(tensors(reference), tensors(prediction)).total.item(), 1e-13)
    order = [index for part in split for index in part]
    for name, value in big.items():
        if value.grad is not None:
            wanted = take_frames(reference, {**prediction, name: value.grad.numpy()}, order)[1][name]
            found = torch.cat([piece for piece in pieces[name] if piece is not None])
            torch.testing.assert_close(found, torch.from_numpy(wanted), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("reduction", ["batch", "labelled"])
def test_ranks_average_to_the_big_batch(reduction: str) -> None:
    reference, prediction = whole_batch()
    engine = make_engine(reduction)
    plan = CountPlan.from_references(engine, [tensors(reference)], widths=WIDTHS)
    epoch = [[[0, 1], [2]], [[3], [6, 5, 4]]]
    counts = plan.epoch_of(epoch, accumulate=2).counts[0]

    by_rank = [
        sum(
            engine(*_tensors(take_frames(reference, prediction, part)), counts=counts).total.item()
            for part in parts
        )
        for parts in epoch
    ]

    assert close(float(np.mean(by_rank)), engine(tensors(reference), tensors(prediction)).total.item(), 1e-13)


def test_frames_may_be_read_in_any_batches() -> None:
    reference, prediction = whole_batch()
    engine = make_engine("labelled")
    parts = [tensors(take_frames(reference, prediction, part)[0]) for part in ([0, 1], [2, 3, 4], [5, 6])]

    plan = CountPlan.from_references(engine, parts, widths=WIDTHS)

    whole = CountPlan.from_references(engine, [tensors(reference)], widths=WIDTHS)
    assert torch.equal(plan.table, whole.table)


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("drop_last", [True, False])
def test_a_distributed_sampler_is_planned_for_all_ranks(shuffle: bool, drop_last: bool) -> None:
    plan = CountPlan(("forces",), torch.arange(1.0, 12.0)[:, None])
    data = TensorDataset(torch.arange(11))
    samplers: list[DistributedSampler[Any]] = [
        DistributedSampler(data, 3, rank, shuffle=shuffle, seed=4, drop_last=drop_last) for rank in range(3)
    ]
    for sampler in samplers:
        sampler.set_epoch(2)

    epochs = [plan.epoch(sampler, batch_size=2) for sampler in samplers]

    seen = [[list(sampler)[start : start + 2] for start in range(0, len(sampler), 2)] for sampler in samplers]
    assert [[list(batch) for batch in epoch.batches] for epoch in epochs] == seen
    for step in range(len(seen[0])):
        wanted = sum(index + 1.0 for rank in seen for index in rank[step])
        assert {epoch.counts[step].values for epoch in epochs} == {(wanted,)}
        assert epochs[0].counts_of(step).world_size == 3


def test_a_batch_sampler_brings_its_own_batches() -> None:
    plan = CountPlan(("forces",), torch.ones(5, 1))

    epoch = plan.epoch(BatchSampler(SequentialSampler(range(5)), 2, drop_last=False), accumulate=2)

    assert epoch.batches == ((0, 1), (2, 3), (4,))
    assert [counts.values for counts in epoch.counts] == [(4.0,), (1.0,)]


def test_fixed_counts_are_unbiased_over_an_epoch() -> None:
    reference, prediction = whole_batch()
    sampled = make_engine("labelled")
    plan = CountPlan.from_references(sampled, [tensors(reference)], widths=WIDTHS)
    engine = sampled.evolve(reduction=plan.fixed(frames_per_step=1))
    frames = range(len(SIZES))

    each = [engine(*_tensors(take_frames(reference, prediction, [frame]))).total.item() for frame in frames]

    assert close(float(np.mean(each)), sampled(tensors(reference), tensors(prediction)).total.item())


@pytest.mark.parametrize("reduction", ["batch", "labelled"])
@pytest.mark.parametrize("split", SPLITS)
def test_streaming_evaluation_does_not_see_the_batches(reduction: str, split: list[list[int]]) -> None:
    reference, prediction = whole_batch()
    engine = LossEngine.from_config(WEIGHTS, reduction=reduction)
    evaluations = [StreamingEvaluation(engine), StreamingEvaluation(engine)]

    for place, part in enumerate(split):
        evaluations[place % 2].update(*_tensors(take_frames(reference, prediction, part)))
    evaluations[0].merge(evaluations[1])

    whole = engine(tensors(reference), tensors(prediction))
    assert close(evaluations[0].total, whole.total.item(), 1e-13)
    for name, errors in evaluations[0].results().items():
        assert close(errors.raw, whole.terms[name].raw.item(), 1e-13)
        assert errors.count == int(whole.terms[name].count)


def test_errors_of_evaluation_ignore_weights_and_missing_labels() -> None:
    reference, prediction = whole_batch()
    evaluation = StreamingEvaluation(LossEngine.from_config({"forces": 3.0, "energy_per_atom": 1.0}))

    evaluation.update(tensors(reference), tensors(prediction))

    residual = prediction["forces"] - reference["forces"]
    present = (reference["weight"] > 0) & (reference["forces_weight"] > 0)
    kept = np.concatenate(
        [
            residual[start:end].ravel()
            for (start, end), ok in zip(frame_bounds(reference), present, strict=True)
            if ok
        ]
    )
    kept = kept[np.isfinite(kept)]
    found = evaluation.results()["forces"]
    assert close(found.mae, float(np.abs(kept).mean()))
    assert close(found.rmse, float(np.sqrt((kept**2).mean())))


def _tensors(pair: tuple[Arrays, Arrays]) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    return tensors(pair[0]), tensors(pair[1])
