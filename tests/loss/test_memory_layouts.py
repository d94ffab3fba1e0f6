"""However numbers lie in memory, or whether torch still owes them, the loss is the same to the bit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from mace_scf.loss import LossEngine, registered_terms

from .batches import ragged_batch, tensors, with_nan_labels
from .kit import PATHS

TERMS = dict.fromkeys(sorted(registered_terms()), 1.0)


def strided(value: Tensor) -> Tensor:
    wide = torch.stack([value, torch.full_like(value, 7)], dim=-1)
    return wide[..., 0]


def transposed(value: Tensor) -> Tensor:
    return value.transpose(0, -1).contiguous().transpose(0, -1) if value.dim() > 1 else strided(value)


def behind_another(value: Tensor) -> Tensor:
    return torch.cat([value[:1], value])[1:]


def owing_a_sign(value: Tensor) -> Tensor:
    return torch.complex(value, -value).conj().imag if value.is_floating_point() else value


def of_a_parameter(value: Tensor) -> Tensor:
    return torch.nn.Parameter(value) if value.is_floating_point() else value


LAYOUTS = (strided, transposed, behind_another, owing_a_sign, of_a_parameter)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prepared", [False, True])
def test_a_layout_changes_no_bit(layout: Callable[[Tensor], Tensor], path: str, prepared: bool) -> None:
    engine = LossEngine.from_config(TERMS).evolve(recorded=path == "plain", compiled=path == "compiled")
    reference, prediction = ragged_batch(seed=21)
    given, predicted = tensors(with_nan_labels(reference)), tensors(prediction)
    turned = {name: layout(value) for name, value in given.items()}
    answers = {
        name: layout(value).detach().requires_grad_(value.is_floating_point())
        for name, value in predicted.items()
    }
    plain = {
        name: value.clone().requires_grad_(value.is_floating_point()) for name, value in predicted.items()
    }

    found = engine(engine.prepare(turned) if prepared else turned, answers)
    wanted = engine(given, plain)
    (found.total + wanted.total).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped

    torch.testing.assert_close(found.raw, wanted.raw, rtol=0, atol=0)
    torch.testing.assert_close(found.gradient_norm, wanted.gradient_norm, rtol=1e-15, atol=0)
    for name, value in plain.items():
        if value.grad is not None:
            torch.testing.assert_close(answers[name].grad, value.grad, rtol=0, atol=0)


@pytest.mark.parametrize("path", PATHS)
def test_zeros_that_have_no_memory_are_zeros(path: str) -> None:
    terms = {"forces": 1.0, "molecular_forces": 1.0, "total_charge": 1.0}
    engine = LossEngine.from_config(terms).evolve(recorded=path == "plain", compiled=path == "compiled")
    reference, prediction = map(tensors, ragged_batch(seed=21))
    nothing = {key: torch._efficientzerotensor(prediction[key].shape, dtype=torch.float64) for key in KEYS}
    zeros = {key: torch.zeros_like(prediction[key]) for key in KEYS}

    found = engine(reference, {**prediction, **nothing})

    assert found.total.item() == engine(reference, {**prediction, **zeros}).total.item()


KEYS = ("forces", "density_coefficients")
