"""What the documents say of extras and of hooks is what the package has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from mace_scf.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "daily-use.md").read_text(encoding="utf-8")


def test_the_table_of_extras_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    brought = {extra: set(names.casefold().strip().split(", ")) for extra, names in rows}

    declared = {
        extra: {re.split(r"[>=]", requirement)[0] for requirement in requirements}
        for extra, requirements in project["optional-dependencies"].items()
        if extra != "test"
    }

    assert brought.keys() == declared.keys()
    assert all(brought[extra] <= declared[extra] for extra in declared)


def test_the_pre_commit_snippet_names_our_hook_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snippet = next(block for block in re.findall(r"```yaml\n(repos:.*?)```", PAGE, re.DOTALL))
    (hook,) = yaml.safe_load(snippet)["repos"][0]["hooks"]
    (ours,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "a.yaml").write_text(
        "train_schedule: {0: {name: a, loss: {forcess: 1.0}}}\n", encoding="utf-8"
    )
    (tmp_path / "known.json").write_text('{"version": 1, "findings": []}', encoding="utf-8")

    status = main([*ours["entry"].split()[1:], *hook["args"], "runs/a.yaml"])

    assert hook["id"] == ours["id"]
    assert re.search(hook["files"], "runs/a.yaml")
    assert not re.search(hook["files"], "other/a.yaml")
    assert status == 1
