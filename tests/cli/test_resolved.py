"""--resolved: the run as the trainer would see it, with sources, readable by the trainer's own reader."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mace_scf.cli.main import main

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
