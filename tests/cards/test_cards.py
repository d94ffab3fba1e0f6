"""Dataset cards: both forms stand for the data, agree with their schema, and have their mistakes found."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

import mace_scf
from mace_scf.cards import read_card
from mace_scf.cli.main import main
from mace_scf.dataset import scan_file
from mace_scf.dataset.card import write_card
from mace_scf.dataset.hashing import content_hash
from mace_scf.diagnostics import Diagnostic

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "dataset-card.schema.json").read_text(encoding="utf-8"))
DATA = sorted((ROOT / "examples").glob("*/data/*.xyz"))
MALFORMED = sorted((ROOT / "tests" / "dataset" / "malformed").glob("*.xyz"))
CARD = """\
version: 1
doc: Water, as planned.
splits:
  train:
    source: far/train.xyz
    hash: sha256:9f86d081
    frames: 400
    references:
      REF_energy: {}
      REF_forces: {shape: [3], per_atom: true}
      REF_dipole: {frames: 380, shape: [3]}
    pbc: {FFF: 390, TTT: 10}
    elements: [H, O]
    isolated_atoms: []
"""
CONFIG = """\
model: LocalCharges
train_file: far/train.xyz
E0s: average
heads:
  Default:
    info_keys: {energy: REF_energy, dipole: REF_dipole, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0: {name: first, start: 0, end: 99, loss: {energy_per_atom: 1.0, forces: 100.0, dipole_per_atom: 1.0}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "run.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "c.dataset.yaml").write_text(CARD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(card: str = CARD, config: str = CONFIG, *, complete: bool = False) -> dict[str, Diagnostic]:
    """Findings about data and cards, by code."""
    Path("run.yaml").write_text(config, encoding="utf-8")
    Path("c.dataset.yaml").write_text(card, encoding="utf-8")
    report = mace_scf.validate("run.yaml", dataset_cards=["c.dataset.yaml"], complete=complete)
    return {finding.code: finding for finding in report.findings if finding.code[0] in "DE"}


def is_valid(text: str) -> bool:
    return bool(jsonschema.Draft7Validator(SCHEMA).is_valid(YAML(typ="safe", pure=True).load(text)))


# --- a card by hand stands for the data -----------------------------------------------------------


def test_the_schema_is_sound_and_takes_the_card() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)

    assert is_valid(CARD)


def test_a_label_that_the_card_does_not_list_is_in_no_frame(folder: Path) -> None:
    wrong = found(config=CONFIG.replace("REF_energy", "REF_energi"))["D201"]

    assert wrong.message == "`REF_energi` is in none of the 400 training frames"
    assert wrong.suggestions == ("REF_energy",)


def test_a_label_on_some_frames_is_counted(folder: Path) -> None:
    assert found()["D202"].notes[-1] == "train: 380 of 400 frames"


def test_a_column_is_no_key_of_the_comment_line(folder: Path) -> None:
    assert "D204" not in found()
    wrong = found(CARD.replace("REF_forces: {shape: [3], per_atom: true}", "REF_forces: {shape: [3]}"))

    assert "D204" in wrong


def test_pbc_classes_are_held_against_the_method(folder: Path) -> None:
    config = "electrostatic_pbc_method: realspace\n" + CONFIG

    assert "train: 10 × TTT" in " ".join(found(config=config, complete=True)["D206"].notes)
    assert "D206" not in found(CARD.replace("FFF: 390, TTT: 10", "FFF: 400"), config, complete=True)


def test_elements_are_held_against_the_energies(folder: Path) -> None:
    config = CONFIG.replace("E0s: average", "E0s: {1: -13.6}")

    assert "O (8)" in found(config=config)["D211"].message
    assert "D211" not in found(CARD.replace("    elements: [H, O]\n", ""), config)
    assert "D211" not in found(CARD.replace("    isolated_atoms: []\n", ""), config)
    assert "D211" not in found(CARD.replace("isolated_atoms: []", "isolated_atoms: [H, O]"), config)


def test_without_a_list_nothing_is_said_of_labels(folder: Path) -> None:
    card = "version: 1\nsplits: {train: {frames: 400}}\n"

    assert set(found(card)) == set()


def test_no_place_is_invented(folder: Path) -> None:
    card = (
        CARD
        + "  valid: {frames: 3, elements: [H]}\n  test: {source: far/test.xyz, frames: 3, elements: [Cl]}\n"
    )
    config = CONFIG.replace("E0s", "valid_file: far/valid.xyz\ntest_file: far/test.xyz\nE0s")

    assert found(card, config)["D212"].notes == ("first Cl (17) in far/test.xyz",)


def test_each_split_of_a_card_goes_where_it_belongs(folder: Path) -> None:
    card = CARD + "  valid: {frames: 7, references: {}}\n"
    Path("c.dataset.yaml").write_text(card, encoding="utf-8")

    report = mace_scf.validate("run.yaml", dataset_cards=["c.dataset.yaml"])
    only = mace_scf.validate("run.yaml", dataset_cards=["test=c.dataset.yaml"])

    lines = [line.split(",")[0] for line in report.confirmed if "(card)" in line]
    assert lines == ["train c.dataset.yaml: 400 frames", "valid c.dataset.yaml: 7 frames"]
    assert [line.split(",")[0] for line in only.confirmed if "(card)" in line] == [
        "test c.dataset.yaml: 400 frames"
    ]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("trian=c.dataset.yaml", "no split `trian`: train, valid, test; did you mean train?"),
        ("xyzzy=c.dataset.yaml", "no split `xyzzy`: train, valid, test"),
    ],
)
def test_a_mistyped_split_is_told(folder: Path, word: str, said: str) -> None:
    with pytest.raises(mace_scf.MaceScfError) as raised:
        mace_scf.validate("run.yaml", dataset_cards=[word])

    assert str(raised.value) == f"{word}: {said}"


