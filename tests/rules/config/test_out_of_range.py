"""C112 among many findings: the values of a run are looked through once, not once for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import mace_scf
from mace_scf.rules.config import _nested, out_of_range
from mace_scf.rules.rule import Context


def test_values_are_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def counted(context: Context) -> Iterator[_nested.Nested]:
        looks.append(context)
        return _nested.nested_values(context)

    monkeypatch.setattr(out_of_range, "nested_values", counted)
    stages = {
        number: {"name": f"s{number}", "start": number, "end": number, "lr": -1.0, "loss": {"forces": 1.0}}
        for number in range(20)
    }

    report = mace_scf.validate({"train_schedule": stages}, launcher=False, data=False)

    assert sum(finding.code == "C112" for finding in report.findings) == 20
    assert len(looks) == 1
