"""Labels of multipoles under one of two names: which is meant, and what is ambiguous."""

from __future__ import annotations

import pytest
import torch

from mace_scf.loss import LossEngine, LossInputError

from .kit import Pair


def test_multipoles_with_a_weight_win_over_zeros_without(pair: Pair) -> None:
    reference, prediction = pair
    engine = LossEngine.from_config({"atomic_multipoles": 1.0})
    wanted = engine(reference, prediction).total.item()
    labels, weight = reference.pop("density_coefficients"), reference.pop("density_coefficients_weight")
    named = {"atomic_multipoles": labels, "atomic_multipoles_weight": weight}
    zeros = {"density_coefficients": torch.zeros_like(labels)}

    assert engine({**reference, **named}, prediction).total.item() == wanted
    assert engine({**reference, **named, **zeros}, prediction).total.item() == wanted
    assert engine({**zeros, **named, **reference}, prediction).total.item() == wanted


def test_a_batch_in_upstreams_names_keeps_its_weight(pair: Pair) -> None:
    reference, prediction = pair
    engine = LossEngine.from_config({"atomic_multipoles": 1.0})
    wanted = engine(reference, prediction).total.item()

    unweighted = {"atomic_multipoles": torch.zeros_like(reference["density_coefficients"])}

    assert engine({**reference, **unweighted}, prediction).total.item() == wanted


def test_multipoles_with_two_weights_are_ambiguous(pair: Pair) -> None:
    reference, prediction = pair
    twice = {
        **reference,
        "atomic_multipoles": reference["density_coefficients"].clone(),
        "atomic_multipoles_weight": reference["density_coefficients_weight"].clone(),
    }

    with pytest.raises(LossInputError, match="`atomic_multipoles` should be under one name, found two"):
        LossEngine.from_config({"atomic_multipoles": 1.0})(twice, prediction)


@pytest.mark.parametrize("terms", [{"atomic_multipoles": 1.0}, {"atomic_multipoles": 1.0, "forces": 1.0}])
def test_too_few_columns_of_multipoles_are_told_before_any_arithmetic(terms: dict[str, float]) -> None:
    reference = {
        "ptr": torch.tensor([0, 2, 3]),
        "forces": torch.zeros(3, 3),
        "density_coefficients": torch.zeros(3, 1),
    }
    prediction = {"forces": torch.zeros(3, 3), "density_coefficients": torch.zeros(3, 4)}

    with pytest.raises(
        LossInputError, match=r"`atomic_multipoles` should be 4 columns or more, found \(3, 1\)"
    ):
        LossEngine.from_config(terms)(reference, prediction)
