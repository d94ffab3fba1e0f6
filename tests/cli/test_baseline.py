"""A baseline hides what was there, wherever it moves, and nothing new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mace_scf.cli.main import main

CONFIG = """train_schedule:
  0: {name: a, loss: {forcess: 1.0}}
  1: {name: b, loss: {stres: 1.0}}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "c.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    assert main(["validate", "c.yaml", "--baseline", "known.json", "--update-baseline"]) == 0
    return path


def test_known_findings_are_left_out(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "c.yaml", "--baseline", "known.json"]) == 0
    assert "known findings left out" in capsys.readouterr().out


def test_moved_lines_stay_known(config: Path) -> None:
    config.write_text("# a comment\n\n" + CONFIG, encoding="utf-8")

    assert main(["validate", "c.yaml", "--baseline", "known.json"]) == 0


def test_a_new_finding_is_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(CONFIG + "modle: MACE\n", encoding="utf-8")

    assert main(["validate", "c.yaml", "--baseline", "known.json"]) == 1
    printed = capsys.readouterr().out
    assert "`modle`" in printed
    assert "`forcess`" not in printed


def test_entries_that_match_nothing_are_counted(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(CONFIG.replace("forcess", "forces"), encoding="utf-8")

    main(["validate", "c.yaml", "--baseline", "known.json"])

    assert "1 of its entries match nothing any more" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": [1]}',
        '{"version": 1, "findings": [{"file": "c", "path": "", "code": "C1", "count": Infinity}]}',
        "\xff",
    ],
)
def test_what_is_no_baseline_is_refused(config: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.json").write_text(text, encoding="latin-1")

    assert main(["validate", "c.yaml", "--baseline", "other.json"]) == 2
    assert "other.json" in capsys.readouterr().err


def test_a_baseline_does_not_name_lines(config: Path) -> None:
    known = json.loads(Path("known.json").read_text(encoding="utf-8"))

    assert {frozenset(entry) for entry in known["findings"]} == {frozenset({"file", "path", "code", "count"})}


def test_it_does_not_matter_where_a_check_is_started(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = config.parent
    (folder / "below").mkdir()

    monkeypatch.chdir(folder / "below")

    assert main(["validate", "../c.yaml", "--baseline", "../known.json"]) == 0
    assert main(["validate", str(folder / "c.yaml"), "--baseline", str(folder / "known.json")]) == 0
    assert main(["validate", "./../c.yaml", "--baseline", "../known.json"]) == 0


def test_findings_in_a_launcher_are_known_wherever_they_move(config: Path) -> None:
    script = "python run_train.py --config c.yaml --nmae x --name a\n"
    Path("train.sh").write_text(script, encoding="utf-8")
    main(["validate", "train.sh", "--baseline", "known.json", "--update-baseline"])

    Path("train.sh").write_text("#!/bin/bash\nset -e\n\n" + script, encoding="utf-8")
    assert main(["validate", "train.sh", "--baseline", "known.json"]) == 0

    Path("train.sh").write_text(script.replace("--name", "--nam"), encoding="utf-8")
    assert main(["validate", "train.sh", "--baseline", "known.json", "--fail-level", "info"]) == 1
