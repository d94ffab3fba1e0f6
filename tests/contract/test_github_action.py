"""What the GitHub action and its problem matcher rely on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def carried_out(
    step: dict[str, Any], folder: Path, inputs: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """One step of the action in a shell, with its inputs put in and our programs first on the path."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    bare_venv = """mkdir -p "$3/bin" && printf '#!/bin/bash\\necho "$@"\\n' > "$3/bin/python" && chmod +x "$3/bin/python" #"""
    for name, command in {"mace-scf": f"exec {sys.executable} -m mace_scf", "python3": bare_venv}.items():
        (programs / name).write_text(f'#!/bin/bash\n{command} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    given = {name: _filled(value, inputs) for name, value in step["env"].items()}
    runner = {"RUNNER_TEMP": str(folder), "GITHUB_PATH": str(folder / "path"), "PYTHONPATH": str(ROOT)}
    environment = {**os.environ, **given, **runner, "PATH": f"{programs}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        capture_output=True, text=True, check=False, cwd=folder, env=environment,
    )  # fmt: skip


def _filled(value: str, inputs: dict[str, str]) -> str:
    values = {f"inputs.{name}": text for name, text in inputs.items()} | {"github.action_path": str(ACTION)}
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: values[match[1]], value)


def test_the_action_installs_its_own_revision_and_annotates(tmp_path: Path) -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))
    inputs = {name: given["default"] for name, given in action["inputs"].items()}
    install, check = action["runs"]["steps"]
    (tmp_path / "run.yaml").write_text("modle: MACE\nlr: 0.1\n", encoding="utf-8")
    (tmp_path / "compose.yaml").write_text("services: {}\n", encoding="utf-8")

    installed = carried_out(install, tmp_path, inputs).stdout.split()[-1]
    checked = carried_out(check, tmp_path, inputs)

    assert (Path(installed) / "pyproject.toml").samefile(ROOT / "pyproject.toml")
    assert (
        carried_out(install, tmp_path, {**inputs, "version": "mace-scf==1"}).stdout.split()[-1]
        == "mace-scf==1"
    )
    assert (tmp_path / "path").read_text(encoding="utf-8").splitlines()[0] == f"{tmp_path}/mace-scf/bin"
    assert checked.returncode == 1
    assert "::error file=run.yaml,line=1," in checked.stdout
    assert "compose" not in checked.stdout


@pytest.mark.parametrize(
    ("name", "checked"),
    [
        ("run.mace-scf.yaml", True), ("mace-scf/run.yml", True), ("a/mace-scf/b.yaml", True),
        ("mace-scf.yaml", True), ("runs/mace-scf.yaml", True), ("water.dataset.yaml", True),
        ("ours.extension.yml", True), ("config.yaml", False), ("docker-compose.yaml", False),
        ("notmace-scf.yaml", False), ("mace-scf.json", False),
    ],
)  # fmt: skip
def test_the_hook_looks_at_files_of_ours(name: str, checked: bool) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    assert (re.search(hook["files"], name) is not None) is checked