def test_a_name_with_an_equals_sign_is_a_name(folder: Path) -> None:
    Path("r=1.dataset.yaml").write_text(CARD, encoding="utf-8")

    report = mace_scf.validate("run.yaml", dataset_cards=["r=1.dataset.yaml"])

    assert any("r=1.dataset.yaml" in line for line in report.confirmed)


def test_a_card_counts_without_data(folder: Path) -> None:
    report = mace_scf.validate("run.yaml", data=False, dataset_cards=["c.dataset.yaml"])

    assert "D202" in {finding.code for finding in report.findings}
    assert "D101" not in {finding.code for finding in report.findings}


# --- what is wrong with a card --------------------------------------------------------------------

SLIPS: list[tuple[str, str, str, str]] = [
    ("frames: 400", "fraems: 400", "E101", "fraems"),
    ("  train:", "  trian:", "E101", "trian"),
    ("per_atom", "peratom", "E101", "peratom"),
    ("FFF: 390", "FFX: 390", "E101", "FFX"),
    ("splits:", "spilts:", "E101", "spilts"),
    ("[H, O]", "[H, Ox]", "E102", "Ox"),
    ("frames: 400", "frames: -400", "E102", "-400"),
    ("frames: 400", "frames: 4.5", "E102", "4.5"),
    ("frames: 400", "frames: many", "E102", "many"),
    ("frames: 380", "frames: -1", "E102", "-1"),
    ("per_atom: true", "per_atom: yes", "E102", "yes"),
    ("shape: [3], per", "shape: 3, per", "E102", "3"),
    ("REF_energy: {}", "REF_energy: 400", "E102", "400"),
    ("version: 1", "version: 2", "E102", "2"),
    ("sha256:9f86d081", "9f86d081", "E102", "9f86d081"),
    ("    frames: 400\n", "", "E104", "train"),
    ("frames: 380", "frames: 480", "E106", "480"),
    ("FFF: 390", "FFF: 399", "E106", "{FFF: 399, TTT: 10}"),
]


