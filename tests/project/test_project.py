"""Where extensions are found: flags, the project file above a config, entry points; and what it costs a plain start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mace_scf
from mace_scf.cli.main import main
from mace_scf.errors import UnreadableInputError
from mace_scf.project import Given, find_project, select_trainer

FORK = """\
extends: upstream
name: fork
accepts: {integer_weights: true}
stage_keys: {add: {reset_ema: {kind: strict_boolean, doc: Starts afresh., default: false}}}
"""
CONFIG = "model: MACE\ntrain_schedule: {0: {name: a, reset_ema: true, loss: {forces: 1}}}\n"


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a fork in it and a config two folders below."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "forks").mkdir()
    (tmp_path / "runs" / "one").mkdir(parents=True)
    (tmp_path / "forks" / "fork.yaml").write_text(FORK, encoding="utf-8")
    (tmp_path / "runs" / "one" / "run.yaml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(*words: str, config: str = "runs/one/run.yaml") -> set[str]:
    report = mace_scf.validate(config, extensions=words)
    return {finding.code for finding in report.findings}


def test_a_project_file_above_the_config_is_found(team: Path) -> None:
    (team / "mace-scf.yaml").write_text("extensions: [forks/fork.yaml]\n", encoding="utf-8")

    report = mace_scf.validate("runs/one/run.yaml")

    assert report.findings == ()
    assert report.files == ("runs/one/run.yaml", "mace-scf.yaml", "forks/fork.yaml")
    assert report.confirmed[0] == "extension forks/fork.yaml (fork) of trainer upstream"
    assert not mace_scf.validate("runs/one/run.yaml", project=False).ok


def test_a_table_of_pyproject_counts_and_other_tables_do_not(team: Path) -> None:
    (team / "runs" / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    (team / "pyproject.toml").write_text(
        '[tool.mace-scf]\nextensions = ["forks/fork.yaml"]\n', encoding="utf-8"
    )

    report = mace_scf.validate("runs/one/run.yaml")

    assert report.ok
    assert report.files[1:] == ("pyproject.toml", "forks/fork.yaml")


def test_the_nearest_project_file_counts_alone(team: Path) -> None:
    (team / "mace-scf.yaml").write_text("extensions: [forks/fork.yaml]\n", encoding="utf-8")
    (team / "runs" / "mace-scf.yaml").write_text("extensions: []\n", encoding="utf-8")

    assert find_project("runs/one") == "runs/mace-scf.yaml"
    assert codes() == {"C101", "L102"}


def test_the_look_upwards_ends_with_the_repository_and_at_home(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (team / "mace-scf.yaml").write_text("extensions: [forks/fork.yaml]\n", encoding="utf-8")
    (team / "runs" / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")

    below_repository = find_project("runs/one")
    (team / "runs" / ".git").unlink()
    monkeypatch.setenv("HOME", str(team / "runs"))

    assert (below_repository, find_project("runs/one")) == (None, None)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("mace-scf.yaml", "extentions: []\n", ("E101", 1, 1)),
        ("mace-scf.yaml", "extensions: fork.yaml\n", ("E102", 1, 13)),
        ("mace-scf.yaml", "extensions:\n  - gone.yaml\n", ("E108", 2, 5)),
        ("mace-scf.yaml", "- x\n", ("E108", 1, 1)),
        ("pyproject.toml", "[tool.mace-scf]\nextentions = []\n", ("E101", 2, 1)),
        ("pyproject.toml", "[tool.mace-scf]\nentry_points = 1\n", ("E102", 2, 16)),
        ("pyproject.toml", "[tool.mace-scf]\nextensions = ['gone.yaml']\n", ("E108", 2, 16)),
        ("pyproject.toml", "[tool.mace-scf\n", ("E108", 1, 15)),
    ],
)  # fmt: skip
def test_mistakes_of_a_project_file_are_findings_in_it(
    team: Path, name: str, text: str, expected: tuple[str, int, int]
) -> None:
    (team / name).write_text(text, encoding="utf-8")

    report = mace_scf.validate("runs/one/run.yaml")

    found = [
        (f.code, f.span.line + 1, f.span.column + 1)
        for f in report.findings
        if f.span and f.span.file == name
    ]
    assert found == [expected]
    assert {"C101", "L102"} <= {finding.code for finding in report.findings}


def test_a_project_file_is_checked_by_itself_and_is_no_config(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (team / "mace-scf.yaml").write_text("extensions: [forks/fork.yaml, gone.yaml]\n", encoding="utf-8")
    (team / "runs" / "mace-scf.yaml").write_text("extensions: []\n", encoding="utf-8")

    alone, folder = main(["validate", "mace-scf.yaml"]), main(["validate", "runs", "--no-project"])

    printed = capsys.readouterr().out
    assert (alone, folder) == (1, 1)
    assert printed.count("[E108]") == 1
    assert "not-a-training-config" not in printed


def test_the_first_extension_chooses_the_trainer(team: Path) -> None:
    (team / "old.yaml").write_text("extends: upstream-old\nname: older\n", encoding="utf-8")
    (team / "more.yaml").write_text("extends: older\nname: more\n", encoding="utf-8")

    found = select_trainer(Given(extensions=("old.yaml", "more.yaml")))

    assert (found.trainer.name, found.problems) == ("upstream-old+older+more", ())


def test_an_extension_of_another_trainer_is_left_out_and_said(team: Path) -> None:
    found = select_trainer(Given("engine", ("forks/fork.yaml",)))

    assert found.trainer.name == "engine"
    assert [problem.code for problem in found.problems] == ["E107"]


def test_a_mapping_and_a_file_are_the_same_to_python(team: Path) -> None:
    content = {"extends": "upstream", "name": "fork", "accepts": {"integer_weights": True}}

    report = mace_scf.validate("runs/one/run.yaml", extensions=[content])

    assert {finding.code for finding in report.findings} == {"C101"}
    assert codes("forks/fork.yaml") == set()


def test_a_file_that_was_given_and_is_not_there_is_a_mistake_of_the_call(team: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"gone\.yaml"):
        codes("gone.yaml")

    assert main(["validate", "runs/one/run.yaml", "--extension", "gone.yaml"]) == 2


def test_the_same_texts_give_the_same_trainer_object(team: Path) -> None:
    first, second = (select_trainer(Given(extensions=("forks/fork.yaml",))).trainer for _ in range(2))

    assert first is second


def test_entry_points_are_looked_at_when_asked(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (team / "installed").mkdir()
    information = team / "installed" / "team_fork-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Name: team-fork\nVersion: 1.0\n", encoding="utf-8")
    points = "[mace_scf.extensions]\nfork = team_fork:path\nbroken = team_fork:nothing\n"
    (information / "entry_points.txt").write_text(points, encoding="utf-8")
    module = f"def path():\n    return {str(team / 'forks' / 'fork.yaml')!r}\n"
    (team / "installed" / "team_fork.py").write_text(module, encoding="utf-8")
    monkeypatch.syspath_prepend(str(team / "installed"))

    asked = select_trainer(Given(entry_points=True))
    (team / "mace-scf.yaml").write_text("entry_points: true\n", encoding="utf-8")
    report = mace_scf.validate("runs/one/run.yaml")

    assert asked.trainer.name == "upstream+fork"
    assert [problem.code for problem in asked.problems] == ["E108"]
    assert "team_fork:nothing" in asked.problems[0].message
    assert [(f.code, f.span.line, f.span.column) for f in report.findings if f.span] == [("E108", 0, 14)]
    assert select_trainer(Given()).trainer.name == "upstream"


def test_a_plain_start_imports_nothing_of_extensions(team: Path) -> None:
    script = (
        "import sys, mace_scf; mace_scf.validate('runs/one/run.yaml');"
        "print([name for name in ('tomllib', 'importlib.metadata', 'mace_scf.extension', 'mace_scf.project.gather')"
        " if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


# --- other verbs ----------------------------------------------------------------------------------


def test_the_schema_has_what_the_extension_adds(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["schema", "--extension", "forks/fork.yaml"])

    schema = json.loads(capsys.readouterr().out)
    (stage,) = schema["properties"]["train_schedule"]["patternProperties"].values()
    assert status == 0
    assert schema["$id"] == "urn:mace-scf:config:upstream+fork"
    assert stage["properties"]["reset_ema"]["default"] is False


def test_the_schema_of_a_fork_is_wired_under_its_own_name(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["schema", "--extension", "forks/fork.yaml", "--wire", "vscode"])

    assert status == 0
    assert (team / ".vscode" / "mace-scf.upstream-fork.schema.json").is_file()
    assert "mace-scf.upstream-fork.schema.json" in capsys.readouterr().out  # the language server takes no `+`


@pytest.mark.parametrize(
    "verb", [["schema"], ["capabilities"], ["explain-term", "forces"]], ids=lambda verb: verb[0]
)
def test_a_verb_without_a_config_says_what_is_wrong_in_an_extension(
    team: Path, capsys: pytest.CaptureFixture[str], verb: list[str]
) -> None:
    (team / "bad.yaml").write_text(FORK + "dokk: 1\n", encoding="utf-8")

    status = main([*verb, "--extension", "bad.yaml"])

    told = capsys.readouterr()
    assert status == 1
    assert told.out == ""
    assert "bad.yaml:5:1: error[E101]" in told.err


def test_explain_term_tells_a_term_of_a_fork(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    term = "terms: {add: {forces_huber: {like: forces, doc: Of the fork.}}}\n"
    (team / "terms.yaml").write_text(FORK + term, encoding="utf-8")

    status = main(["explain-term", "forces_huber", "--extension", "terms.yaml"])

    printed = capsys.readouterr().out
    assert status == 0
    assert "Of the fork." in printed
    assert "trainers    engine, upstream+fork" in printed


def test_the_json_report_names_the_extension(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "runs/one/run.yaml", "--extension", "forks/fork.yaml", "--format", "json"])

    report = json.loads(capsys.readouterr().out)
    assert report["files"] == ["runs/one/run.yaml", "forks/fork.yaml"]


def test_fixes_reach_the_extension(team: Path) -> None:
    slip = team / "slip.yaml"
    slip.write_text(FORK.replace("default", "defualt"), encoding="utf-8")

    main(["validate", "runs/one/run.yaml", "--extension", "slip.yaml", "--fix", "--unsafe-fixes"])

    assert slip.read_text(encoding="utf-8") == FORK


def test_a_number_without_end_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.mace-scf]\nentry_points = " + "9" * 5000 + "\n", encoding="utf-8"
    )
    (tmp_path / "run.yaml").write_text("name: water\n", encoding="utf-8")

    report = mace_scf.validate(tmp_path / "run.yaml", data=False)

    assert any("no TOML" in finding.message for finding in report.findings)
