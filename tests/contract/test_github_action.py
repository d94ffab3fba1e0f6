"""What the GitHub action and its problem matcher rely on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "validate"


def test_the_problem_matcher_reads_what_is_printed() -> None:
    (matcher,) = json.loads((ACTION / "problem-matcher.json").read_text(encoding="utf-8"))["problemMatcher"]
    pattern = matcher["pattern"][0]
    printed = (ROOT / "examples" / "broken" / "13-launcher-wins.out").read_text(encoding="utf-8")

    matches = re.findall(pattern["regexp"], printed, flags=re.MULTILINE)

    assert len(matches) == len(re.findall(r"^\S.*\[[A-Z]\d{3}\]", printed, flags=re.MULTILINE))
    severities = {match[pattern["severity"] - 1] for match in matches}
    assert severities == {"error", "warning", "info"}


def test_the_action_runs_the_command_with_annotations() -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))

    commands = [step["run"] for step in action["runs"]["steps"]]

    assert any(command.startswith("mace-scf validate --format github") for command in commands)
    assert all("${{" not in command for command in commands)
