"""What the GitHub action and its problem matcher rely on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from mace_scf.cli.main import main

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "validate"


BROKEN = sorted((ROOT / "examples" / "broken").glob("*.yaml"))


def matched(printed: str) -> list[tuple[str, int, int, str, str, str]]:
    """File, line, column, severity, code and message of every line that GitHub would take for an issue."""
    matchers = json.loads((ACTION / "problem-matcher.json").read_text(encoding="utf-8"))["problemMatcher"]
    assert len({matcher["owner"] for matcher in matchers}) == len(matchers)
    found = []
    for line in printed.splitlines():
        for matcher in matchers:
            (pattern,) = matcher["pattern"]
            groups = re.search(pattern["regexp"], line)
            if groups:
                severity = groups[pattern["severity"]] if "severity" in pattern else matcher["severity"]
                place = (
                    groups[pattern["file"]],
                    int(groups[pattern["line"]]),
                    int(groups[pattern["column"]]),
                )
                found.append((*place, severity, groups[pattern["code"]], groups[pattern["message"]]))
    return found


@pytest.mark.parametrize("config", BROKEN, ids=lambda path: path.stem)
def test_the_problem_matchers_read_what_is_printed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", str(config), "--format", "jsonl"])
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    main(["validate", str(config)])
    printed = capsys.readouterr().out

    # GitHub passes over severities other than these
    words = {"error": "error", "warning": "warning", "info": "notice"}
    assert matched(printed) == [
        (one["file"], one["line"], one["column"], words[one["severity"]], one["code"], one["message"])
        for one in findings
    ]


def test_the_action_runs_the_command_with_annotations() -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))

    commands = [step["run"] for step in action["runs"]["steps"]]

    assert any(command.startswith("mace-scf validate --format github") for command in commands)
    assert all("${{" not in command for command in commands)
