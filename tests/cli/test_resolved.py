"""--resolved: the run as the trainer would see it, with sources, readable by the trainer's own reader."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

import mace_scf
from mace_scf.cli.main import main

EXAMPLES = [
    path
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*/config.yaml"))
    if not (path.parent / "mace-scf.yaml").exists()  # these are for a fork
]
CONFIG = """heads: {Default: {info_keys: {total_charge: q}, arrays_keys: {}}}
weight_decay: 1e-8
train_schedule: {0: {name: a, start: 0, end: 1, loss: {forces: 1.0}}}
"""


def resolved(folder: Path, *words: str) -> str:
    (folder / "c.yaml").write_text(CONFIG, encoding="utf-8")
    main(["validate", "c.yaml", "--resolved", "out.yaml", *words])
    return (folder / "out.yaml").read_text(encoding="utf-8")


def test_every_value_has_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    text = resolved(tmp_path, "--", "--model", "MACE")

    lines = text.splitlines()
    assert 'model: "MACE"  # command line <options>:1:3' in lines
    assert "weight_decay: 1.0e-08  # file c.yaml:2:1" in lines
    assert "seed: 123  # default" in lines
    values = yaml.safe_load(text)
    assert (values["weight_decay"], values["seed"], values["model"]) == (1e-8, 123, "MACE")


def test_what_was_not_seen_is_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    text = resolved(tmp_path)

    assert "# seed: not seen" in text.splitlines()
    assert "seed" not in yaml.safe_load(text)


def test_two_configs_have_no_one_resolved_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.yaml").write_text(CONFIG, encoding="utf-8")

    assert main(["validate", "c.yaml", "c.yaml", "--resolved", "out.yaml"]) == 2
    assert not (tmp_path / "out.yaml").exists()


def test_keys_of_mappings_have_their_own_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = """train_schedule:
  0:
    name: a
    start: 0
    end: 1
    fixed_point_training_options: {mode: unroll_scf, scf: {scf_tolerance: 1.0e-5, mixing_parameter: 0.3, num_scf_steps: 3}}
    loss: {forces: 1.0}
E0s: {1: -13.6}
"""
    (tmp_path / "c.yaml").write_text(config, encoding="utf-8")

    main(["validate", "c.yaml", "--complete", "--resolved", "out.yaml"])

    text = (tmp_path / "out.yaml").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    assert "train_schedule:  # file c.yaml:1:1" in lines
    assert "end: 1  # file c.yaml:5:5" in lines
    assert "lr: 0.01  # default" in lines
    assert "scf_tolerance: 1.0e-05  # file c.yaml:6:60" in lines
    assert "use_autograd_forces: true  # default" in lines
    values = yaml.safe_load(text)
    assert values["train_schedule"][0]["fixed_point_training_options"]["scf"]["scf_tolerance"] == 1e-5
    assert values["E0s"] == {1: -13.6}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_a_resolved_run_is_the_same_run(example: Path, tmp_path: Path) -> None:
    full = tmp_path / "full.yaml"
    main(["validate", str(example), "--no-data", "--resolved", str(full)])

    again = mace_scf.validate(full, complete=True, data=False)

    first = mace_scf.validate(example, data=False)
    assert [
        finding.message for finding in again.findings if finding.severity is mace_scf.Severity.ERROR
    ] == []
    assert [(stage.name, stage.mode, stage.terms) for stage in again.stages] == [
        (stage.name, stage.mode, stage.terms) for stage in first.stages
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_a_resolved_run_has_nothing_new_to_say(example: Path, tmp_path: Path) -> None:
    """Comments that silence findings go along with their values."""
    folder = tmp_path / "run"
    shutil.copytree(example.parent, folder)
    main(["validate", str(folder / "config.yaml"), "--resolved", str(folder / "full.yaml")])

    again = mace_scf.validate(folder / "full.yaml", complete=True, launcher=False)

    assert [finding.message for finding in again.findings] == []


def test_resolving_twice_changes_nothing_but_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    resolved(tmp_path, "--complete")
    first = (tmp_path / "out.yaml").read_text(encoding="utf-8")

    main(["validate", "out.yaml", "--complete", "--resolved", "twice.yaml"])

    assert yaml.safe_load((tmp_path / "twice.yaml").read_text(encoding="utf-8")) == yaml.safe_load(first)


def test_a_switch_that_turns_off_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`true` would pull it: the trainer keeps its `True` only where nothing is given."""
    monkeypatch.chdir(tmp_path)

    untouched = yaml.safe_load(resolved(tmp_path, "--complete"))
    pulled = yaml.safe_load(resolved(tmp_path, "--complete", "--", "--foundation_model_readout"))

    assert untouched["foundation_model_readout"] is False
    assert pulled["foundation_model_readout"] is True


def test_the_word_none_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty value would leave the default in force, which clips."""
    monkeypatch.chdir(tmp_path)

    values = yaml.safe_load(resolved(tmp_path, "--complete", "--", "--clip_grad", "None"))

    assert values["clip_grad"] == "None"


def test_what_is_silenced_in_a_file_stays_silenced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = f"# mace-scf: ignore-file[C130] wanted\n{CONFIG}downloads_dir: here\n"
    (tmp_path / "c.yaml").write_text(config, encoding="utf-8")

    main(["validate", "c.yaml", "--resolved", "out.yaml"])

    assert "# mace-scf: ignore-file[C130] wanted" in (tmp_path / "out.yaml").read_text(encoding="utf-8")
    assert "C130" not in [finding.code for finding in mace_scf.validate("out.yaml").findings]
