"""Terms of users: registered, computed on every path, refused where their labels do not fit."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest
import torch

from mace_scf.loss import (
    Difference,
    Honoured,
    Items,
    Layout,
    Level,
    LossConfigError,
    LossEngine,
    LossInputError,
    Term,
    TermInputs,
    TermRegistrationError,
    register,
    unregister,
)
from mace_scf.loss.batch import PREDICTIONS
from mace_scf.loss.terms.cluster import MoleculeForce

from .kit import PATHS, Pair
from .small import engine, labels


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("reduction", ["batch", "labelled"])
def test_a_users_mean_over_molecules_divides_by_those_that_are_there(path: str, reduction: str) -> None:
    register(
        Term(
            "net_forces",
            Level.MOLECULE,
            difference=Difference("forces", "forces", map=MoleculeForce()),
            predictions=("forces",),
            honoured=Honoured(needs=("forces", "molecule")),
        )
    )
    try:
        own = engine(path, {"net_forces": 1.0}).evolve(reduction=reduction)
        reference = labels(forces=torch.zeros(6, 3))
        found = own(reference, {"forces": torch.ones(6, 3)})["net_forces"]
    finally:
        unregister("net_forces")

    # Two, two, one and one atoms.
    assert found.raw.item() == pytest.approx((4.0 + 4.0 + 1.0 + 1.0) / 4)
    assert found.count.item() == 12.0


@pytest.fixture
def quadrupole() -> Iterator[dict[str, float]]:
    """A user's term whose label has no declared shape."""
    register(
        Term(
            "quadrupole",
            Level.FRAME,
            difference=Difference("quadrupole", "quad"),
            predictions=("quadrupole",),
            honoured=Honoured(properties=("dipole",), needs=("quad",)),
            layouts={"quadrupole": Layout(Level.FRAME, (5,), "e·Å²")},
        )
    )
    yield {"quadrupole": 1.0}
    unregister("quadrupole")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "label", [torch.zeros(3, 4), torch.zeros(3), torch.zeros(4, 5), torch.zeros(()), "text", None]
)
def test_a_users_label_of_another_shape_is_told(
    path: str, label: object, quadrupole: dict[str, float]
) -> None:
    batch = {"ptr": torch.tensor([0, 2, 5, 6]), "forces": torch.zeros(6, 3), "quad": label}

    with pytest.raises(LossInputError, match="`quad` should be"):
        engine(path, quadrupole)(batch, {"quadrupole": torch.ones(3, 5)})


@pytest.mark.parametrize("path", PATHS)
def test_weights_of_other_components_are_told(path: str, quadrupole: dict[str, float]) -> None:
    batch = {
        "ptr": torch.tensor([0, 2, 5, 6]),
        "quad": torch.zeros(3, 5),
        "dipole_weight": torch.ones(3, 3),
    }

    with pytest.raises(LossInputError, match="found 3 for 5 components"):
        engine(path, quadrupole)(batch, {"quadrupole": torch.ones(3, 5)})


def count_of_charges(inputs: TermInputs) -> Items:
    residual = inputs.prediction("charges").squeeze(-1) - inputs.reference("oxidation")
    return Items(residual.square()[:, None], inputs.finite("oxidation"))


def test_a_users_term_is_a_declaration_and_a_function(pair: Pair) -> None:
    reference, prediction = pair
    term = Term(
        "oxidation",
        Level.ATOM,
        function=lambda inputs: attrs.evolve(count_of_charges(inputs), present=None),
        predictions=("charges",),
        honoured=Honoured(properties=("oxidation",), needs=("oxidation",)),
        layouts={"charges": PREDICTIONS["esps"]},
        options={"scale": 1.0},
    )
    register(term)
    try:
        engine = LossEngine.from_config({"forces": 1.0, "oxidation": {"weight": 2.0, "scale": 1.0}})
        labels = torch.randn(13, dtype=torch.float64)
        charges = torch.randn(13, 1, dtype=torch.float64)
        weight = torch.tensor([1.0, 0.0, 2.0, 1.0], dtype=torch.float64)
        batch = {
            **reference,
            "weight": torch.ones(4, dtype=torch.float64),
            "oxidation": labels,
            "oxidation_weight": weight,
        }

        found = engine(batch, {**prediction, "charges": charges}).terms["oxidation"].raw

        sizes = reference["ptr"][1:] - reference["ptr"][:-1]
        atom_weight = torch.repeat_interleave(weight, sizes)
        torch.testing.assert_close(found, (atom_weight * (charges[:, 0] - labels) ** 2).mean())
        with pytest.raises(LossConfigError, match="takes no option `other`"):
            LossEngine.from_config({"oxidation": {"weight": 2.0, "other": 1.0}})
        with pytest.raises(TermRegistrationError, match="already registered"):
            register(term)
    finally:
        unregister("oxidation")


def test_a_term_without_arithmetic_is_refused() -> None:
    with pytest.raises(TermRegistrationError, match="either a difference or a function"):
        register(Term("empty", Level.FRAME))
    with pytest.raises(TermRegistrationError, match="no layout for `strange`"):
        register(
            Term("odd", Level.FRAME, difference=Difference("strange", "energy"), predictions=("strange",))
        )
