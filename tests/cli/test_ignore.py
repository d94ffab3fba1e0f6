"""Comments that silence findings: in configs and in scripts, a line or a whole command, and idle ones told."""

from __future__ import annotations

from pathlib import Path

import pytest

import mace_scf

CONFIG = """\
model: MACE
train_file: train.xyz
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: q}
    arrays_keys: {forces: REF_forces}
train_schedule: {0: {name: a, start: 0, end: 1, loss: {energy_per_atom: 1.0, forces: 1.0}}}
"""
FRAME = "1\nProperties=species:S:1:pos:R:3:REF_forces:R:3 REF_energy=-1.5 q=0\nH 0 0 0 0 0 0\n"
SCRIPT = """\
LR=
%s
python run_train.py --config run.yaml \\
  --lr $LR \\
  --nmae x
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "run.yaml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(comment: str = "") -> list[str]:
    """Codes that concern the script."""
    Path("train.sh").write_text(SCRIPT % comment, encoding="utf-8")
    report = mace_scf.validate("run.yaml", launcher="train.sh", data=False)
    return [f.code for f in report.findings if f.span is not None and f.span.file == "train.sh"]


def test_without_a_comment_the_script_has_three_findings(folder: Path) -> None:
    assert sorted(codes()) == ["C101", "C133", "R103"]


def test_a_comment_before_a_command_speaks_of_all_its_lines(folder: Path) -> None:
    assert codes("# mace-scf: ignore[R103, C101,C133] our wrapper mends it") == []


def test_a_comment_after_the_last_line_speaks_of_that_line(folder: Path) -> None:
    text = (SCRIPT % "").replace("--nmae x", "--nmae x  # mace-scf: ignore[C101,C133] ours")
    Path("train.sh").write_text(text, encoding="utf-8")

    report = mace_scf.validate("run.yaml", launcher="train.sh", data=False)

    found = {finding.code for finding in report.findings}
    assert "C101" not in found
    assert {"C133", "R103", "C160"} <= found


def test_a_comment_on_the_whole_script(folder: Path) -> None:
    assert codes("# mace-scf: ignore-file[R103,C101,C133] ours") == []


def test_idle_codes_in_a_script_are_told(folder: Path) -> None:
    assert sorted(codes("# mace-scf: ignore[R103,C101,C133,R105] ours")) == ["C160"]
    assert sorted(codes("# mace-scf: ignore ours")) == ["C101", "C133", "C161", "R103"]


@pytest.mark.parametrize(
    ("options", "idle"),
    [({"data": False}, False), ({}, False), ({"values": True}, True)],
)
def test_a_comment_on_data_is_idle_only_if_all_of_them_were_looked_at(
    folder: Path, options: dict[str, bool], idle: bool
) -> None:
    text = CONFIG.replace("train.xyz", "train.xyz  # mace-scf: ignore[D208] as it is")
    (folder / "run.yaml").write_text(text, encoding="utf-8")
    (folder / "train.xyz").write_text(3 * FRAME, encoding="utf-8")

    report = mace_scf.validate("run.yaml", **options)  # type: ignore[arg-type]  # all are booleans

    assert ("C160" in {finding.code for finding in report.findings}) is idle


def test_a_comment_on_data_out_of_reach_is_not_idle(folder: Path) -> None:
    text = CONFIG.replace("train.xyz", "far.xyz  # mace-scf: ignore[D101,D208] on the cluster")
    (folder / "run.yaml").write_text(text, encoding="utf-8")

    assert "C160" not in {finding.code for finding in mace_scf.validate("run.yaml", values=True).findings}
