"""Which data files a check finds, how they are read, and what the report says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import mace_scf
from mace_scf.checker import Request, check_text
from mace_scf.dataset import scan_file
from mace_scf.dataset.card import write_card
from mace_scf.inputs import read_text
from mace_scf.rules.data_facts import Measuring

FRAME = '2\nProperties=species:S:1:pos:R:3:REF_forces:R:3 REF_energy=-1.5 total_charge=0.0 pbc="F F F"\n'
ATOMS = "H 0 0 0 0 0 0.5\nH 0 0 0.74 0 0 -0.5\n"
CONFIG = """
train_file: data/train.xyz
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0: {name: first, start: 0, end: 9, loss: {energy_per_atom: 1.0, forces: 1.0}}
"""
MALFORMED = sorted((Path(__file__).parents[1] / "dataset" / "malformed").glob("*.xyz"))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.xyz").write_text(3 * (FRAME + ATOMS), encoding="utf-8")
    path = tmp_path / "run.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def data_lines(report: mace_scf.Report[mace_scf.ValidatedStage]) -> list[str]:
    return [line for line in report.confirmed if line.startswith(("train", "valid", "test"))]


def test_the_file_beside_the_config_is_measured(config: Path) -> None:
    report = mace_scf.validate(config)

    expected = (
        f"train {config.parent / 'data' / 'train.xyz'}: 3 frames, labels REF_energy, total_charge, REF_forces"
    )
    assert data_lines(report) == [expected]


def test_the_file_beside_the_launcher_is_measured(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (tmp_path / "data").rename(folder / "data")
    launcher = folder / "train.sh"
    launcher.write_text("mace_scf_train --config ../run.yaml\n", encoding="utf-8")

    report = mace_scf.validate(config, launcher=launcher)

    assert [line.split(":")[0] for line in data_lines(report)] == [f"train {folder / 'data' / 'train.xyz'}"]


def test_without_data_no_file_is_measured(config: Path) -> None:
    report = mace_scf.validate(config, data=False)

    assert data_lines(report) == []


def test_files_of_another_format_are_left_alone(config: Path) -> None:
    (config.parent / "data" / "train.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    config.write_text(CONFIG.replace("train.xyz", "train.h5"), encoding="utf-8")

    report = mace_scf.validate(config)

    assert data_lines(report) == []
    assert not [finding for finding in report.findings if finding.code.startswith("D9")]


def test_a_card_without_a_split_goes_where_its_file_was(config: Path, tmp_path: Path) -> None:
    train = tmp_path / "data" / "train.xyz"
    valid = tmp_path / "valid.xyz"
    valid.write_text(FRAME + ATOMS, encoding="utf-8")
    write_card(scan_file(str(valid)), tmp_path / "card.yaml")
    config.write_text("valid_file: far/valid.xyz\n" + CONFIG, encoding="utf-8")
    request = Request(measuring=Measuring(cards=(str(tmp_path / "card.yaml"),)))

    report = check_text(read_text(str(config)), request)

    assert [line.split(":")[0] for line in data_lines(report)] == [
        f"train {train}", f"valid {tmp_path / 'card.yaml'}",
    ]  # fmt: skip
    assert not [finding for finding in report.findings if finding.code == "D101"]


def test_a_large_file_is_known_at_the_second_check(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("mace_scf.rules.data_facts.WORTH_KEEPING", 10)
    first = mace_scf.validate(config)

    second = mace_scf.validate(config)

    assert "known from" not in data_lines(first)[0]
    assert data_lines(second)[0].endswith("known from an earlier run by size, time and inode")
    assert {entry.name for entry in config.parent.iterdir()} == {"cache", "data", "run.yaml"}


def test_a_file_that_may_not_be_read_is_told(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("mace_scf.dataset.scan.open_binary", refuse)

    report = mace_scf.validate(config)

    assert "Permission denied" in data_lines(report)[0]


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: str(path.stem))
def test_no_damaged_file_breaks_a_rule(path: Path, tmp_path: Path) -> None:
    config = tmp_path / "run.yaml"
    maps = (
        "info_keys: {energy: REF_energy, stress: REF_stress, dipole: REF_dipole, total_charge: total_charge}"
    )
    text = CONFIG.replace("info_keys: {energy: REF_energy, total_charge: total_charge}", maps)
    config.write_text(
        text.replace("data/train.xyz", str(path)) + "valid_file: " + str(path) + "\nE0s: average\n",
        encoding="utf-8",
    )

    report = mace_scf.validate(config, complete=True, values=True)

    assert len(data_lines(report)) == 2
