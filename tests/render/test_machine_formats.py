"""Formats that other programs read: SARIF, JUnit, GitLab, JSON lines."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import mace_scf
from mace_scf.diagnostics import Diagnostic, Report, Severity, Span
from mace_scf.render.gitlab import render_gitlab
from mace_scf.render.jsonl import render_jsonl
from mace_scf.render.junit import render_junit
from mace_scf.render.sarif import render_sarif

BROKEN = Path(__file__).parents[2] / "examples" / "broken"


def report() -> mace_scf.Report[Any]:
    return mace_scf.validate(BROKEN / "13-launcher-wins.yaml")


def test_sarif_names_its_rules_places_and_fixes() -> None:
    found = report()

    (run,) = json.loads(render_sarif(found))["runs"]

    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == len(found.findings)
    for result, finding in zip(run["results"], found.findings, strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == finding.code
        assert finding.span is not None
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (
            finding.span.line + 1,
            finding.span.column + 1,
        )
        assert ("fixes" in result) == (finding.fix is not None)


def test_sarif_file_names_are_uris() -> None:
    finding = Diagnostic("C101", "unknown-key", Severity.ERROR, "x", Span("my runs/ä.yaml", 0, 0, 0, 1))

    (result,) = json.loads(render_sarif(Report((finding,))))["runs"][0]["results"]

    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "my%20runs/%C3%A4.yaml"


def test_junit_fails_the_file_that_holds_the_cause() -> None:
    suite = ElementTree.fromstring(render_junit(report()))[0]

    failed = [case.get("name", "") for case in suite if case.find("failure") is not None]

    assert suite.get("tests") == "2"
    assert suite.get("failures") == str(len(failed)) == "1"
    assert failed[0].endswith("13-launcher-wins.yaml")


def test_junit_holds_any_text() -> None:
    finding = Diagnostic("C101", "unknown-key", Severity.ERROR, "<\x00&]]>\x1b", Span('a"b', 0, 0, 0, 1))

    suite = ElementTree.fromstring(render_junit(Report((finding,))))[0]

    assert suite[0].get("name") == 'a"b'


def test_gitlab_fingerprints_differ_and_do_not_depend_on_the_line() -> None:
    def finding(line: int, path: str) -> Diagnostic:
        return Diagnostic(
            "C101", "unknown-key", Severity.ERROR, "x", Span("c.yaml", line, 0, line, 1), path=path
        )

    here = json.loads(render_gitlab(Report((finding(1, "a"), finding(2, "b"), finding(3, "b")))))
    moved = json.loads(render_gitlab(Report((finding(5, "a"), finding(7, "b"), finding(9, "b")))))

    assert len({issue["fingerprint"] for issue in here}) == 3
    assert [issue["fingerprint"] for issue in here] == [issue["fingerprint"] for issue in moved]


def test_json_lines_hold_one_finding_each() -> None:
    found = report()

    lines = render_jsonl(found).splitlines()

    assert [json.loads(line)["code"] for line in lines] == [finding.code for finding in found.findings]


def test_paths_lead_to_the_key_that_is_wrong() -> None:
    found = mace_scf.validate(
        {"train_schedule": {0: {"name": "a", "loss": {"forcess": 1.0}}, 1: {"nam": "b"}}}
    )

    assert {finding.path for finding in found.findings if finding.code in ("L101", "C101")} == {
        "train_schedule.0.loss.forcess",
        "train_schedule.1.nam",
    }
