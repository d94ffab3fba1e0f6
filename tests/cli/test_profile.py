"""`mace-scf profile` from a terminal: tables, JSON, cards, comparisons, exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mace_scf.cli.main import main

ROOT = Path(__file__).parents[2]
DATA = ROOT / "examples" / "fixed_point" / "data"
CONFIG = ROOT / "examples" / "fixed_point" / "config.yaml"
MALFORMED = ROOT / "tests" / "dataset" / "malformed"


def test_tables_show_both_files(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")

    status = main(["profile", str(DATA / "train.xyz"), str(DATA / "valid.xyz")])

    printed = capsys.readouterr().out
    assert status == 0
    assert "48 of 48  10 of 10  yes" in printed
    assert "ASE reads all 48 frames" in printed


def test_json_holds_the_card_of_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["profile", str(DATA / "valid.xyz"), "--format", "json"])

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert [profile["frames"] for profile in told["profiles"].values()] == [10]
    assert told["findings"] == []


def test_a_card_stands_for_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = tmp_path / "train.dataset.yaml"
    config = tmp_path / "config.yaml"
    config.write_text(
        CONFIG.read_text(encoding="utf-8").replace("REF_dipole", "REF_dipoles"), encoding="utf-8"
    )
    main(["profile", str(DATA / "train.xyz"), "-o", str(card)])

    status = main(["validate", str(config), "--dataset-card", f"train={card}", "--format", "json"])

    findings = json.loads(capsys.readouterr().out.split("\n", 1)[1])["findings"]
    assert status == 1
    assert [(found["code"], found["suggestions"]) for found in findings] == [("D201", ["REF_dipole"])]


def test_a_card_of_a_missing_file_takes_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = tmp_path / "train.dataset.yaml"
    main(["profile", str(DATA / "train.xyz"), "-o", str(card)])
    capsys.readouterr()
    words = ["validate", str(CONFIG), "--no-launcher", "--dataset-card", str(card), "--format", "json"]

    main([*words, "--", "--train_file", "elsewhere/train.xyz"])

    assert "D101" not in capsys.readouterr().out


def test_no_card_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["validate", str(CONFIG), "--dataset-card", str(DATA / "train.xyz")])

    assert status == 2
    assert "is no dataset card" in capsys.readouterr().err


def test_comparison_finds_shared_frames_and_other_elements(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "examples")
    monkeypatch.setenv("COLUMNS", "160")

    main(["profile", "fixed_point/data/train.xyz", "bulk_stress/data/train.xyz", "--compare"])

    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["elements", "Na", "no", "frame", "36", "frames"] in rows
    assert ["labels", "REF_stress", "no", "frame", "all", "frames"] in rows


def test_a_damaged_file_gives_findings(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["profile", str(MALFORMED / "count-too-small.xyz"), "--format", "json"])

    assert status == 1
    assert [found["code"] for found in json.loads(capsys.readouterr().out)["findings"]] == ["D903"]


def test_a_file_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["profile", "nowhere.xyz"])

    assert status == 2
    assert "nowhere.xyz" in capsys.readouterr().err


def test_tables_in_a_pipe_cut_no_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    file = tmp_path / "frames-of-a-name-that-is-long-enough-to-be-cut-somewhere-in-the-middle.xyz"
    file.write_text(
        '1\na_label_with_quite_a_long_name="1.0 2.0 3.0" Properties=species:S:1:pos:R:3\nH 0 0 0\n'
    )

    main(["profile", str(file)])

    text = capsys.readouterr().out
    assert "a_label_with_quite_a_long_name[2]" in text
    assert "…" not in text
