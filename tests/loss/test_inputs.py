"""Every door of the engine, and one clear error for what does not fit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from mace_scf.errors import MaceScfError
from mace_scf.loss import (
    LossConfigError,
    LossEngine,
    LossInputError,
    Predictions,
    References,
    with_molecules,
)
from mace_scf.loss.adapters import references_from

from .batches import ragged_batch, tensors
from .kit import WEIGHTS, Pair, close, on_path

ENGINE = LossEngine.from_config(WEIGHTS)


def test_typed_inputs_equal_a_mapping(pair: Pair) -> None:
    reference, prediction = pair
    names = {
        "density_coefficients": "atomic_multipoles",
        "cluster_batch": "molecule",
        "cluster_loss_weight": "molecule_weight",
    }
    names["density_coefficients_weight"] = "atomic_multipoles_weight"
    fields: dict[str, Any] = {names.get(name, name): value for name, value in reference.items()}
    typed = References(**fields)
    keys = ("energy", "forces", "stress", "dipole", "polarizability", "density_coefficients")
    outputs: dict[str, Any] = {key: prediction[key] for key in keys}
    predicted = Predictions(**outputs)

    found = ENGINE(typed, predicted)

    assert found.total.item() == ENGINE(reference, prediction).total.item()


@pytest.mark.parametrize("as_object", [True, False])
def test_a_collated_batch_may_have_odd_shapes(pair: Pair, as_object: bool) -> None:
    reference, prediction = pair
    frames = len(reference["weight"])
    odd: dict[str, Any] = dict(reference)
    odd["dipole_weight"] = reference["dipole_weight"].reshape(-1)
    odd["polarizability"] = reference["polarizability"].reshape(3 * frames, 3)
    odd["stress"] = reference["stress"].reshape(frames, 9)
    odd["cell"] = reference["cell"].reshape(3 * frames, 3)
    odd["pbc"] = reference["pbc"].reshape(-1)
    odd["energy"] = reference["energy"].reshape(frames, 1)
    sizes = odd["ptr"][1:] - odd.pop("ptr")[:-1]
    odd["batch"] = torch.repeat_interleave(torch.arange(frames), sizes)

    batch = SimpleNamespace(**odd) if as_object else odd

    assert ENGINE(batch, prediction).total.item() == ENGINE(reference, prediction).total.item()


def test_the_drop_in_takes_either_order(pair: Pair) -> None:
    reference, prediction = pair
    loss_fn = ENGINE.as_loss_fn()

    values = {loss_fn(pred=prediction, ref=reference).item(), loss_fn(reference, prediction).item()}
    values.add(loss_fn(prediction, reference, ddp=False).item())  # swapped

    assert values == {ENGINE(reference, prediction).total.item()}


def test_the_drop_in_tells_a_recorder(pair: Pair) -> None:
    seen: list[object] = []
    loss_fn = ENGINE.as_loss_fn(recorder=seen.append)

    loss_fn(pair[0], pair[1])

    assert seen == [loss_fn.last]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"forces": None}, "`forces` should be a tensor (13, 3) [eV/Å], found None in the predictions"),
        ({"forces": torch.zeros(12, 3)}, "`forces` should be (13, 3) [eV/Å], found (12, 3)"),
        ({"forces": torch.zeros(13, 3, dtype=torch.int64)}, "floating-point numbers, found torch.int64"),
        ({"forces": [1.0]}, "found list"),
        ({"forces": torch.zeros(13, 3, device="meta")}, "should be on cpu, found on meta"),
    ],
)
def test_a_wrong_prediction_is_one_clear_error(pair: Pair, change: dict[str, Any], expected: str) -> None:
    reference, prediction = pair

    with pytest.raises(LossInputError) as caught:
        ENGINE(reference, {**prediction, **change})

    assert expected in str(caught.value)
    assert isinstance(caught.value, MaceScfError)
    assert (caught.value.term, caught.value.key) == ("forces", "forces")


def test_what_was_checked_is_remembered_without_counts(pair: Pair) -> None:
    engine = LossEngine.from_config(WEIGHTS)
    remembered = engine._reader._seen

    for sizes in ((3, 5, 1, 4), (2, 6), (7, 1, 2), (4, 4, 4, 4, 4)):
        reference, prediction = ragged_batch(seed=2, sizes=sizes)
        engine(tensors(reference), tensors(prediction))

    assert len(remembered) == 2
    # One atom in each frame: a length may then mean either, which must not carry over.
    reference, prediction = ragged_batch(seed=2, sizes=(1, 1))
    engine(tensors(reference), tensors(prediction))
    reference, prediction = pair
    with pytest.raises(LossInputError, match="`energy` should be"):
        engine(reference, {**prediction, "energy": prediction["forces"][:, 0]})


def test_a_missing_prediction_names_term_and_key(pair: Pair) -> None:
    reference, prediction = pair
    del prediction["stress"]

    with pytest.raises(
        LossInputError,
        match=r"loss term `stress`: `stress` should be a tensor .* found no such key in the predictions",
    ):
        ENGINE(reference, prediction)


@pytest.mark.parametrize("name", ["forces", "forces_weight", "weight"])
def test_a_label_on_another_device_is_one_clear_error(name: str, pair: Pair) -> None:
    reference, prediction = pair

    with pytest.raises(LossInputError, match=f"`forces`: `{name}` should be on cpu, found on meta"):
        LossEngine.from_config({"forces": 1.0})({**reference, name: reference[name].to("meta")}, prediction)


def test_a_missing_label_names_term_and_key(pair: Pair) -> None:
    reference, prediction = pair
    del reference["stress"]

    with pytest.raises(LossInputError, match="loss term `stress`: `stress` should be in the references"):
        ENGINE(reference, prediction)


def test_missing_positions_are_told(pair: Pair) -> None:
    reference, prediction = pair
    del reference["positions"]

    with pytest.raises(LossInputError, match="loss term `cluster_virial`: `positions`"):
        ENGINE(reference, prediction)


def test_a_weight_zero_term_is_reported_and_left_out(pair: Pair) -> None:
    reference, prediction = pair
    silent = LossEngine.from_config({**WEIGHTS, "forces": 0.0})
    without = LossEngine.from_config({name: weight for name, weight in WEIGHTS.items() if name != "forces"})
    poisoned = {**prediction, "forces": prediction["forces"] * torch.nan, "esps": prediction["esps"]}
    del reference["cluster_batch"], reference["cluster_loss_weight"]
    reference["cluster_batch"] = torch.zeros(13, dtype=torch.int64)
    reference["cluster_loss_weight"] = torch.zeros(4, dtype=torch.float64)

    breakdown = silent(reference, poisoned)

    assert breakdown.total.item() == without(reference, poisoned).total.item()
    assert breakdown.names == tuple(WEIGHTS)
    assert breakdown.terms["forces"].weighted.item() == 0.0
    assert torch.isnan(breakdown.terms["forces"].raw)


def test_parts_add_up_to_the_total(pair: Pair) -> None:
    breakdown = ENGINE(*pair)

    assert breakdown.weighted.sum().item() == breakdown.total.item()
    assert close(breakdown.share.sum().item(), 1.0)
    assert [term.weight for term in breakdown] == list(WEIGHTS.values())


def test_a_weight_modifier_multiplies_the_config_weight(pair: Pair) -> None:
    reference, prediction = pair
    factor = torch.tensor([0.5, 2.0, 3.0, 0.0], dtype=torch.float64)
    scaled = {**reference, "weight": reference["weight"] * factor}

    for engine in (ENGINE, ENGINE.evolve(recorded=True)):
        found = engine(reference, {**prediction, "loss_weight_modifier": factor}).total.item()
        assert close(found, engine(scaled, prediction).total.item())


@pytest.mark.parametrize("path", ["compiled", "fused", "plain"])
def test_a_weight_modifier_needs_no_config_weight(path: str, pair: Pair) -> None:
    reference, prediction = pair
    del reference["weight"]
    modifier = torch.linspace(0.5, 2.0, len(reference["energy"]), dtype=torch.float64)
    weights = {"energy_per_atom": 1.0, "esps": 1.0, "molecular_forces": 1.0}
    engine = on_path(LossEngine.from_config(weights), path)

    found = engine(reference, {**prediction, "loss_weight_modifier": modifier})

    wanted = engine({**reference, "weight": modifier}, prediction)
    torch.testing.assert_close(found.raw, wanted.raw, rtol=1e-13, atol=0.0)


@pytest.mark.parametrize("ptr", [[0, 3, 5], [0, 30, 5, 13], [-1, 3, 8, 9, 13], [0, 3, 8, 9, 14]])
def test_frames_that_do_not_fit_the_atoms_are_one_clear_error(ptr: list[int], pair: Pair) -> None:
    reference, prediction = pair
    names = ("ptr", "batch", "forces", "forces_weight", "positions")
    batch = {name: value for name, value in reference.items() if name in names}
    batch["ptr"] = torch.tensor(ptr)
    batch["forces_weight"] = torch.ones(len(ptr) - 1, dtype=torch.float64)

    with pytest.raises(LossInputError, match="`ptr` should be"):
        LossEngine.from_config({"forces": 1.0})(batch, prediction)


def test_a_molecule_index_of_another_batch_is_told(pair: Pair) -> None:
    reference, prediction = pair
    other = with_molecules(references_from(tensors(ragged_batch(sizes=(2, 2, 2, 2))[0])))

    with pytest.raises(LossInputError, match="`molecules` should be an index of 13 atoms"):
        LossEngine.from_config({"molecular_forces": 1.0})(
            {**reference, "molecules": other.molecules}, prediction
        )


def test_a_config_with_mistakes_carries_every_finding() -> None:
    with pytest.raises(LossConfigError) as caught:
        LossEngine.from_config(
            {"forcs": 1.0, "forces": {"weight": 1.0, "delta": 2.0}, "energy_per_atom": -1.0}
        )

    assert [finding.code for finding in caught.value.diagnostics] == ["L101", "L105", "L103"]
    assert isinstance(caught.value, MaceScfError)
    assert (
        str(caught.value).splitlines()[0]
        == "L101 unknown loss term `forcs`: `forces` is given already: remove `forcs`"
    )


def test_upstream_refuses_what_its_trainer_would() -> None:
    assert LossEngine.from_config({"forces": 1, "fourier_density": 1.0}).names == (
        "forces",
        "fourier_density",
    )

    with pytest.raises(LossConfigError, match="whole number"):
        LossEngine.from_config({"forces": 1}, compat="upstream")


def test_an_engine_comes_from_a_validated_stage(pair: Pair) -> None:
    spec = SimpleNamespace(name="forces", weight=10.0, options={})
    stage = SimpleNamespace(terms=(spec,), heads={"forces": ("arrays_keys", "REF_forces")})

    engine = LossEngine.from_stage(stage)

    assert engine(*pair).total.item() == LossEngine.from_config({"forces": 10.0})(*pair).total.item()
    assert repr(engine) == "LossEngine(forces_weight=10)"
