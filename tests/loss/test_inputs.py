"""Every door of the engine, and one clear error for what does not fit."""

from __future__ import annotations

import pickle
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest
import torch

from mace_scf.errors import MaceScfError
from mace_scf.loss import (
    Difference,
    Honoured,
    Items,
    Level,
    LossConfigError,
    LossEngine,
    LossInputError,
    Predictions,
    References,
    Term,
    TermInputs,
    TermRegistrationError,
    register,
    unregister,
    with_molecules,
)
from mace_scf.loss.adapters import references_from
from mace_scf.loss.batch import PREDICTIONS
from mace_scf.loss.moving import with_tensors

from .batches import complete_batch, leaves, ragged_batch, tensors
from .kit import close

WEIGHTS = {
    "energy_per_atom": 1.0,
    "forces": 10.0,
    "stress": 2.0,
    "polarizability": 1.0,
    "dipole": 3.0,
    "atomic_multipoles": 1.0,
    "total_charge": 1.0,
    "cluster_virial": 1.0,
}
ENGINE = LossEngine.from_config(WEIGHTS)


@pytest.fixture
def pair() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    reference, prediction = ragged_batch(seed=30)
    return tensors(reference), tensors(prediction)


Pair = tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]


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


def test_a_label_that_is_none_is_labelled_nowhere(pair: Pair) -> None:
    reference, prediction = pair
    absent: dict[str, Any] = {**reference, "stress": None}

    breakdown = ENGINE(absent, prediction)

    assert breakdown.terms["stress"].raw.item() == 0.0
    assert breakdown.terms["stress"].count.item() == 0.0
    assert torch.isfinite(breakdown.total)


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


def test_without_active_terms_the_total_is_an_attached_zero(pair: Pair) -> None:
    reference, _ = pair
    _, prediction = ragged_batch(seed=30)

    total = LossEngine.from_config({"forces": 0.0})(reference, leaves(prediction)).total

    assert total.item() == 0.0
    assert total.requires_grad


def test_parts_add_up_to_the_total(pair: Pair) -> None:
    breakdown = ENGINE(*pair)

    assert breakdown.weighted.sum().item() == breakdown.total.item()
    assert close(breakdown.share.sum().item(), 1.0)
    assert [term.weight for term in breakdown] == list(WEIGHTS.values())


@pytest.mark.parametrize("path", ["compiled", "fused", "plain"])
def test_what_is_only_looked_at_carries_no_gradient(path: str, pair: Pair) -> None:
    reference, _ = pair
    engine = ENGINE.evolve(compiled=path == "compiled", recorded=path == "plain")
    predicted = leaves(ragged_batch()[1])

    breakdown = engine(reference, predicted)

    fields = ("raw", "weighted", "share", "count", "gradient_norm", "worst_frame")
    assert breakdown.total.requires_grad
    assert not any(getattr(breakdown, field).requires_grad for field in (*fields, "table", "counts"))
    for place, term in enumerate(breakdown):
        assert all(getattr(term, field) == getattr(breakdown, field)[place] for field in fields)


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
    engine = LossEngine.from_config(weights).evolve(compiled=path == "compiled", recorded=path == "plain")

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


def test_a_label_changed_before_the_gradient_is_told(pair: Pair) -> None:
    reference, _ = pair
    predicted = leaves(ragged_batch()[1])
    total = LossEngine.from_config({"forces": 1.0})(reference, predicted).total
    reference["forces"].zero_()

    with pytest.raises(RuntimeError, match="changed in place"):
        total.backward()  # type: ignore[no-untyped-call]


def test_a_molecule_index_of_another_batch_is_told(pair: Pair) -> None:
    reference, prediction = pair
    other = with_molecules(references_from(tensors(ragged_batch(sizes=(2, 2, 2, 2))[0])))

    with pytest.raises(LossInputError, match="`molecules` should be an index of 13 atoms"):
        LossEngine.from_config({"molecular_forces": 1.0})(
            {**reference, "molecules": other.molecules}, prediction
        )


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
def test_prepared_references_travel_between_processes(compiled: bool, pair: Pair) -> None:
    reference, prediction = pair
    weights = {"energy_per_atom": 1.0, "cluster_virial": 2.0, "esps": 1.0, "dipole": 1.0}
    engine = LossEngine.from_config(weights).evolve(compiled=compiled)

    prepared = pickle.loads(pickle.dumps(engine.prepare(reference)))
    found, wanted = engine(prepared, prediction), engine(reference, prediction)

    assert found.total.item() == wanted.total.item()
    assert torch.equal(found.gradient_norm, wanted.gradient_norm)


