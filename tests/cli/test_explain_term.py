"""The page of a loss term, as text and for machines."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from mace_scf.catalog.registry import trainers
from mace_scf.catalog.term import Term
from mace_scf.catalog.trainer import Trainer
from mace_scf.cli.main import main
from mace_scf.render.term_page import term_page

GOLDEN = Path(__file__).parent / "golden"
EVERY = [(version, term) for version in trainers() for term in version.terms]


def printed(words: Sequence[str]) -> tuple[int, str]:
    stream = io.StringIO()
    with redirect_stdout(stream):
        status = main(["explain-term", *words])
    return status, stream.getvalue()


@pytest.mark.parametrize("term", ["fermi_level", "esps", "forces_huber", "fourier_density"])
def test_page_is_the_expected_one(term: str, monkeypatch: pytest.MonkeyPatch, update_golden: bool) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    golden = GOLDEN / f"explain-term-{term}.out"

    status, text = printed([term])

    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert status == 0
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(("version", "term"), EVERY, ids=lambda item: item.name)
def test_every_term_has_a_page_within_its_width(version: Trainer, term: Term) -> None:
    text = term_page(term, version, width=80)

    assert "models" in text
    assert max(map(len, text.split("\n"))) <= 80


def test_json_says_what_becomes_of_missing_labels() -> None:
    _, text = printed(["dipole", "--json"])

    (label,) = json.loads(text)["labels"]
    assert label["unmapped"] == {"value": 0.0, "weight": 1.0}
    assert label["absent"] == {"value": 0.0, "weight": 0.0}


def test_json_of_the_engine_leaves_frames_without_labels_out() -> None:
    _, text = printed(["dipole", "--json", "--trainer", "engine"])

    (label,) = json.loads(text)["labels"]
    assert label["absent"] == "left out"


def test_json_lists_options_with_defaults() -> None:
    _, text = printed(["fourier_density", "--json"])

    options = {option["name"]: option["default"] for option in json.loads(text)["options"]}
    assert options == {"form": "poly", "alpha": 1.0, "k_min": 1.0}


def test_term_of_another_trainer_is_explained_too() -> None:
    _, text = printed(["stress_l1", "--json"])

    assert json.loads(text)["trainer"] == "engine"
    assert json.loads(text)["trainers"] == ["engine"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("energy_per_atoms", "did you mean energy_per_atom?"),
        ("polariz", "did you mean polarizability?"),
        ("e", "`mace-scf capabilities` lists them"),
        ("xyzzy", "`mace-scf capabilities` lists them"),
    ],
)
def test_unknown_term_is_a_usage_error(name: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = printed([name])

    assert status == 2
    assert hint in capsys.readouterr().err


def test_a_term_like_another_has_no_formula_of_that_one(tmp_path: Path) -> None:
    fork = tmp_path / "fork.yaml"
    term = "terms: {add: {dipole_huber: {like: dipole, doc: Huber error of the dipole.}}}"
    fork.write_text(f"extends: upstream\nname: mine\n{term}\n", encoding="utf-8")

    _, text = printed(["dipole_huber", "--json", "--extension", str(fork)])
    _, own = printed(["dipole_huber", "--json", "--extension", str(fork_with_formula(fork))])

    page = json.loads(text)
    assert (page["formula"], page["source"]) == ("like `dipole`", "extension mine, like `dipole`")
    assert json.loads(own)["formula"] == "huber(r)"


def fork_with_formula(fork: Path) -> Path:
    text = fork.read_text(encoding="utf-8").replace("like: dipole,", "like: dipole, formula: huber(r),")
    path = fork.with_name("own.yaml")
    path.write_text(text, encoding="utf-8")
    return path
