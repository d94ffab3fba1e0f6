"""The training with models of mace-torch: its configs are sound, its loss falls, and its terms are mace-torch's own."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

import mace_scf

FOLDER = Path(__file__).parents[2] / "examples" / "train_mace"
WEIGHTS = {"energy_per_atom": 10.0, "forces": 100.0, "stress": 1000.0}
BULK_HEADS = {
    "energy": ("info_keys", "REF_energy"),
    "stress": ("info_keys", "REF_stress"),
    "forces": ("arrays_keys", "REF_forces"),
}
BULK = {
    "model": "MACE",
    "train_file": "../bulk_stress/data/train.xyz",
    "valid_file": "../bulk_stress/data/valid.xyz",
    "config_type_weights": {"rocksalt": 0.7},
    "E0s": {11: -4.717569, 17: -113.372266},
    "batch_size": 3,
    "valid_batch_size": 3,
    "r_max": 4.0,
    "num_interactions": 2,
    "num_channels": 8,
    "max_L": 0,
    "max_ell": 2,
    "correlation": 2,
    "atomic_multipoles_max_l": 0,
}


def with_mace(test: Any) -> Any:
    """Marks a test that trains a model of mace-torch, where there is one."""
    missing = [
        name for name in ("torch", "mace", "graph_longrange") if importlib.util.find_spec(name) is None
    ]
    marks = [
        pytest.mark.slow,
        pytest.mark.skipif(
            bool(missing),
            reason=f"needs {', '.join(missing)}: pip install -r examples/train_mace/requirements.txt",
        ),
        # What e3nn and mace-torch use of torch is going out of use there.
        pytest.mark.filterwarnings("ignore"),
    ]
    for mark in marks:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def example() -> Iterator[dict[str, ModuleType]]:
    """The modules of the example, in float64; everything global is put back afterwards."""
    import torch

    dtype = torch.get_default_dtype()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
        patch.syspath_prepend(str(FOLDER))
        torch.set_default_dtype(torch.float64)
        yield {name: importlib.import_module(name) for name in ("train", "parts", "mace.modules.loss")}
        torch.set_default_dtype(dtype)
        for name in ("train", "parts"):
            del sys.modules[name]


@pytest.mark.parametrize("name", ["config.yaml", "polar.yaml", "mace_torch.yaml"])
def test_the_checker_warns_of_nothing(name: str) -> None:
    report = mace_scf.validate(FOLDER / name, complete=True, require_data=True, values=True)

    assert report.at_least(mace_scf.Severity.WARNING) == ()
    assert report.not_seen == ()


def test_the_trainer_is_the_engine_with_the_models_of_mace_torch() -> None:
    report = mace_scf.validate(FOLDER / "polar.yaml")

    assert [(stage.trainer, stage.model) for stage in report.stages] == [
        ("engine+mace-torch", "PolarMACE")
    ] * 2


def test_a_term_on_the_charge_that_polar_mace_keeps_is_found() -> None:
    text = (FOLDER / "polar.yaml").read_text(encoding="utf-8")
    with_term = text.replace(
        "      atomic_multipoles: 100.0", "      total_charge: 1.0\n      atomic_multipoles: 100.0"
    )

    report = mace_scf.validate(
        YAML(typ="safe").load(with_term), extensions=[FOLDER / "mace_torch.yaml"], data=False
    )

    found = report.at_least(mace_scf.Severity.WARNING)
    assert {finding.path for finding in found} == {
        f"train_schedule.{place}.loss.total_charge" for place in (0, 1)
    }


@with_mace
@pytest.mark.parametrize("name", ["config.yaml", "polar.yaml"])
def test_the_loss_falls_in_every_stage(name: str, example: dict[str, ModuleType], tmp_path: Path) -> None:
    from mace_scf.loss import read_records

    status = example["train"].main([str(FOLDER / name), "--out", str(tmp_path), "--epochs", "2"])

    totals: dict[str, list[float]] = {}
    for record in read_records(next(tmp_path.glob("*.jsonl"))):
        total = sum(term["weighted"] for term in record["terms"].values())
        totals.setdefault(record["stage"], []).append(total)
    assert status == 0
    assert {len(values) for values in totals.values()} == {12}
    for values in totals.values():
        assert fmean(values[-3:]) < fmean(values[:3])


@with_mace
def test_log_records_and_picture_are_written(example: dict[str, ModuleType], tmp_path: Path) -> None:
    example["train"].main([str(FOLDER / "config.yaml"), "--out", str(tmp_path), "--epochs", "1"])

    log = (tmp_path / "water_mace_debug.log").read_text(encoding="utf-8")
    assert log.count("DEBUG: loss breakdown: energy_per_atom: ") == 12
    assert log.count("INFO: Epoch ") == 2
    assert (tmp_path / "water_mace.jsonl").read_text(encoding="utf-8").count("\n") == 12
    assert (tmp_path / "water_mace.png").stat().st_size > 10_000


@with_mace
@pytest.mark.parametrize("holes", [False, True], ids=["complete", "one frame without stress"])
def test_energy_forces_and_stress_equal_those_of_mace_torch(
    holes: bool, example: dict[str, ModuleType]
) -> None:
    import torch

    from mace_scf.loss import LossEngine

    model, batch = _bulk(example["parts"])
    if holes:
        batch.stress_weight[1] = 0.0
        batch.stress[1] = 0.0
    engine, parts = LossEngine.from_config(WEIGHTS), example["mace.modules.loss"]
    theirs = parts.WeightedEnergyForcesStressLoss(*WEIGHTS.values())

    output = model(batch.to_dict(), training=True, compute_stress=True)
    ours, other = engine(batch, output), theirs(batch, output)

    assert _relative(ours.total, other) < 1e-10
    for name, function in {
        "energy_per_atom": parts.weighted_mean_squared_error_energy,
        "forces": parts.mean_squared_error_forces,
        "stress": parts.weighted_mean_squared_stress,
    }.items():
        assert _relative(ours.terms[name].raw, function(batch, output)) < 1e-10
    parameters = [each for each in model.parameters() if each.requires_grad]
    for one, two in zip(*(_gradients(loss, parameters) for loss in (ours.total, other)), strict=True):
        assert torch.linalg.vector_norm(one - two) <= 1e-10 * torch.linalg.vector_norm(two)


@with_mace
def test_terms_of_polar_mace_equal_those_of_mace_torch(example: dict[str, ModuleType]) -> None:
    import torch

    from mace_scf.loss import LossEngine

    model, batch = _polar(example["parts"])
    weights = {"energy_per_atom": 10.0, "forces": 1.0, "dipole_per_atom": 700.0, "atomic_multipoles": 1.0}
    engine = LossEngine.from_config(weights)
    # Their dipole term has a factor of 100 of its own.
    theirs = example["mace.modules.loss"].WeightedEnergyForcesDipoleLoss(10.0, 1.0, 7.0)

    output = model(batch.to_dict(), training=True)
    ours, other = engine(batch, output), theirs(batch, output)

    multipoles = (output["density_coefficients"] - batch.atomic_multipoles).square().mean()
    assert _relative(ours.total - ours.terms["atomic_multipoles"].weighted, other) < 1e-10
    assert _relative(ours.terms["atomic_multipoles"].raw, multipoles) < 1e-10
    assert torch.allclose(output["total_charge"], batch.total_charge, rtol=0, atol=1e-12)


def _bulk(parts: ModuleType) -> tuple[Any, Any]:
    """A new model and three strained frames of rock salt, with labels and weights that differ."""
    import torch

    torch.manual_seed(3)
    loaders = parts.load_batches(FOLDER / "config.yaml", BULK, BULK_HEADS)
    model, batch = parts.build_model(BULK, loaders["valid"]), next(iter(loaders["valid"]))
    batch.weight *= torch.tensor([1.0, 2.0, 0.5])
    batch.forces_weight *= torch.tensor([1.0, 0.25, 3.0])
    return model, batch


def _polar(parts: ModuleType) -> tuple[Any, Any]:
    import torch

    torch.manual_seed(3)
    stage = mace_scf.validate(FOLDER / "polar.yaml", complete=True).stages[0]
    settings = {name: each.value for name, each in stage.settings.items() if each.known}
    loaders = parts.load_batches(FOLDER / "polar.yaml", settings, stage.heads)
    return parts.build_model(settings, loaders["valid"]), next(iter(loaders["valid"]))


def _gradients(loss: Any, parameters: list[Any]) -> list[Any]:
    import torch

    found = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
    return [each for each in found if each is not None]


def _relative(one: Any, other: Any) -> float:
    return float(abs(one - other) / abs(other))