def test_labels_may_move_in_memory_after_they_were_prepared(pair: Pair) -> None:
    reference, prediction = pair
    engine = LossEngine.from_config({"energy_per_atom": 1.0, "molecular_forces": 2.0, "dipole": 1.0})
    wanted = engine(reference, prediction)
    prepared = engine.prepare(reference)
    _ = engine(prepared, prediction).gradient_norm

    # What a queue between processes does to the sender's tensors.
    with_tensors(prepared, lambda tensor: tensor.share_memory_())  # type: ignore[no-untyped-call]  # of torch
    found = engine(prepared, prediction)

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


def test_prepared_references_move_with_all_their_tensors(pair: Pair) -> None:
    reference, prediction = pair
    engine = LossEngine.from_config({"energy_per_atom": 1.0, "cluster_virial": 2.0, "dipole": 1.0})
    prepared = engine.prepare(reference, device="cuda")
    devices = set()

    def see(tensor: torch.Tensor) -> torch.Tensor:
        devices.add(tensor.device.type)
        return tensor

    with_tensors(prepared.to("meta"), see)

    assert devices == {"meta"}
    moved = prepared.to("cpu")
    assert close(engine(moved, prediction).total.item(), engine(reference, prediction).total.item(), 1e-13)
    with pytest.raises(LossInputError, match="prepared for a CPU"):
        engine.prepare(reference).to("meta")


def test_keV_energies_in_single_precision_keep_meV_residuals() -> None:  # noqa: N802  # a unit, not a name
    reference, prediction = complete_batch()
    baseline = np.array([-204e3, -340e3, -68e3, -272e3]) / 3.0
    small = prediction["energy"] * 1e-3
    engine = LossEngine.from_config({"energy_per_atom": 1.0})
    labels = tensors(reference)
    labels["energy"] = torch.from_numpy(baseline + reference["energy"] * 1e-3)
    wanted = engine(labels, {"energy": torch.from_numpy(baseline + small)}).total.item()
    single = {
        key: value.float()
        for key, value in tensors({"energy": baseline + small, "interaction_energy": small}).items()
    }

    naive = engine({**labels, "energy": labels["energy"].float()}, single).total.item()
    safe = {**labels, "energy_baseline": torch.from_numpy(baseline)}
    whole = LossEngine.from_config({"energy_per_atom": 1.0}, whole_interaction=True)
    found = whole(safe, single).total.item()
    prepared = whole(whole.prepare(safe), single).total.item()

    assert abs(naive / wanted - 1) > 0.5
    assert abs(found / wanted - 1) < 1e-5
    assert abs(prepared / wanted - 1) < 1e-5


@pytest.mark.parametrize("path", ["compiled", "fused", "plain"])
def test_an_interaction_energy_that_leaves_something_out_is_not_compared(path: str) -> None:
    reference, prediction = complete_batch()
    baseline = torch.tensor([-20.0, -34.0, -6.8, -27.2], dtype=torch.float64)
    labels, predicted = tensors(reference), tensors({"energy": prediction["energy"]})
    wanted = LossEngine.from_config({"energy_per_atom": 1.0})(labels, predicted).total.item()
    # As PolarMACE has it: the electrostatic energy is in the energy alone.
    without_electrostatics = predicted["energy"] - baseline - 3.0
    engine = LossEngine.from_config({"energy_per_atom": 1.0})
    engine = engine.evolve(compiled=path == "compiled", recorded=path == "plain")

    found = engine(
        {**labels, "energy_baseline": baseline}, {**predicted, "interaction_energy": without_electrostatics}
    )

    assert close(found.total.item(), wanted, 1e-13)


@pytest.mark.parametrize("missing", ["interaction_energy", "energy_baseline"])
def test_a_whole_interaction_energy_needs_itself_and_the_baseline(missing: str) -> None:
    reference, prediction = complete_batch()
    engine = LossEngine.from_config({"energy_per_atom": 1.0}, whole_interaction=True)
    energies = torch.zeros(len(reference["weight"]), dtype=torch.float64)
    labels = {**tensors(reference), "energy_baseline": energies}
    predicted = {**tensors(prediction), "interaction_energy": energies}
    del (labels if missing == "energy_baseline" else predicted)[missing]

    with pytest.raises(LossInputError, match=f"`energy_per_atom`: `{missing}` should be"):
        engine(labels, predicted)


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


def test_double_labels_are_subtracted_before_rounding() -> None:
    reference, prediction = complete_batch()
    labels, predicted = tensors(reference), {"energy": torch.from_numpy(prediction["energy"]).float()}
    labels["energy"] = predicted["energy"].double() + 1e-9
    engine = LossEngine.from_config({"energy_per_atom": 1.0})

    found = engine(labels, predicted).total.item()

    sizes = np.diff(reference["ptr"])
    assert close(found, float(np.mean((1e-9 / sizes) ** 2)), 1e-6)


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
