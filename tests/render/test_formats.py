"""The forms of a report: places, carets, escapes, and the JSON contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import mace_scf
from mace_scf.diagnostics import Diagnostic, Edit, Fix, Label, Report, Severity, Span, merged_report
from mace_scf.render.github import render_github
from mace_scf.render.json_ import render_json
from mace_scf.render.text import render_text

ROOT = Path(__file__).parents[2]
REPORT_SCHEMA = Draft7Validator(
    json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
)


def finding(message: str = "`a` is odd", span: Span | None = None, **fields: object) -> Diagnostic:
    span = span or Span("c.yaml", 1, 2, 1, 5)
    return Diagnostic("C101", "unknown-key", Severity.ERROR, message, span, **fields)  # type: ignore[arg-type]  # by name


def carets(source: str, span: Span) -> tuple[str, str]:
    """The shown line and the line of carets under it, without the margin."""
    lines = render_text(Report((finding(span=span),)), {"c.yaml": source}).split("\n")
    return lines[1].split("| ", 1)[1], lines[2].split("| ", 1)[1]


def test_carets_stand_under_the_place() -> None:
    line, caret = carets("x: 1\n  abc: 2\n", Span("c.yaml", 1, 2, 1, 5))

    assert line == "  abc: 2"
    assert caret == "  ^^^"


def test_carets_count_wide_characters_twice() -> None:
    line, caret = carets("漢字: abc\n", Span("c.yaml", 0, 4, 0, 7))

    assert line == "漢字: abc"
    assert caret == " " * 6 + "^^^"


def test_control_characters_do_not_reach_the_terminal() -> None:
    line, _ = carets("a: \x1b[31m\tx\n", Span("c.yaml", 0, 0, 0, 1))

    assert "\x1b" not in line
    assert "\t" not in line


def test_a_very_long_line_is_cut_around_the_place() -> None:
    source = "x" * 5000 + "HERE" + "y" * 5000

    line, caret = carets(source, Span("c.yaml", 0, 5000, 0, 5004))

    assert len(line) < 200
    assert line[caret.index("^") : caret.rindex("^") + 1] == "HERE"


def test_a_place_at_the_end_of_the_text_is_shown_without_a_snippet() -> None:
    text = render_text(Report((finding(span=Span("c.yaml", 9, 0, 9, 0)),)), {"c.yaml": "a: 1\n"})

    assert text.startswith("c.yaml:10:1: error[C101]")


def test_a_label_in_another_file_names_its_place() -> None:
    label = Label(Span("train.sh", 0, 7, 0, 12), "`model` set here")

    text = render_text(
        Report((finding(labels=(label,)),)), {"c.yaml": "\n  abc\n", "train.sh": "python model\n"}
    )

    assert "--> train.sh:1:8" in text
    assert "^^^^^ `model` set here" in text


def test_json_follows_its_schema_and_counts_from_one() -> None:
    span = Span("c.yaml", 1, 2, 1, 5)
    fix = Fix("delete it", (Edit(span, ""),), safe=False)
    report: Report[object] = Report(
        (finding(labels=(Label(span, "here"),), notes=("n",), fix=fix, suggestions=("b",)),)
    )

    value = json.loads(render_json(report))

    assert list(REPORT_SCHEMA.iter_errors(value)) == []
    (shown,) = value["findings"]
    assert (shown["line"], shown["column"], shown["end_line"], shown["end_column"]) == (2, 3, 2, 6)
    assert shown["fix"]["safe"] is False
    assert value["summary"] == {"error": 1, "warning": 0, "info": 0}


def test_the_report_schema_can_refuse() -> None:
    value = json.loads(render_json(Report((finding(),))))
    value["findings"][0]["line"] = 0

    assert list(REPORT_SCHEMA.iter_errors(value)) != []


@pytest.mark.parametrize("name", ["local_split_charges", "fixed_point", "bulk_stress", "implicit_scf"])
def test_reports_of_real_runs_follow_the_schema(name: str) -> None:
    report = mace_scf.validate(ROOT / "examples" / name / "config.yaml")

    assert list(REPORT_SCHEMA.iter_errors(json.loads(render_json(report)))) == []


def test_github_commands_are_escaped_and_ordered_by_severity() -> None:
    info = Diagnostic("L207", "x", Severity.INFO, "first in the file", Span("a,b:c.yaml", 0, 0, 0, 1))
    error = finding("100 % wrong\nreally")

    text = render_github(Report((info, error)))

    first, second = text.rstrip("\n").split("\n")
    assert first.startswith(
        "::error file=c.yaml,line=2,endLine=2,col=3,endColumn=5,title=C101 unknown-key::100 %25 wrong%0A"
    )
    assert second.startswith("::notice file=a%2Cb%3Ac.yaml,")


def test_merged_reports_keep_what_each_said_of_itself() -> None:
    one: Report[object] = Report((finding(),), ("command line",), files=("a.yaml", "t.sh"))
    two: Report[object] = Report(files=("b.yaml", "t.sh"), unreadable=True)

    both = merged_report([one, two])

    assert both.files == ("a.yaml", "t.sh", "b.yaml")
    assert both.not_seen == ("a.yaml: command line",)
    assert both.unreadable


def test_json_in_pieces_is_the_json_of_the_whole() -> None:
    several: Report[object] = Report(
        (finding("a\nb"), finding("`c`")), ("not seen",), files=("c.yaml",), confirmed=("x",)
    )
    none: Report[object] = Report(files=("c.yaml",))

    assert render_json(several) == json.dumps(several.to_dict(), ensure_ascii=False, indent=2) + "\n"
    assert render_json(none) == json.dumps(none.to_dict(), ensure_ascii=False, indent=2) + "\n"