@pytest.mark.parametrize(("old", "new", "code", "place"), SLIPS)
def test_a_slip_is_a_finding_in_the_card(folder: Path, old: str, new: str, code: str, place: str) -> None:
    card = CARD.replace(old, new, 1)

    wrong = found(card)[code]

    assert wrong.span is not None
    assert wrong.span.file == "c.dataset.yaml"
    line = card.splitlines()[wrong.span.line]
    assert line[wrong.span.column : wrong.span.end_column] == place
    assert wrong.when == "the card is not used: what depends on the data stays unknown"
    assert is_valid(card) is (code == "E106")


def test_mistyped_keys_are_told_what_they_mean(folder: Path) -> None:
    assert found(CARD.replace("references", "refrences"))["E101"].suggestions == ("references",)
    assert found(CARD.replace("train:", "trian:"))["E101"].suggestions == ("train",)


def test_a_card_with_an_error_says_nothing_of_the_data(folder: Path) -> None:
    wrong = found(CARD.replace("frames: 380", "frames: 480"), CONFIG.replace("REF_energy", "nothing"))

    assert set(wrong) == {"E106", "D101"}


@pytest.mark.parametrize("text", ["", "[]", "- 1\n", "a: [\n", "splits: {}\nversion: 1\n", "3"])
def test_what_is_no_card_is_a_finding(folder: Path, text: str) -> None:
    Path("c.dataset.yaml").write_text(text, encoding="utf-8")

    report = mace_scf.validate("run.yaml", dataset_cards=["c.dataset.yaml"])

    assert [f for f in report.findings if f.span is not None and f.span.file == "c.dataset.yaml"]


def test_fixes_reach_the_card(folder: Path) -> None:
    (folder / "c.dataset.yaml").write_text(CARD.replace("references", "refrences"), encoding="utf-8")

    main(["validate", "run.yaml", "--dataset-card", "c.dataset.yaml", "--fix", "--unsafe-fixes"])

    assert (folder / "c.dataset.yaml").read_text(encoding="utf-8") == CARD


def test_a_card_alone_is_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "c.dataset.yaml"]) == 0
    assert "train: 400 frames" in capsys.readouterr().out

    (folder / "c.dataset.yaml").write_text(CARD.replace("400", "four"), encoding="utf-8")
    assert main(["validate", "c.dataset.yaml"]) == 1
    assert "E102" in capsys.readouterr().out


# --- measured cards -------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [*DATA, *MALFORMED], ids=lambda path: "/".join(path.parts[-3:]))
@pytest.mark.parametrize("values", [False, True])
def test_a_card_that_was_written_fits_the_schema(data: Path, values: bool, tmp_path: Path) -> None:
    card = tmp_path / "m.dataset.yaml"
    write_card(scan_file(str(data), values=values), card)

    text = card.read_text(encoding="utf-8")

    jsonschema.Draft7Validator(SCHEMA).validate(YAML(typ="safe", pure=True).load(text))
    assert read_card(text, file="m.dataset.yaml").problems == ()


@pytest.fixture
def measured(tmp_path: Path) -> str:
    write_card(scan_file(str(DATA[0])), tmp_path / "m.dataset.yaml")
    return (tmp_path / "m.dataset.yaml").read_text(encoding="utf-8")


