"""Output for services, held against what they publish: SARIF 2.1.0, JUnit as Jenkins takes it, GitLab, GitHub."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
import xmlschema

import mace_scf
from mace_scf.baseline import compare
from mace_scf.diagnostics import Diagnostic, Edit, Fix, Label, Report, Severity, Span
from mace_scf.render.github import LIMIT, render_github, step_summary
from mace_scf.render.gitlab import render_gitlab
from mace_scf.render.junit import render_junit
from mace_scf.render.sarif import render_sarif

ROOT = Path(__file__).parents[2]
STANDARDS = Path(__file__).parent / "standards"
EXAMPLES = sorted(
    path
    for path in [*ROOT.glob("tests/rules/*/*/*.yaml"), *ROOT.glob("examples/broken/*.yaml")]
    if ".fixed." not in path.name
)[::3]
ODD = Report[Any](
    tuple(
        Diagnostic(
            code,
            slug,
            severity,
            message,
            span,
            labels=(Label(span or Span("<options>"), "see\n`here`"),),
            notes=("ein Ångström",),
            when="bald",
            help="hilf dir",
            path=path,
            fix=Fix("write it", (Edit(span, "neu\n"), Edit(Span("b.sh", 0, 1, 0, 1), "ü"))) if span else None,
        )
        for code, slug, severity, message, span, path in [
            (
                "C101",
                "unknown-key",
                Severity.ERROR,
                "a < b & c \x1b[0m \x00",
                Span("my runs/Größe 1.yaml", 0, 2, 0, 5),
                "a.b",
            ),
            (
                "C101",
                "unknown-key",
                Severity.ERROR,
                "a < b & c \x1b[0m \x00",
                Span("my runs/Größe 1.yaml", 7, 2, 7, 5),
                "a.b",
            ),
            (
                "L201",
                "term-without-prediction",
                Severity.WARNING,
                "::error::x,y:z\n%0A",
                Span("/tmp/abs.yaml", 3, 0, 9, 0),
                "",
            ),
            ("C101", "unknown-key", Severity.INFO, "x", Span("<options>", 0, 0, 0, 4), ""),
            ("C101", "unknown-key", Severity.INFO, "x", Span("-", 0, 0, 0, 0), ""),
            ("C002", "not-a-training-config", Severity.ERROR, "leer", None, ""),
            ("Z999", "no-such-rule", Severity.ERROR, "x", Span("\udcff.yaml", 0, 0, 0, 0), ""),
        ]
    ),
    files=("my runs/Größe 1.yaml",),
)


@cache
def sarif_schema() -> jsonschema.Draft4Validator:
    schema = json.loads((STANDARDS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


@cache
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(STANDARDS / "junit-10.xsd"))


@cache
def report_of(path: Path) -> Report[Any]:
    return mace_scf.validate(path, data=False)


def reports() -> Iterator[Report[Any]]:
    yield from (Report(), ODD, mace_scf.validate({"lr": "x"}), mace_scf.validate({}, options=["--lrr", "3"]))
    yield from map(report_of, EXAMPLES)


def test_there_is_enough_to_look_at() -> None:
    found = [finding for path in EXAMPLES for finding in report_of(path).findings]

    assert len({finding.code for finding in found}) > 60
    assert sum(finding.fix is not None for finding in found) > 40


# --- SARIF ----------------------------------------------------------------------------------------


def sarif_run(report: Report[Any]) -> dict[str, Any]:
    (run,) = json.loads(render_sarif(report))["runs"]
    return dict(run)


def test_sarif_keeps_to_the_published_schema() -> None:
    for report in reports():
        sarif_schema().validate(json.loads(render_sarif(report)))


def test_the_published_schema_would_find_a_mistake() -> None:
    log = json.loads(render_sarif(ODD))
    log["runs"][0]["results"][0]["levle"] = "error"

    assert not sarif_schema().is_valid(log)


def test_sarif_results_have_what_code_scanning_needs() -> None:
    for report in reports():
        run = sarif_run(report)
        for result in run["results"]:
            (location,) = result["locations"]
            place = location["physicalLocation"]
            assert place["artifactLocation"]["uri"]
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            region = place["region"]
            assert 1 <= region["startLine"] <= region["endLine"]
            assert min(region["startColumn"], region["endColumn"]) >= 1
        prints = [result["partialFingerprints"]["maceScfFinding/v1"] for result in run["results"]]
        assert len(set(prints)) == len(prints)


def test_sarif_rules_bring_their_page() -> None:
    run = sarif_run(report_of(ROOT / "examples" / "broken" / "05-stress-with-fixed-point.yaml"))

    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']} {rule['name']}")
        why = rule["fullDescription"]["text"]
        assert why.endswith(".")
        assert why[0] == why[0].upper()
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


def test_sarif_places_are_files_of_this_folder_or_uris_of_files() -> None:
    artifacts = [
        result["locations"][0]["physicalLocation"]["artifactLocation"] for result in sarif_run(ODD)["results"]
    ]

    assert artifacts[0] == {"uri": "my%20runs/Gr%C3%B6%C3%9Fe%201.yaml", "uriBaseId": "%SRCROOT%"}
    assert artifacts[2] == {"uri": "file:///tmp/abs.yaml"}
    assert artifacts[3] == artifacts[4] == artifacts[5] == artifacts[0]
    assert artifacts[6]["uri"] == "%FF.yaml"
    assert "%SRCROOT%" in sarif_run(ODD)["originalUriBaseIds"]


def test_sarif_columns_are_those_of_code_points(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text('{"𝒳": 1, modle: MACE}\n', encoding="utf-8")

    run = sarif_run(mace_scf.validate(config))

    columns = {
        result["locations"][0]["physicalLocation"]["region"]["startColumn"] for result in run["results"]
    }
    assert run["columnKind"] == "unicodeCodePoints"
    assert 10 in columns


def test_sarif_fixes_give_the_mended_text() -> None:
    for path in EXAMPLES:
        report = report_of(path)
        for finding, result in zip(report.findings, sarif_run(report)["results"], strict=True):
            if finding.fix is None:
                continue
            for change in result["fixes"][0]["artifactChanges"]:
                name = unquote(urlsplit(change["artifactLocation"]["uri"]).path)
                text = (Path(name) if name.startswith("/") else ROOT / name).read_text(encoding="utf-8")
                lines = text.split("\n")
                for replacement in change["replacements"]:
                    region = replacement["deletedRegion"]
                    assert region["endLine"] <= len(lines)
                    assert region["startColumn"] <= len(lines[region["startLine"] - 1]) + 1


def test_sarif_after_a_baseline_holds_what_is_new(tmp_path: Path) -> None:
    report = report_of(ROOT / "examples" / "broken" / "13-launcher-wins.yaml")
    first = report.findings[0]
    known = {
        (os.path.relpath(first.span.file) if first.span else "", first.path or first.message, first.code): 1
    }

    left = compare(report, known).report
    run = sarif_run(left)

    sarif_schema().validate(json.loads(render_sarif(left)))
    assert [result["baselineState"] for result in run["results"]] == ["new"] * (len(report.findings) - 1)
    assert all("baselineState" not in result for result in sarif_run(report)["results"])


def test_sarif_holds_nothing_that_a_comment_silences(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("modle: MACE  # mace-scf: ignore[C101] as it was\nlr: x\n", encoding="utf-8")

    rules = [result["ruleId"] for result in sarif_run(mace_scf.validate(config))["results"]]

    assert rules
    assert "C101" not in rules


# --- JUnit ----------------------------------------------------------------------------------------


def test_junit_keeps_to_the_published_schema() -> None:
    for report in reports():
        junit_schema().validate(render_junit(report))


def test_the_schema_of_junit_would_find_a_mistake() -> None:
    assert not junit_schema().is_valid(render_junit(ODD).replace("<testcase", '<testcase tset="1"'))


# --- GitLab ---------------------------------------------------------------------------------------


def test_gitlab_issues_have_the_fields_that_it_asks_for() -> None:
    for report in reports():
        issues = json.loads(render_gitlab(report))
        for issue in issues:
            assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
            assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
            assert issue["description"]
            assert re.fullmatch("[0-9a-f]{64}", issue["fingerprint"])
            assert issue["location"]["lines"]["begin"] >= 1
            assert issue["location"]["path"]
            assert not issue["location"]["path"].startswith(("./", "<"))
        assert len({issue["fingerprint"] for issue in issues}) == len(issues)


# --- GitHub ---------------------------------------------------------------------------------------


def many(**counts: int) -> Report[Any]:
    """So many findings of each severity, the mild ones first."""
    return Report(
        tuple(
            Diagnostic("C101", "unknown-key", severity, f"::error::{severity.word} {number}", Span("c.yaml", number, 0, number, 1))
            for severity in Severity
            for number in range(counts.get(severity.word, 0))
        ),
        files=("c.yaml",),
    )  # fmt: skip


def test_github_shows_the_gravest_first_and_no_more_than_it_annotates() -> None:
    lines = render_github(many(error=13, warning=10, info=11)).splitlines()

    commands = [line.split(" ")[0].strip(":") for line in lines if line.startswith("::")]
    assert commands == ["error"] * LIMIT + ["warning"] * LIMIT + ["notice"] * LIMIT
    assert lines[3 * LIMIT] == "not annotated, since GitHub shows 10 of a kind for a step: 3 errors, 1 info"
    assert len(lines) == 3 * LIMIT + 1 + 4
    assert lines[3 * LIMIT + 1] == "c.yaml:11:1: error[C101] ::error::error 10"


def test_github_tells_nothing_of_limits_within_them() -> None:
    assert "not annotated" not in render_github(many(error=10, warning=10, info=10))


def test_github_commands_are_one_line_each_whatever_is_in_them() -> None:
    pattern = re.compile(r"::(error|warning|notice) (\w+=[^,:\n]*)(,\w+=[^,:\n]*)*::[^\n]*")

    for report in reports():
        lines = render_github(report).splitlines()
        assert all(pattern.fullmatch(line) for line in lines if line.startswith("::"))


def test_the_summary_of_a_step_holds_every_finding() -> None:
    rows = [line for line in step_summary(many(error=13, info=11)).splitlines() if line.startswith("|")]

    assert len(rows) == 2 + 24
    assert rows[2] == "| error | C101 | c.yaml:1:1 | ::error::error 0 |"
    assert step_summary(Report()) == "### mace-scf: nothing to say\n"


def test_the_summary_is_written_where_github_offers_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mace_scf.cli.main import main

    page = tmp_path / "page.md"
    page.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    broken = str(ROOT / "examples" / "broken" / "01-misspelt-term.yaml")

    main(["validate", broken, "--format", "github"])
    shown = page.read_text(encoding="utf-8")
    main(["validate", broken, "--format", "text"])

    assert shown.startswith("before\n### mace-scf: ")
    assert page.read_text(encoding="utf-8") == shown
