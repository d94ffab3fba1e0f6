"""The two shipped forks: each run is fine with its fork and not without, and each differs as its README says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import mace_scf
from mace_scf.catalog.model import Carries
from mace_scf.catalog.trainer import Trainer
from mace_scf.diagnostics import Severity
from mace_scf.project import Given, select_trainer
from mace_scf.resolve.matrix import Column, Service, cell

FOLDER = Path(__file__).parents[2] / "examples" / "extensions"
HUBER, RESPONSE = FOLDER / "huber_fork.yaml", FOLDER / "response_fork.yaml"


def fork(path: Path) -> Trainer:
    return select_trainer(Given(extensions=(path,))).trainer


def check(run: str, *forks: Path, replace: tuple[str, str] = ("", ""), tmp: Path | None = None) -> list[str]:
    """Codes of the errors and warnings of a run, with one text replaced in a copy beside its files."""
    config = FOLDER / run / "config.yaml"
    text = config.read_text(encoding="utf-8")
    if tmp is not None:
        assert replace[0] in text
        config = tmp / "config.yaml"
        config.write_text(text.replace(*replace), encoding="utf-8")
        (tmp / "shards").symlink_to(FOLDER / "huber_run" / "shards")
    report = mace_scf.validate(os.fspath(config), extensions=forks, project=False)
    return [finding.code for finding in report.at_least(Severity.WARNING)]


def test_the_robust_run_is_fine_with_its_fork_alone() -> None:
    assert check("huber_run", HUBER) == []
    assert {"C101", "C136", "C144", "L101"} <= set(check("huber_run"))


def test_the_response_run_is_fine_with_its_fork_alone() -> None:
    assert check("response_run", RESPONSE) == []
    assert {"C101", "C111", "L101", "L102", "L105", "F117"} <= set(check("response_run"))


def test_the_response_run_finds_its_fork_by_the_project_file() -> None:
    report = mace_scf.validate(FOLDER / "response_run" / "config.yaml")

    assert report.at_least(Severity.WARNING) == ()
    assert [os.path.basename(name) for name in report.files[-2:]] == ["mace-scf.yaml", "response_fork.yaml"]
    assert [stage.trainer for stage in report.stages] == ["upstream+response-fork"] * 2


@pytest.mark.parametrize(
    ("replace", "code"),
    [
        (("rough\n", "rough\n    reset_optimiser: true\n"), "C101"),
        (("huber_delta: 0.01}", "huber_delta: 0.0}"), "L109"),
        (("{weight: 1.0, huber_delta: 0.01}", "1.0"), "L106"),
        (("0.02 # e", "-1"), "C112"),
        (("shards/valid", "valid.hdf"), "C136"),
        (("formal_charges_from_data: true", "formal_charges_from_data: false"), "C130"),
        (("pair_repulsion: true", "apply_cutoff: false"), "M101"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_rules_speak_of_what_the_robust_fork_declares(
    tmp_path: Path, replace: tuple[str, str], code: str
) -> None:
    assert code in check("huber_run", HUBER, replace=replace, tmp=tmp_path)


@pytest.mark.parametrize(
    ("replace", "code"),
    [
        (("mode: implicit", "mode: unroll_scf"), "F111"),
        (("type: VariationalResponse", "type: OneBodyVariableUpdate"), "L202"),
        (("mode: shortcut_scf", "mode: shortcut_scv"), "C111"),
        (("reference: density", "reference: near"), "L109"),
        (("      vacuum_potential: REF_vacuum_potential # V\n", ""), "L301"),
        (("max_L: 1", "max_L: 1\ndistributed: true"), "M101"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_rules_speak_of_what_the_response_fork_declares(
    tmp_path: Path, replace: tuple[str, str], code: str
) -> None:
    assert code in check("response_run", RESPONSE, replace=replace, tmp=tmp_path)


def test_the_terms_of_the_robust_fork_are_those_of_the_engine() -> None:
    from mace_scf.catalog.registry import trainer

    ours, theirs = fork(HUBER).term_by_name, trainer("engine").term_by_name

    added = set(ours) - set(trainer().term_by_name)
    assert added == set(theirs) - set(trainer().term_by_name)
    for name in added:
        same = ("form", "predictions", "references", "weight_of", "base", "per_atom")
        assert [getattr(ours[name], key) for key in same] == [getattr(theirs[name], key) for key in same]
        assert [o.name for o in ours[name].options] == [o.name for o in theirs[name].options]


def test_the_response_model_serves_the_new_terms_in_every_mode_with_its_update() -> None:
    trainer = fork(RESPONSE)
    model = trainer.model_by_name["FixedPoint"]

    new = ("fourier_density", "fourier_potential", "vacuum_potential", "workfunction", "stress")
    services = {
        cell(trainer.term_by_name[name], Column(model, mode), trainer).service
        for name in new
        for mode in model.modes
    }

    assert model.modes[-1] == "shortcut_scf"
    assert services == {Service.OPTION}
    assert {way.carries for way in model.provisions("scf_residual")} == {Carries.DETACHED}


def test_both_forks_can_be_had_at_once() -> None:
    found = select_trainer(Given(extensions=(RESPONSE, HUBER)))

    assert found.problems == ()
    assert found.trainer.name == "upstream+response-fork+huber-fork"