def test_a_measured_card_may_be_laid_out_otherwise(measured: str, tmp_path: Path) -> None:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    content = writer.load(measured)
    with (tmp_path / "n.yaml").open("w", encoding="utf-8") as file:
        writer.dump(content, file)

    again = read_card((tmp_path / "n.yaml").read_text(encoding="utf-8"), file="n")

    assert again.problems == ()
    assert again.splits == read_card(measured, file="m").splits


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\nframes:", "\nfraems:", "E101"),
        ("\ncrowded: false", "\ncrowded: 0", "E102"),
        ("\nframes: ", "\nframes: -", "E102"),
        ('"overflow": false', '"overlow": false', "E101"),
        ('\nitems: [["arrays"', '\nitems: [["array"', "E102"),
        ("\nisolated: []", "", "E104"),
        ("\npattern_places: ", "\n# ", "E104"),
        ("\nframes: 48", "\nframes: 12", "E106"),
        ("\natoms: ", "\natoms: many", "E102"),
        ("\ncard_version: 1", "\ncard_version: 2", "E102"),
    ],
)
def test_a_measured_card_that_was_changed_is_told_where(measured: str, old: str, new: str, code: str) -> None:
    measured = measured.replace("\nframes: ", "\nframes: ", 1)
    frames = read_card(measured, file="m").splits[""].frames
    text = measured.replace(old.replace("48", str(frames)), new, 1)
    assert text != measured

    card = read_card(text, file="m.dataset.yaml")

    assert code in {problem.code for problem in card.problems}
    assert all(problem.span is not None for problem in card.problems)
    assert card.splits == {}


# --- reader and schema agree ----------------------------------------------------------------------


def mutated(value: Any, dice: random.Random) -> Any:
    """The same card with one thing changed somewhere."""
    strange = [None, -1, 0, 1.5, True, "x", [], {}, [1, "a"], {"frames": 3}, "T", 10**20]
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(sorted(value))
        if dice.random() < 0.15:
            return {name if name != key else f"{key}x": item for name, item in value.items()}
        if dice.random() < 0.1:
            return {name: item for name, item in value.items() if name != key}
        return {**value, key: mutated(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.7:
        place = dice.randrange(len(value))
        return [*value[:place], mutated(value[place], dice), *value[place + 1 :]]
    return dice.choice(strange)


@pytest.mark.parametrize("seed", range(300))
def test_reader_and_schema_agree(seed: int) -> None:
    dice = random.Random(seed)
    content = YAML(typ="safe", pure=True).load(CARD)
    for _ in range(dice.randrange(1, 3)):
        content = mutated(content, dice)

    card = read_card(json.dumps(content), file="c.dataset.yaml")

    wrong = {problem.code for problem in card.problems} - {"E106"}
    assert bool(wrong) is not jsonschema.Draft7Validator(SCHEMA).is_valid(content), (content, card.problems)


# --- cards of files that have changed -------------------------------------------------------------


@pytest.mark.parametrize("values", [False, True])
def test_a_card_of_another_content_is_told_while_the_file_is_there(folder: Path, values: bool) -> None:
    data = folder / "far" / "train.xyz"
    data.parent.mkdir()
    data.write_bytes(DATA[0].read_bytes())
    write_card(scan_file(str(data), values=values), folder / "m.dataset.yaml")

    def codes() -> set[str]:
        report = mace_scf.validate("run.yaml", dataset_cards=["m.dataset.yaml"])
        return {finding.code for finding in report.findings}

    fresh = codes()
    data.write_bytes(data.read_bytes() + b"\n")
    stale = codes()
    data.unlink()

    assert "D116" not in fresh
    assert "D116" in stale
    assert "D116" not in codes()


@pytest.mark.parametrize("method", ["sha256", "md5", "blake2b", "sha3_512", "nothing", "shake_128", "xxh3"])
def test_hashes_of_any_common_kind_are_compared(folder: Path, method: str) -> None:
    data = folder / "far" / "train.xyz"
    data.parent.mkdir()
    data.write_text("1\n\nH 0 0 0\n", encoding="utf-8")
    known = content_hash(str(data), method)

    right = found(CARD.replace("sha256:9f86d081", known or f"{method}:00"))
    wrong = found(CARD.replace("sha256:9f86d081", f"{method}:00"))

    assert "D116" not in right
    assert ("D116" in wrong) is (known is not None)
