"""An error that is not shown is not passed over: no "ok", no "see the errors" where there are none to see."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import mace_scf
from mace_scf.cli.main import main
from mace_scf.diagnostics import Severity
from mace_scf.diagnostics.unshown import errors_of_stage, with_errors_told

ROOT = Path(__file__).parents[2]
CONFIG = """model: MACE
optimizer: adamw
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0: {name: a, start: 0, end: 9, lr: 1e-3, loss: {energy_per_atom: 1.0}}
"""


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(CONFIG, encoding="utf-8")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(["validate", "--no-data", *words])
    return status, capsys.readouterr().out


def stage_and_end(text: str) -> tuple[str, str]:
    lines = text.splitlines()
    return next(
        line.rpartition("; ")[2] for line in lines if line.startswith("checked: ") and "stage 0" in line
    ), lines[-1]


def test_shown_errors_are_to_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = printed(capsys, "c.yaml", "--select", "C120")

    assert stage_and_end(text)[0] == "see the errors"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--select", "R"), "not selected"),
        (("--select", "C120", "--severity", "C120=off"), "switched off"),
        (("--select", "C120", "--severity", "C120=warning"), "with another severity"),
        (("--baseline", "known.json", "--update-baseline"), "known to the baseline"),
    ],
)
def test_errors_that_are_not_shown_are_told_with_the_reason(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], reason: str
) -> None:
    status, text = printed(capsys, "c.yaml", *words)
    stage, end = stage_and_end(text)

    assert status == 0
    assert stage.startswith("has errors: ")
    assert stage.endswith(reason)
    assert "ok: nothing to say" not in text
    assert end == (
        "1 warning in c.yaml" if "another" in reason else f"nothing to show; errors of c.yaml: {stage[12:]}"
    )


def test_what_a_baseline_knows_of_one_file_is_told_of_that_file(capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "c.yaml", "--baseline", "known.json", "--update-baseline")
    _, text = printed(capsys, "c.yaml", "other.yaml", "--baseline", "known.json")
    stages = {
        line.split(": ")[1]: line.rpartition("; ")[2]
        for line in text.splitlines()
        if line.startswith("checked: ") and "stage 0" in line
    }

    assert stages["c.yaml"].endswith("known to the baseline")
    assert stages["other.yaml"] == "see the errors"


def test_a_written_baseline_leaves_nothing_out(capsys: pytest.CaptureFixture[str]) -> None:
    _, first = printed(capsys, "c.yaml", "--baseline", "known.json", "--update-baseline")
    _, second = printed(capsys, "c.yaml", "--baseline", "known.json")

    assert "known.json: " in first
    assert " written" in first
    assert "left out" not in first
    assert "left out" in second


def test_only_files_with_findings_are_named_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    fine = CONFIG.replace("1e-3", "1.0e-3")
    Path("fine.yaml").write_text(fine, encoding="utf-8")

    _, text = printed(capsys, "fine.yaml", "c.yaml", "--select", "C120")

    assert text.splitlines()[-1] == "1 error in c.yaml; 2 files read"


def test_a_report_holds_the_errors_that_it_does_not_show() -> None:
    report = mace_scf.validate("c.yaml", data=False, severity={"C120": "off"})

    assert [each.finding.code for each in report.unshown] == ["C120"]
    assert report.unshown[0].finding.severity is Severity.ERROR


def test_some_shown_and_some_not_are_counted_apart() -> None:
    report = mace_scf.validate("c.yaml", data=False, severity={"C120": "off"})

    assert errors_of_stage(2, report.unshown) == "has errors: 2 shown, 1 switched off"
    assert with_errors_told(["stage 0: x; has errors: 9 not selected", "y; z"], 1, ()) == (
        "stage 0: x; see the errors",
        "y; z",
    )


def test_nothing_says_to_install_from_an_index_where_the_package_is_not() -> None:
    files = subprocess.run(
        ["git", "ls-files", "*.md", "*.py", "*.yml", "*.yaml", "*.txt"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip

    named = [
        f"{name}: {line.strip()}"
        for name in files
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if "pip install" in line and "mace-scf[" in line and "@" not in line
    ]

    assert [line for line in named if "tests/" not in line] == []
