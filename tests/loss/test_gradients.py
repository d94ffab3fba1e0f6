"""Gradients of the loss: first and second ones, and labels that changed before they were taken."""

from __future__ import annotations

import pytest
import torch

from mace_scf.loss import LossEngine

from .batches import leaves, ragged_batch
from .kit import WEIGHTS, Pair, engine_for, on_path
from .small import engine, labels, predicted


def test_memory_that_was_swapped_before_the_gradient_is_told() -> None:
    reference, prediction = labels(), predicted()
    total = engine("compiled", {"forces": 1.0})(reference, prediction).total
    assert reference.forces is not None
    reference.forces.data = torch.zeros(6, 3)

    with pytest.raises(RuntimeError, match="changed in place or moved"):
        total.backward()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", ["rho_fftn", "fourier_density"])
@pytest.mark.parametrize("compat", [None, "upstream"])
def test_the_constant_wave_has_a_finite_gradient(name: str, compat: str | None) -> None:
    own = engine_for(name, compat=compat)
    squared = torch.tensor([[0.0, 0.004, 2.0, 0.0], [0.0, 1.0, 3.0, 60.0]]).requires_grad_()
    torch.manual_seed(3)
    output = {
        "rho_fftn": torch.randn(2, 4, 2),
        "rho_fftn_dft": torch.randn(2, 4, 2),
        "k_vectors_normed_squared": squared,
        "k_vectors_mask": torch.tensor([[True, True, True, False], [True] * 4]),
    }

    own({"ptr": torch.tensor([0, 2, 5])}, output).total.backward()  # type: ignore[no-untyped-call]

    assert squared.grad is not None
    assert bool(squared.grad.isfinite().all())


def test_without_active_terms_the_total_is_an_attached_zero(pair: Pair) -> None:
    reference, _ = pair
    _, prediction = ragged_batch(seed=30)

    total = LossEngine.from_config({"forces": 0.0})(reference, leaves(prediction)).total

    assert total.item() == 0.0
    assert total.requires_grad


@pytest.mark.parametrize("path", ["compiled", "fused", "plain"])
def test_what_is_only_looked_at_carries_no_gradient(path: str, pair: Pair) -> None:
    reference, _ = pair
    engine = on_path(LossEngine.from_config(WEIGHTS), path)
    predicted = leaves(ragged_batch()[1])

    breakdown = engine(reference, predicted)

    fields = ("raw", "weighted", "share", "count", "gradient_norm", "worst_frame")
    assert breakdown.total.requires_grad
    assert not any(getattr(breakdown, field).requires_grad for field in (*fields, "table", "counts"))
    for place, term in enumerate(breakdown):
        assert all(getattr(term, field) == getattr(breakdown, field)[place] for field in fields)


def test_a_label_changed_before_the_gradient_is_told(pair: Pair) -> None:
    reference, _ = pair
    predicted = leaves(ragged_batch()[1])
    total = LossEngine.from_config({"forces": 1.0})(reference, predicted).total
    reference["forces"].zero_()

    with pytest.raises(RuntimeError, match="changed in place"):
        total.backward()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", ["compiled", "fused"])
@pytest.mark.parametrize("periodic", [False, True])
def test_positions_that_a_model_differentiates_by_are_only_looked_at(
    path: str, periodic: bool, pair: Pair
) -> None:
    reference, prediction = pair
    if not periodic:
        del reference["cell"]
    weights = {"cluster_virial": 1.0, "molecular_forces": 2.0}
    engine = LossEngine.from_config(weights).evolve(compiled=path == "compiled")
    wanted = engine(reference, prediction)

    # mace-torch marks the positions of the batch itself, and so does its output's batch.
    found = engine({**reference, "positions": reference["positions"].clone().requires_grad_()}, prediction)

    assert found.total.item() == wanted.total.item()
    assert torch.equal(found.gradient_norm, wanted.gradient_norm)


@pytest.mark.parametrize("compiled", [False, True])
def test_a_second_derivative_is_refused_not_left_out(compiled: bool, pair: Pair) -> None:
    reference, prediction = pair
    forces = prediction["forces"].detach().requires_grad_()
    engine = LossEngine.from_config({"forces": 1.0}).evolve(compiled=compiled)
    total = engine(reference, {**prediction, "forces": forces}).total

    (slope,) = torch.autograd.grad(total, forces, create_graph=True)

    with pytest.raises(RuntimeError, match=r"recorded=True"):
        torch.autograd.grad(forces.sum() + slope.square().sum(), forces)


def test_a_recorded_loss_is_differentiable_twice(pair: Pair) -> None:
    reference, prediction = pair
    forces = prediction["forces"].detach().requires_grad_()
    engine = LossEngine.from_config({"forces": 1.0})
    inputs = reference, {**prediction, "forces": forces}
    (wanted,) = torch.autograd.grad(engine(*inputs).total, forces)

    (slope,) = torch.autograd.grad(engine.evolve(recorded=True)(*inputs).total, forces, create_graph=True)
    (second,) = torch.autograd.grad(slope.sum(), forces)

    assert torch.allclose(slope, wanted, rtol=1e-12, atol=0.0)
    assert torch.allclose(
        second * (forces - reference["forces"]), slope, rtol=1e-12, atol=0.0, equal_nan=True
    )
