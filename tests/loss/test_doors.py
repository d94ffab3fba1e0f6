"""What a newcomer hands to the engine: frame-level losses alone, heads as written, functions that return too little."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ase
import pytest
import torch

from mace_scf.loss import (
    CountPlan,
    Difference,
    Items,
    LossConfigError,
    LossEngine,
    LossInputError,
    LossRecorder,
    Predictions,
    References,
    StreamingEvaluation,
    Term,
    TermRegistrationError,
    fixed,
    register,
    unregister,
)
from mace_scf.loss.batch import Level
from mace_scf.loss.frames import heads_of
from mace_scf.loss.terms.cluster import MoleculeForce

PTR = torch.tensor([0, 3, 7])


@pytest.mark.parametrize("compat", [None, "upstream"])
@pytest.mark.parametrize("as_mapping", [True, False])
def test_a_loss_of_frame_quantities_alone_needs_no_tensor_of_atoms(
    compat: str | None, as_mapping: bool
) -> None:
    energy = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([3.0, 8.0], dtype=torch.float64)
    reference = {"ptr": PTR, "energy": labels} if as_mapping else References(ptr=PTR, energy=labels)
    prediction = {"energy": energy} if as_mapping else Predictions(energy=energy)

    total = LossEngine.from_config({"energy_per_atom": 1.0}, compat=compat)(reference, prediction).total
    total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped

    assert total.item() == (1.0**2 + 2.0**2) / 2
    assert energy.grad is not None
    assert energy.grad.tolist() == [-1.0 / 3, -2.0 / 4]


@pytest.fixture(
    params=[
        lambda: Items(torch.ones(3, 1)),
        lambda: Items(torch.ones(20, 1)),
        lambda: Items(torch.ones(7)),
        lambda: Items(torch.ones(7, 1), torch.ones(7, dtype=torch.bool)),
        lambda: Items(torch.ones(7, 2), torch.ones(1, 2, dtype=torch.bool)),
    ]
)
def short(request: pytest.FixtureRequest) -> Iterator[str]:
    register(
        Term(
            "short_of_rows",
            Level.ATOM,
            function=lambda inputs: request.param(),
            predictions=("density_coefficients",),
        )
    )
    yield "short_of_rows"
    unregister("short_of_rows")


def test_a_function_with_the_wrong_number_of_rows_is_refused(short: str) -> None:
    engine = LossEngine.from_config({short: 1.0})

    with pytest.raises(LossInputError, match=r"`short_of_rows`.*\(7, width\), a row for each atom"):
        engine({"ptr": PTR}, {"density_coefficients": torch.zeros(7, 1)})


def test_a_term_that_reads_no_prediction_has_a_gradient_of_zero() -> None:
    register(
        Term(
            "constant", Level.FRAME, function=lambda inputs: Items(torch.ones(2, 1)), predictions=("energy",)
        )
    )
    try:
        breakdown = LossEngine.from_config({"constant": 2.0})(
            {"ptr": PTR}, {"energy": torch.zeros(2, requires_grad=True)}
        )

        assert [line.gradient_norm for line in breakdown.lines()] == [0.0]
        assert breakdown.total.item() == 2.0
    finally:
        unregister("constant")


HEAD = {"info_keys": {"energy": "REF_energy"}, "arrays_keys": {"forces": "REF_forces"}}
PAIRS = {"energy": ("info_keys", "REF_energy"), "forces": ("arrays_keys", "REF_forces")}


@pytest.mark.parametrize("heads", [HEAD, {"Default": HEAD}, PAIRS])
def test_heads_may_be_written_as_in_a_config(heads: dict[str, object]) -> None:
    assert heads_of(heads) == PAIRS


def test_heads_of_another_form_are_refused() -> None:
    with pytest.raises(LossInputError, match="a head with `info_keys` and `arrays_keys`"):
        heads_of({"energy": "REF_energy"})


def test_a_key_that_no_frame_has_is_said_once() -> None:
    engine = LossEngine.from_config({"energy_per_atom": 1.0}, heads={"info_keys": {"energy": "REF_energi"}})
    frames = [ase.Atoms("H", info={"REF_energy": -1.0}), ase.Atoms("O", info={"REF_energy": -2.0})]
    prediction = {"energy": torch.zeros(2)}

    with pytest.warns(UserWarning, match="no frame of this batch has `REF_energi` in its info"):
        engine(frames, prediction)
    assert engine(frames, prediction).count.tolist() == [
        0.0
    ]  # warnings are errors here: there is no second one


def test_records_that_cannot_be_written_are_told_before_the_first_step(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LossRecorder(tmp_path / "nowhere" / "records.jsonl")


NAMED = namedtuple("NAMED", ["energy"])


@pytest.mark.parametrize("prediction", [None, torch.zeros(2), [torch.zeros(2)], (), "energy", 1.0])
def test_an_output_without_names_is_told(prediction: object) -> None:
    engine = LossEngine.from_config({"energy_per_atom": 1.0})
    reference = {"ptr": PTR, "energy": torch.zeros(2)}

    for call in (engine, engine.as_loss_fn()):
        with pytest.raises(LossInputError, match="`prediction` should be Predictions, a mapping"):
            call(reference, prediction)


@pytest.mark.parametrize("reference", [None, torch.zeros(2), [], "batch", 1.0])
def test_a_batch_without_names_is_told(reference: object) -> None:
    engine = LossEngine.from_config({"energy_per_atom": 1.0})

    for call in (engine, engine.as_loss_fn()):
        with pytest.raises(LossInputError, match="`reference` should be References, a mapping"):
            call(reference, {"energy": torch.zeros(2)})


def test_an_output_may_be_a_named_tuple() -> None:
    engine = LossEngine.from_config({"energy_per_atom": 1.0})

    total = engine({"ptr": PTR, "energy": torch.zeros(2)}, NAMED(torch.tensor([3.0, 8.0]))).total

    assert total.item() == (1.0**2 + 2.0**2) / 2


def test_an_error_of_nothing_is_not_zero() -> None:
    evaluation = StreamingEvaluation(LossEngine.from_config({"energy_per_atom": 1.0}))
    assert math.isnan(evaluation.results()["energy_per_atom"].mae)

    evaluation.update({"ptr": PTR, "energy": None}, {"energy": torch.zeros(2)})

    found = evaluation.results()["energy_per_atom"]
    assert (found.raw, found.count) == (0.0, 0)
    assert math.isnan(found.mae)
    assert math.isnan(found.rmse)


@pytest.mark.parametrize("loss", [None, "forces", ["forces"], 1.0])
def test_a_loss_that_is_no_mapping_is_a_finding(loss: Any) -> None:
    with pytest.raises(LossConfigError, match="a loss is a mapping") as told:
        LossEngine.from_config(loss)

    assert [each.code for each in told.value.diagnostics] == ["C110"]


@pytest.mark.parametrize("compat", ["upstreem", "engine", "upstream-old"])
def test_numbers_of_nobody_known_are_refused(compat: str) -> None:
    with pytest.raises(LossInputError, match="`compat` should be None or 'upstream'"):
        LossEngine.from_config({"forces": 1.0}, compat=compat)


@pytest.mark.parametrize(
    "weights", [{"forcess": 1.0}, {"forces": -1.0}, {"forces": math.nan}, {"forces": "1"}]
)
def test_weights_of_a_schedule_are_looked_at(weights: Any) -> None:
    engine = LossEngine.from_config({"forces": 1.0})

    with pytest.raises(LossInputError, match="`weight` should be"):
        engine.set_weights(weights)

    assert engine.weights == {"forces": 1.0}


@pytest.mark.parametrize("counts", [{}, {"forces": math.nan}, {"forces": None}])
def test_constant_counts_are_complete_before_the_first_step(counts: Any) -> None:
    with pytest.raises(LossInputError, match="finite count for `forces`"):
        LossEngine.from_config({"forces": 1.0}, reduction=fixed(counts))


@pytest.mark.parametrize("changes", [{}, {"compiled": False}, {"recorded": True}])
def test_a_plan_need_not_count_terms_of_weight_zero(changes: Any) -> None:
    terms = {"energy_per_atom": 1.0, "fermi_level": 0.0}
    reference = {"ptr": PTR, "energy": torch.zeros(2), "fermi_level": torch.zeros(2)}
    plan = CountPlan.from_references(LossEngine.from_config(terms), [reference])
    engine = LossEngine.from_config(terms, reduction=plan.fixed(2)).evolve(**changes)

    found = engine(reference, {"energy": torch.tensor([3.0, 8.0]), "fermi_level": torch.ones(2)})

    assert found.raw.tolist() == [(1.0**2 + 2.0**2) / 2, 1.0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "two words"}, "is no name for a loss term"),
        ({"name": "forces"}, "`forces` is already registered"),
        ({"predictions": ()}, "list it in `predictions`"),
        ({"level": Level.FRAME}, "counts frames, but `forces` has a row for each of atoms"),
        ({"difference": Difference("forces", "forces", map=MoleculeForce())}, "a row for each of molecules"),
        ({"difference": Difference("forces")}, "either a label or a target"),
    ],
)
def test_a_term_that_contradicts_itself_is_refused(changes: dict[str, Any], told: str) -> None:
    declared: dict[str, Any] = {
        "name": "own",
        "difference": Difference("forces", "forces"),
        "predictions": ("forces",),
    }

    with pytest.raises(TermRegistrationError, match=told):
        register(Term(**({"level": Level.ATOM} | declared | changes)))


def test_a_shipped_name_is_taken_before_anything_was_asked(tmp_path: Path) -> None:
    script = """
