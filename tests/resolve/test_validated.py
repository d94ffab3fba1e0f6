"""What a validated stage hands on to a training loop: schedule, options with sources, and a form that JSON has."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import attrs
import pytest

import mace_scf

EXAMPLE = Path(__file__).parents[2] / "examples" / "fixed_point"
Stages = tuple[mace_scf.ValidatedStage, ...]


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Stages of an example with its launcher: no `lr` in the first, and one of a group in the second."""
    folder = tmp_path_factory.mktemp("run")
    text = (EXAMPLE / "config.yaml").read_text(encoding="utf-8")
    text = text.replace("    lr: 0.01\n", "").replace(
        "    lr: 0.001\n", "    lr: 0.001\n    products_lr: 0.0005\n"
    )
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    (folder / "train.sh").write_bytes((EXAMPLE / "train.sh").read_bytes())
    return mace_scf.validate(folder / "config.yaml", data=False).stages


def test_a_stage_tells_its_epochs_and_learning_rates(stages: Stages) -> None:
    direct, scf = (stage.schedule for stage in stages)

    assert (list(direct.epochs), direct.lr) == (list(range(100)), 0.01)
    assert (scf.start, scf.end, scf.lr) == (100, 119, 0.001)
    assert dict(scf.group_lrs) == {"products": 0.0005}


def test_a_stage_tells_how_its_density_is_found(stages: Stages) -> None:
    direct, scf = (stage.fixed_point for stage in stages)

    assert direct["mode"] == "direct"
    assert (scf["mode"], scf["num_scf_steps"], scf["mixing_parameter"]) == ("unroll_scf", 12, 0.3)


def test_options_are_typed_and_have_sources(stages: Stages) -> None:
    stage = stages[0]

    assert stage.option("r_max") == 5.0
    assert stage.option("field_feature_widths") == [1.0, 2.0]
    assert stage.option("E0s")[8] == -2033.237510
    assert (stage.option("batch_size"), stage.settings["batch_size"].source) == (4, "command line")
    assert stage.settings["batch_size"].place.endswith("train.sh:25:7")
    assert (stage.settings["r_max"].source, stage.settings["patience"].source) == ("file", "default")


def test_defaults_that_are_written_as_texts_are_read(stages: Stages) -> None:
    assert stages[0].option("config_type_weights") == {"Default": 1.0}
    assert stages[0].option("radial_MLP") == [64, 64, 64]


def test_what_was_not_seen_is_no_default() -> None:
    fragment = {"train_schedule": {0: {"name": "a", "loss": {"forces": 1.0}}}}
    stage = mace_scf.validate(fragment, trainer="engine", data=False).stages[0]

    assert stage.option("batch_size", 3) == 3
    with pytest.raises(KeyError, match="`batch_size` was not seen"):
        stage.option("batch_size")
    with pytest.raises(KeyError, match="no_such_option"):
        stage.option("no_such_option", 3)
    assert list(stage.schedule.epochs) == []


def test_a_stage_is_frozen_travels_and_is_safe_in_json(stages: Stages) -> None:
    stage = stages[1]

    found = json.loads(json.dumps(stage.to_dict(), allow_nan=False))

    rates = {"lr": 0.001, "group_lrs": {"products": 0.0005}}
    assert found["schedule"] == {"start": 100, "end": 119, **rates}
    assert found["settings"]["E0s"]["value"] == {"1": -13.586057, "7": -1478.572375, "8": -2033.23751}
    assert found["terms"][0] == {"name": "energy_per_atom", "weight": 1000.0, "options": {}}
    assert pickle.loads(pickle.dumps(stage)) == stage
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        stage.schedule = stages[0].schedule  # type: ignore[misc]
