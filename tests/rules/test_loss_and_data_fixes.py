"""Every fix offered in the cases of terms and labels removes its finding and adds no error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mace_scf
from mace_scf.diagnostics import Diagnostic, Report, Severity
from mace_scf.source.edit import apply_edits

HERE = Path(__file__).parent
CASES = sorted(
    path
    for family in ("loss", "data")
    for pattern in ("example.yaml", "case-*.yaml")
    for path in (HERE / family).glob(f"*/{pattern}")
)


def check(path: Path) -> Report[Any]:
    first = path.read_text(encoding="utf-8").split("\n")[0]
    words = first.removeprefix("# args:").split() if first.startswith("# args:") else []
    trainer = words[words.index("--trainer") + 1] if "--trainer" in words else "upstream"
    return mace_scf.validate(path, trainer=trainer, complete="--complete" in words, data=False)


def count(report: Report[Any], finding: Diagnostic) -> int:
    alike = [(other.code, other.message) for other in report.findings]
    return alike.count((finding.code, finding.message))


def errors(report: Report[Any]) -> set[str]:
    return {finding.code for finding in report.at_least(Severity.ERROR)}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_fix_removes_its_finding_and_adds_no_error(path: Path, tmp_path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    copy = tmp_path / path.name
    copy.write_bytes(text.encode("utf-8"))
    before = check(copy)

    for finding in before.findings:
        if finding.fix is None or any(edit.span.file != str(copy) for edit in finding.fix.edits):
            continue
        copy.write_bytes(apply_edits(text, finding.fix.edits).encode("utf-8"))
        after = check(copy)

        assert not after.unreadable, finding.fix.description
        assert count(after, finding) < count(before, finding), finding.message
        assert errors(after) <= errors(before), finding.message


def test_there_are_fixes_to_test() -> None:
    fixable = [finding for path in CASES for finding in check(path).findings if finding.fix is not None]

    assert len(fixable) > 25
