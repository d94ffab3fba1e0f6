"""A team's own severities: from the project file or the command line, into every output and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import mace_scf
from mace_scf.cli.main import main
from mace_scf.errors import MaceScfError

ROOT = Path(__file__).parents[2]
CONFIG = """\
model: LocalCharges
train_schedule:
  0:
    name: first
    lr: 1e-3
    loss: {forces: 100.0, fermi_level: 1.0}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "run.yaml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def project(folder: Path, text: str, name: str = "mace-scf.yaml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def severities(*, severity: dict[str, str] | None = None) -> dict[str, str]:
    report = mace_scf.validate("run.yaml", severity=severity)
    return {finding.code: finding.severity.word for finding in report.findings}


def test_without_a_project_file_rules_have_their_own(folder: Path) -> None:
    assert severities() == {"C120": "error", "L201": "error"}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("{L201: warning}", {"C120": "error", "L201": "warning"}),
        ("{term-without-prediction: info}", {"C120": "error", "L201": "info"}),
        ("{L201: off}", {"C120": "error"}),
        ("{L: info, C: off}", {"L201": "info"}),
        ("{C: off, C12: warning, L2: off}", {"C120": "warning"}),
        ("{C120: warning, C: off, L: off}", {"C120": "warning"}),
        ("{'C120': 'off'}", {"L201": "error"}),
    ],
)
def test_codes_names_and_beginnings_are_taken_and_the_longest_counts(
    folder: Path, table: str, expected: dict[str, str]
) -> None:
    project(folder, f"severity: {table}\n")

    assert severities() == expected


def test_a_table_of_pyproject_says_the_same(folder: Path) -> None:
    project(
        folder, '[tool.mace-scf.severity]\nL201 = "off"\nyaml-number-is-text = "info"\n', "pyproject.toml"
    )

    assert severities() == {"C120": "info"}


def test_what_is_given_for_one_check_outweighs_the_file(folder: Path) -> None:
    project(folder, "severity: {L201: off, C120: off}\n")

    assert severities(severity={"L": "info"}) == {"L201": "info"}


@pytest.mark.parametrize(
    ("level", "words", "status"),
    [
        ("warning", (), 0),
        ("warning", ("--fail-level", "warning"), 1),
        ("info", ("--fail-level", "warning"), 0),
        ("off", ("--fail-level", "info"), 0),
        ("error", (), 1),
    ],
)
def test_the_exit_status_follows(folder: Path, level: str, words: tuple[str, ...], status: int) -> None:
    project(folder, f"severity: {{L201: {level}, C120: {level}}}\n")

    assert main(["validate", "run.yaml", *words]) == status


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("text", "warning[L201]"),
        ("json", '"severity": "warning"'),
        ("jsonl", '"severity":"warning"'),
        ("github", "::warning file=run.yaml"),
        ("gitlab", '"severity": "minor"'),
        ("sarif", '"level": "warning"'),
        ("junit", "warning[L201]"),
    ],
)
def test_every_format_follows(
    folder: Path, form: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["validate", "run.yaml", "--format", form, "--severity", "L201=warning,C120=off"])
    printed = capsys.readouterr().out

    assert shown in printed
    assert "is a text for the trainer" not in printed


def test_statistics_follow(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "run.yaml", "--statistics", "--severity", "L201=info", "--severity", "C120=off"])

    assert capsys.readouterr().out.split() == ["1", "L201", "info", "term-without-prediction"]


def test_the_report_says_what_was_chosen(folder: Path) -> None:
    report = mace_scf.validate("run.yaml", severity={"L201": "error", "C120": "off"})

    assert "another severity was chosen: C120 off (1)" in report.confirmed


def test_a_stage_with_an_error_stays_closed_whatever_it_is_called(folder: Path) -> None:
    report = mace_scf.validate("run.yaml", severity={"L": "off", "C": "info"})

    assert report.ok
    assert report.stages == ()


def test_a_fix_of_what_is_off_is_not_carried_out(folder: Path) -> None:
    main(["validate", "run.yaml", "--fix", "--severity", "C120=off"])

    assert (folder / "run.yaml").read_text(encoding="utf-8") == CONFIG


def test_a_comment_that_silences_what_is_off_is_no_idle_one(folder: Path) -> None:
    text = CONFIG.replace("lr: 1e-3", "lr: 1e-3  # mace-scf: ignore[C120] as it was")
    (folder / "run.yaml").write_text(text, encoding="utf-8")

    assert severities(severity={"C120": "off"}) == {"L201": "error"}


