"""Fixes of the schedule, fixed-point and model rules: each mends the finding that offers it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mace_scf.checker import Request, check_text
from mace_scf.diagnostics import Diagnostic, Edit
from mace_scf.inputs import Text

RULES = Path(__file__).parent.parent
CASES = sorted(
    path
    for family in ("schedule", "scf", "model")
    for pattern in ("example.yaml", "case-*.yaml")
    for path in (RULES / family).glob(f"*/{pattern}")
)


def findings(text: str, *, complete: bool) -> tuple[Diagnostic, ...]:
    request = Request(complete=complete, data=False, launcher=False)
    return check_text(Text("case.yaml", text), request).findings


def with_fixes() -> Iterator[tuple[str, str, bool, int]]:
    """Every finding of every case that has a fix: name, text, completeness, position among the findings."""
    for path in CASES:
        text = path.read_text(encoding="utf-8")
        complete = "--complete" in text.split("\n")[0]
        for position, finding in enumerate(findings(text, complete=complete)):
            if finding.fix is not None:
                name = f"{path.parent.name}-{path.stem}-{finding.code}-{position}"
                yield name, text, complete, position


FIXES = list(with_fixes())


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        first = starts[edit.span.line] + edit.span.column
        last = starts[edit.span.end_line] + edit.span.end_column
        text = text[:first] + edit.replacement + text[last:]
    return text


@pytest.mark.parametrize(
    ("text", "complete", "position"), [fix[1:] for fix in FIXES], ids=[fix[0] for fix in FIXES]
)
def test_a_fix_removes_its_finding_and_breaks_nothing(text: str, complete: bool, position: int) -> None:
    before = findings(text, complete=complete)
    mended = before[position]
    assert mended.fix is not None

    after = findings(applied(text, mended.fix.edits), complete=complete)

    same = [finding for finding in before if finding.code == mended.code]
    left = [finding for finding in after if finding.code == mended.code]
    assert len(left) < len(same)
    assert {finding.code for finding in after} & {"C001", "C101", "C110"} <= {
        finding.code for finding in before
    }


def test_many_cases_offer_a_fix() -> None:
    rules = {name.rsplit("-", 2)[1] for name, *_ in FIXES}

    assert len(FIXES) > 30
    assert len(rules) > 15