from mace_scf.loss import Difference, Level, Term, register
register(Term("forces", Level.ATOM, difference=Difference("forces", "forces"), predictions=("forces",)))
"""
    ran = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)

    assert "`forces` is already registered" in ran.stderr


def test_a_package_that_cannot_be_loaded_is_left_out_and_told(tmp_path: Path) -> None:
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mace_scf.loss_terms]\nspin = broken_package:TERM\n")
    script = f"""
import sys
sys.path.append({str(tmp_path)!r})
from mace_scf.loss import LossEngine
print(LossEngine.from_config({{"forces": 1.0}}))
"""
    ran = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)

    assert "loss term `spin` of `broken_package:TERM` is left out: ModuleNotFoundError" in ran.stderr
    assert ran.stdout == "LossEngine(forces_weight=1)\n"


def test_a_numba_that_cannot_be_used_is_told_and_done_without(tmp_path: Path) -> None:
    broken = "raise ImportError('Numba needs NumPy 2.3 or less')\n"
    (tmp_path / "numba.py").write_text(broken)
    script = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import torch
from mace_scf.loss import LossEngine
engine = LossEngine.from_config({{"energy_per_atom": 1.0}})
energy = torch.tensor([1.0], requires_grad=True)
engine({{"ptr": torch.tensor([0, 2]), "energy": torch.zeros(1)}}, {{"energy": energy}}).total.backward()
LossEngine.from_config({{"energy_per_atom": 1.0}})
print(energy.grad.item())
"""

    ran = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)

    assert ran.stdout == "0.5\n"
    assert ran.stderr.count("without compiled kernels") == 1
    assert "Numba needs NumPy 2.3 or less" in ran.stderr
