"""Every fix offered in the cases of options and commands removes its finding and breaks nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import mace_scf
from mace_scf.cli.validate_options import _split
from mace_scf.diagnostics import Diagnostic, Report
from mace_scf.source.edit import apply_edits

HERE = Path(__file__).parent.parent
CASES = sorted(
    path
    for family in ("config", "launch")
    for pattern in ("example.yaml", "case-*.yaml")
    for path in (HERE / family).glob(f"*/{pattern}")
)


def check(path: Path) -> Report[Any]:
    first = path.read_text(encoding="utf-8").split("\n")[0]
    words = first.removeprefix("# args:").split() if first.startswith("# args:") else []
    ours, options = _split(words)
    launcher = ours[ours.index("--launcher") + 1] if "--launcher" in ours else None
    return mace_scf.validate(
        path.name,
        options=options,
        launcher=launcher,
        complete="--complete" in ours,
        data="--no-data" not in ours,
    )


def fixable(report: Report[Any]) -> list[Diagnostic]:
    """Findings whose fix lies in a file: options behind `--` are nobody's text."""
    return [
        finding
        for finding in report.findings
        if finding.fix is not None and all(edit.span.file[0] != "<" for edit in finding.fix.edits)
    ]


def identity(path: Path) -> str:
    return path.relative_to(HERE).as_posix()


@pytest.mark.parametrize("path", CASES, ids=identity)
def test_each_fix_removes_its_finding(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "case"
    shutil.copytree(path.parent, folder)
    monkeypatch.chdir(folder)
    before = check(folder / path.name)

    for finding in fixable(before):
        assert finding.fix is not None
        file = finding.fix.edits[0].span.file
        original = (folder / file).read_bytes().decode("utf-8")
        (folder / file).write_bytes(apply_edits(original, finding.fix.edits).encode("utf-8"))
        after = check(folder / path.name)
        (folder / file).write_bytes(original.encode("utf-8"))

        assert not after.unreadable, finding.fix.description
        assert count(after, finding) < count(before, finding), finding.message


def count(report: Report[Any], finding: Diagnostic) -> int:
    alike = (
        other for other in report.findings if (other.code, other.message) == (finding.code, finding.message)
    )
    return sum(1 for _ in alike)


def test_there_are_fixes_to_test() -> None:
    assert len(CASES) > 80