def test_a_word_for_no_rule_is_a_finding_with_its_place_and_what_was_meant(folder: Path) -> None:
    project(folder, "# ours\nseverity:\n  L201: warning\n  unknown-trem: off\n  l205: off\n  QQ: off\n")

    for found in (mace_scf.validate("run.yaml"), mace_scf.validate("mace-scf.yaml")):
        wrong = [finding for finding in found.findings if finding.code == "E103"]
        assert [finding.span.shown for finding in wrong if finding.span] == [
            "mace-scf.yaml:4:3",
            "mace-scf.yaml:5:3",
            "mace-scf.yaml:6:3",
        ]
        assert [finding.suggestions for finding in wrong] == [("unknown-term",), ("L205",), ()]
    assert severities()["L201"] == "warning"


def test_a_word_for_no_rule_in_pyproject_has_its_place(folder: Path) -> None:
    project(folder, '[tool.mace-scf]\n[tool.mace-scf.severity]\nL9999 = "off"\n', "pyproject.toml")

    (wrong,) = [finding for finding in mace_scf.validate("run.yaml").findings if finding.code == "E103"]

    assert wrong.span is not None
    assert wrong.span.shown == "pyproject.toml:3:1"
    assert wrong.fix is None


def test_the_table_of_pyproject_is_checked_alone(folder: Path) -> None:
    project(
        folder,
        '[project]\nname = "x"\n[tool.mace-scf]\nseverity = {unknown-trem = "off"}\n',
        "pyproject.toml",
    )

    (wrong,) = mace_scf.validate("pyproject.toml").findings

    assert (wrong.code, wrong.suggestions) == ("E103", ("unknown-term",))
    project(folder, '[project]\nname = "x"\n', "pyproject.toml")
    assert mace_scf.validate("pyproject.toml").findings == ()


@pytest.mark.parametrize("level", ["never", "2", "[]", "{}", "~", "true"])
def test_a_level_that_is_none_spoils_no_other_line(folder: Path, level: str) -> None:
    project(folder, f"severity:\n  L201: warning\n  C120: {level}\n")

    report = mace_scf.validate("run.yaml")

    (wrong,) = [finding for finding in report.findings if finding.code.startswith("E")]
    assert (wrong.code, wrong.when) == ("E102", "the setting is not used")
    assert wrong.span is not None
    assert wrong.span.line == 2
    assert {f.code: f.severity.word for f in report.findings if f.code in ("L201", "C120")} == {
        "L201": "warning",
        "C120": "error",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--severity", "Q=off"),
        ("--severity", "L201=of"),
        ("--severity", "L201"),
        ("--select", "Q"),
        ("--ignore", "L999"),
    ],
)
def test_what_stands_for_no_rule_or_level_is_refused(
    folder: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "run.yaml", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "there is no rule" in printed.err or "the severity of `L201` is" in printed.err


def test_a_refusal_says_what_was_meant(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "run.yaml", "--select", "unknown-trem"])

    assert "did you mean `unknown-term`?" in capsys.readouterr().err


def test_selection_takes_names_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "run.yaml", "--select", "term-without-prediction", "--format", "jsonl"])

    assert [json.loads(line)["code"] for line in capsys.readouterr().out.splitlines()] == ["L201"]


@pytest.mark.parametrize("severity", [{"Q": "off"}, {"L201": "of"}])
def test_a_wrong_call_is_told(folder: Path, severity: dict[str, str]) -> None:
    with pytest.raises(MaceScfError):
        mace_scf.validate("run.yaml", severity=severity)


@pytest.mark.parametrize(
    ("table", "good"),
    [
        ({"L201": "error", "D": "off", "D2": "info", "unknown-term": "warning"}, True),
        ({"L999": "error"}, False),
        ({"l201": "error"}, False),
        ({"L201": "none"}, False),
    ],
)
def test_the_schema_of_the_project_file_agrees(folder: Path, table: dict[str, str], good: bool) -> None:
    schema = json.loads((ROOT / "schemas" / "project.schema.json").read_text(encoding="utf-8"))
    project(folder, f"severity: {json.dumps(table)}\n")

    assert jsonschema.Draft7Validator(schema).is_valid({"severity": table}) is good
    assert mace_scf.validate("mace-scf.yaml").ok is good
