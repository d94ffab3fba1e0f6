"""Whole numbers beyond the floats are numbers like any other."""

from __future__ import annotations

import mace_scf


def test_option_beyond_the_floats_is_checked_against_its_limits() -> None:
    report = mace_scf.validate({"correlation": 10**400, "batch_size": -(10**400)}, data=False)

    assert [finding.code for finding in report.findings if "batch_size" in finding.message] == ["C112"]
    assert not [finding for finding in report.findings if "correlation" in finding.message]
