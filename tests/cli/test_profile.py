"""`mace-scf profile` from a terminal: tables, JSON, cards, comparisons, exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


NUMBERS = """2
Lattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3:REF_forces:R:3 REF_energy=-1.5 total_charge=0 pbc="F F F"
O 0 0 0 0.5 0 0
H 0 0 1 -0.5 0 0
3
Properties=species:S:1:pos:R:3:REF_forces:R:3 REF_energy=NaN total_charge=1
O 0 0 0 0.25 0 -2
H 0 0 1 -0.25 nan 2
H 0 1 0 0 inf 0
"""


@pytest.fixture
def numbered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with numbers that are not finite, in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.xyz").write_text(NUMBERS, encoding="utf-8")
    (tmp_path / "valid.xyz").write_text(NUMBERS.replace("-2\n", "7\n"), encoding="utf-8")
    return "train.xyz"


@pytest.mark.parametrize("width", [76, 130])
def test_extremes_have_places_and_histograms_a_shape(
    width: int,
    numbered: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    update_golden: bool,
) -> None:
    golden = Path(__file__).parent / "golden" / f"profile-values-{width}.out"
    monkeypatch.setenv("COLUMNS", str(width))

    status = main(["profile", numbered, "--values", "--no-cache"])

    text = "".join(f"{line.rstrip()}\n" for line in capsys.readouterr().out.splitlines())
    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert status == 0
    assert max(map(len, text.splitlines())) <= width


def test_numbers_that_were_not_read_are_said_to_be_unknown(
    numbered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["profile", numbered])

    text = " ".join(capsys.readouterr().out.split())
    assert "train: the numbers of the atom lines were not read" in text
    assert "REF_energy is NaN or infinite in 1 place, the first in train.xyz, frame 1" in text
    assert "REF_forces is NaN" not in text


def test_what_is_not_finite_is_in_json_and_beside_a_card(
    numbered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    statuses = [
        main(["profile", numbered, "--values", "--format", "json"]),
        main(["profile", numbered, "--values", "-o", "card.yaml"]),
    ]

    told, _, beside = capsys.readouterr().out.rpartition("card.yaml: 2 frames of 1 file")
    assert statuses == [0, 0]
    assert json.loads(told)["not_finite"] == [
        "REF_forces is NaN or infinite in 2 places, the first in train.xyz, frame 1, atom 1",
        "REF_energy is NaN or infinite in 1 place, the first in train.xyz, frame 1",
    ]
    assert "REF_energy is NaN" in beside


def test_a_card_of_several_files_is_not_silently_the_training_set(
    numbered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.yaml").write_text(
        "model: MACE\nheads: {Default: {info_keys: {energy: REF_energy}, arrays_keys: {forces: REF_forces}}}\n",
        encoding="utf-8",
    )
    main(["profile", numbered, "valid.xyz", "-o", "both.yaml"])
    written = capsys.readouterr().out

    main(["validate", "run.yaml", "--dataset-card", "both.yaml"])
    guessed = capsys.readouterr().out
    main(["validate", "run.yaml", "--dataset-card", "valid=both.yaml"])
    named = capsys.readouterr().out

    assert "4 frames of 2 files, as one set" in written
    assert "--dataset-card train=both.yaml" in written
    assert (
        "(card of 2 files, taken for the train frames: `--dataset-card SPLIT=both.yaml` says otherwise)"
        in guessed
    )
    assert "valid both.yaml: 4 frames" in named
    assert "taken for" not in named


def test_exit_statuses_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["profile", "--help"])

    assert "Exit status: 0 the files were measured" in " ".join(capsys.readouterr().out.split())


def test_data_are_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "train.xyz"
    data.write_bytes((DATA / "valid.xyz").read_bytes())
    (tmp_path / "link.xyz").symlink_to(data)

    statuses = [
        main(["profile", str(data), "-o", str(tmp_path / name)]) for name in ("train.xyz", "link.xyz")
    ]

    assert statuses == [2, 2]
    assert "would be written over the data" in capsys.readouterr().err
    assert data.read_bytes() == (DATA / "valid.xyz").read_bytes()


def test_a_file_with_two_names_counts_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "link.xyz").symlink_to(DATA / "valid.xyz")

    status = main(["profile", str(DATA / "valid.xyz"), str(tmp_path), "--format", "json"])

    told = capsys.readouterr()
    assert status == 0
    assert len(json.loads(told.out)["profiles"]) == 1
    assert "once more, and read once" in told.err


def test_one_file_cannot_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["profile", str(DATA / "valid.xyz"), "--compare"])

    assert status == 2
    assert "needs two files" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["a.xyz"], ["a.xyz", "--format", "json"], ["a.xyz", "b.xyz", "--compare"]])
def test_a_reader_that_goes_away_is_no_finding(tmp_path: Path, words: list[str]) -> None:
    for name in ("a.xyz", "b.xyz"):
        (tmp_path / name).write_bytes((DATA / "train.xyz").read_bytes())
    command = [sys.executable, "-m", "mace_scf", "profile", *words]
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False)

    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_no_mistake_of_ours() -> None:
    command = [sys.executable, "-m", "mace_scf", "profile", str(DATA / "valid.xyz")]

    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)

    assert (done.returncode, b"internal" in done.stderr) == (2, False)
