"""Every registered term against its twin, and through everything that must not change it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mace_scf.loss import LossEngine, registered_terms

from .batches import (
    Arrays,
    complete_batch,
    copied,
    frame_bounds,
    leaves,
    ragged_batch,
    take_atoms,
    take_frames,
    tensors,
    with_nan_labels,
)
from .kit import PATHS, close, engine_for, gradients, known_twin, options_of, raw_value
from .twin import twin_mean, twin_sums

NAMES = sorted(registered_terms())
# Component by component they are invariant under quarter turns only.
NOT_ISOTROPIC = (
    "forces_huber",
    "stress_huber",
    "stress_l1",
    "atomic_multipoles_huber",
    "final_terms_fixedpoint_scf_stability",
    "fixedpoint_scf_stability",
)

every_term = pytest.mark.parametrize("name", NAMES)
all_paths = pytest.mark.parametrize("path", PATHS)


@every_term
@all_paths
@pytest.mark.parametrize("compat", [None, "upstream"])
def test_complete_labels_and_unit_weights_equal_the_formula(name: str, path: str, compat: str | None) -> None:
    reference, prediction = complete_batch()

    found = raw_value(engine_for(name, path=path, compat=compat), reference, prediction)

    wanted = twin_mean(known_twin(name), reference, prediction, options_of(name), upstream=True)
    assert close(found, wanted)


@every_term
@all_paths
@pytest.mark.parametrize("compat", [None, "upstream"])
def test_missing_labels_and_weights_follow_the_twin(name: str, path: str, compat: str | None) -> None:
    reference, prediction = ragged_batch()

    found = raw_value(engine_for(name, path=path, compat=compat), reference, prediction)

    upstream = compat == "upstream"
    wanted = twin_mean(known_twin(name), reference, prediction, options_of(name), upstream=upstream)
    assert close(found, wanted)


@every_term
@all_paths
def test_nan_labels_follow_the_twin_and_never_reach_the_gradient(name: str, path: str) -> None:
    reference, prediction = ragged_batch()
    reference = with_nan_labels(reference)

    breakdown, grads = gradients(engine_for(name, path=path), reference, prediction)

    total, elements, labelled = twin_sums(
        known_twin(name), reference, prediction, options_of(name), upstream=False
    )
    assert close(float(breakdown.raw[0]), total / elements)
    assert float(breakdown.count[0]) == labelled
    assert all(torch.isfinite(value).all() for value in grads.values())


@every_term
@all_paths
def test_labelled_reduction_divides_by_labelled_elements(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=8)
    reference = with_nan_labels(reference)
    engine = engine_for(name, path=path).evolve(reduction="labelled")

    found = raw_value(engine, reference, prediction)

    total, _, labelled = twin_sums(known_twin(name), reference, prediction, options_of(name), upstream=False)
    assert close(found, total / max(labelled, 1))


@every_term
@all_paths
def test_gradient_is_that_of_finite_differences(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=2, sizes=(2, 3))
    engine = engine_for(name, path=path)
    predicted = leaves(prediction)
    learnt = {
        key: predicted[key] for key in registered_terms()[name].predictions if predicted[key].requires_grad
    }

    def total(*values: torch.Tensor) -> torch.Tensor:
        return engine(tensors(reference), {**predicted, **dict(zip(learnt, values, strict=True))}).total

    assert torch.autograd.gradcheck(total, tuple(learnt.values()))


@every_term
@pytest.mark.parametrize("path", ["compiled", "fused"])
def test_a_fast_path_equals_the_plain_one_in_all_it_tells(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=3)
    reference = with_nan_labels(reference)

    fused, grads = gradients(engine_for(name, path=path), reference, prediction)
    plain, plain_grads = gradients(engine_for(name, path="plain"), reference, prediction)

    norm = (
        torch.stack([value.square().sum() for value in grads.values() if value.is_floating_point()])
        .sum()
        .sqrt()
    )
    torch.testing.assert_close(fused.gradient_norm[0], norm, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(plain.gradient_norm[0], norm, rtol=1e-12, atol=1e-14)
    assert fused.worst_frame.tolist() == plain.worst_frame.tolist()
    torch.testing.assert_close(fused.table, plain.table, rtol=1e-13, atol=1e-14)
    torch.testing.assert_close(fused.counts, plain.counts, rtol=0, atol=0)
    for key, value in grads.items():
        torch.testing.assert_close(value, plain_grads[key], rtol=1e-13, atol=1e-14)


@every_term
@all_paths
def test_order_of_frames_and_atoms_does_not_matter(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=4)
    rng = np.random.default_rng(0)
    engine = engine_for(name, path=path)
    order = [
        int(atom) for start, end in frame_bounds(reference) for atom in rng.permutation(range(start, end))
    ]

    shuffled = take_frames(*take_atoms(reference, prediction, order), [2, 0, 3, 1])

    assert close(raw_value(engine, *shuffled), raw_value(engine, reference, prediction))


@every_term
@all_paths
def test_a_far_origin_does_not_matter(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=5)
    engine = engine_for(name, path=path)
    moved = copied(reference)
    moved["positions"] += np.array([100.0, -37.0, 11.0])

    assert close(raw_value(engine, moved, prediction), raw_value(engine, reference, prediction), 1e-10)


@every_term
@all_paths
def test_periodic_images_do_not_matter(name: str, path: str) -> None:
    reference, prediction = _small_molecules()
    rng = np.random.default_rng(3)
    moved = copied(reference)
    for frame, (start, end) in enumerate(frame_bounds(reference)):
        shifts = rng.integers(-2, 3, size=(end - start, 3)) * reference["pbc"][frame]
        moved["positions"][start:end] += shifts @ reference["cell"][frame]
    engine = engine_for(name, path=path)

    assert close(raw_value(engine, moved, prediction), raw_value(engine, reference, prediction), 1e-10)


@every_term
@all_paths
def test_a_turned_batch_has_the_same_loss(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=6)
    for names in ("dipole_weight",):
        reference[names] = np.repeat(reference[names][:, :1], 3, axis=1)
    turn = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
    if name not in NOT_ISOTROPIC:
        turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
        turn *= np.linalg.det(turn)
    engine = engine_for(name, path=path)

    found = raw_value(engine, _turned(reference, turn), _turned(prediction, turn))

    assert close(found, raw_value(engine, reference, prediction), 1e-10)


@every_term
@all_paths
def test_a_batch_said_twice_has_the_same_mean(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=7)
    engine = engine_for(name, path=path)

    doubled = take_frames(reference, prediction, [0, 1, 2, 3, 0, 1, 2, 3])

    assert close(raw_value(engine, *doubled), raw_value(engine, reference, prediction))


@every_term
@all_paths
def test_sums_of_parts_are_those_of_the_whole(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=7)
    engine = engine_for(name, path=path)

    parts = [take_frames(reference, prediction, frames) for frames in ([2], [0, 3], [1])]

    tables = [engine(tensors(one), tensors(other)).table for one, other in parts]
    whole = engine(tensors(reference), tensors(prediction)).table
    torch.testing.assert_close(torch.cat(tables, dim=1), whole[:, [2, 0, 3, 1]], rtol=1e-12, atol=1e-14)


@every_term
@all_paths
def test_an_empty_batch_gives_an_attached_zero(name: str, path: str) -> None:
    reference, prediction = take_frames(*complete_batch(), [])

    breakdown, grads = gradients(engine_for(name, path=path), reference, prediction)

    assert breakdown.total.item() == 0.0
    assert breakdown.worst_frame.tolist() == [-1]
    assert all(value.numel() == 0 for value in grads.values())


@every_term
@all_paths
def test_a_batch_without_labels_gives_an_attached_zero(name: str, path: str) -> None:
    reference, prediction = complete_batch()
    reference["weight"][:] = 0.0
    for key, value in prediction.items():
        if value.dtype == float and key != "k_vectors_normed_squared":
            prediction[key] = np.full_like(value, np.nan)

    breakdown, grads = gradients(engine_for(name, path=path), reference, prediction)

    assert breakdown.total.requires_grad
    assert breakdown.total.item() == 0.0
    assert breakdown.count.tolist() == [0.0]
    assert all((value == 0).all() for value in grads.values())


@every_term
@all_paths
def test_weight_zero_equals_absent_to_the_bit(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=9)
    garbled = copied(reference)
    for label, weight in LABEL_WEIGHTS.items():
        _fill_absent(garbled, label, weight, 1e200)
    engine = engine_for(name, path=path)

    one, one_grads = gradients(engine, reference, prediction)
    other, other_grads = gradients(engine, garbled, prediction)

    assert one.total.item() == other.total.item()
    assert all(torch.equal(one_grads[key], other_grads[key]) for key in one_grads)


@every_term
@all_paths
def test_single_precision_stays_close(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=10)
    engine = engine_for(name, path=path)

    found = engine(tensors(reference, torch.float32), tensors(prediction, torch.float32)).raw[0]

    assert close(float(found), raw_value(engine, reference, prediction), 1e-5)


@every_term
@all_paths
def test_half_precision_predictions_are_compared_in_single(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=10)
    engine = engine_for(name, path=path)
    half = tensors(prediction, torch.bfloat16)
    rounded = {
        key: value.double().numpy() if value.is_floating_point() else value.numpy()
        for key, value in half.items()
    }

    found = engine(tensors(reference, torch.float32), half).raw[0]

    assert close(float(found), raw_value(engine, reference, rounded), 1e-4)


@every_term
@all_paths
def test_the_same_inputs_give_the_same_bits(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=11)
    engine = engine_for(name, path=path)

    runs = [gradients(engine, reference, prediction) for _ in range(2)]

    assert runs[0][0].total.item() == runs[1][0].total.item()
    assert all(torch.equal(runs[0][1][key], runs[1][1][key]) for key in runs[0][1])


@every_term
@all_paths
def test_prepared_references_give_the_same_bits(name: str, path: str) -> None:
    reference, prediction = ragged_batch(seed=12)
    engine = engine_for(name, path=path)
    prepared = engine.prepare(tensors(reference))

    found = engine(prepared, tensors(prediction))

    assert found.total.item() == engine(tensors(reference), tensors(prediction)).total.item()


def test_every_registered_term_has_a_twin() -> None:
    names = set(registered_terms())

    assert all(known_twin(name) for name in names)


def test_terms_together_are_the_sum_of_terms_alone() -> None:
    reference, prediction = ragged_batch(seed=13)
    weights = {name: 1.0 + place for place, name in enumerate(NAMES)}

    together = LossEngine.from_config(weights)(tensors(reference), tensors(prediction))

    alone = [weights[name] * raw_value(engine_for(name), reference, prediction) for name in NAMES]
    assert close(together.total.item(), sum(alone))
    assert together.total.item() == together.weighted.sum().item()


LABEL_WEIGHTS = {
    "energy": "energy_weight",
    "stress": "stress_weight",
    "dipole": "dipole_weight",
    "polarizability": "polarizability_weight",
    "fermi_level": "fermi_level_weight",
    "total_charge": "total_charge_weight",
    "forces": "forces_weight",
    "density_coefficients": "density_coefficients_weight",
}


def _fill_absent(reference: Arrays, label: str, weight: str, value: float) -> None:
    for frame, (start, end) in enumerate(frame_bounds(reference)):
        where = slice(start, end) if label in ("forces", "density_coefficients") else frame
        absent = reference[weight][frame] == 0
        if np.ndim(absent):
            reference[label][frame][absent] = value
        elif absent:
            reference[label][where] = value


def _small_molecules() -> tuple[Arrays, Arrays]:
    """Molecules smaller than half the cell, as unwrapping around an atom assumes."""
    reference, prediction = ragged_batch(seed=5)
    rng = np.random.default_rng(5)
    reference["cell"] = reference["cell"] * 3.0
    for start, end in frame_bounds(reference):
        ids = reference["cluster_batch"][start:end]
        centres = {number: rng.uniform(0, 12, size=3) for number in set(ids.tolist())}
        reference["positions"][start:end] = [centres[number] + rng.normal(size=3) for number in ids.tolist()]
    return reference, prediction


def _turned(arrays: Arrays, turn: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Arrays:
    turned = copied(arrays)
    for key in ("forces", "dipole", "positions", "cell"):
        if key in turned:
            turned[key] = turned[key] @ turn.T
    for key in ("stress", "polarizability"):
        turned[key] = turn @ turned[key] @ turn.T
    for key in ("density_coefficients", "perturbing_vector", "perturbed_density"):
        if key in turned:
            turned[key][:, [3, 1, 2]] = turned[key][:, [3, 1, 2]] @ turn.T
    return turned
