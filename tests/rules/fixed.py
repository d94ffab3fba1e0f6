"""A golden case mended in a copy of its folder: what the fixes made of it, and the reports before and after."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import attrs

from mace_scf.cli.main import main
from mace_scf.rules import rule_by_code

from .test_golden import arguments, slug_of


@attrs.frozen
class Mended:
    """One case before and after.

    Attributes:
        before, after: findings in their JSON form.
        changed: texts of the files that were changed, by name.
        status: of the last check.
    """

    before: list[dict[str, Any]]
    after: list[dict[str, Any]]
    changed: dict[str, str]
    status: int

    def offers(self, code: str) -> str:
        """``safe``, ``unsafe`` or "": the best fix that a rule offers in the case."""
        kinds = {
            finding["fix"]["safe"] for finding in self.before if finding["code"] == code and finding["fix"]
        }
        return "safe" if True in kinds else "unsafe" if kinds else ""


def mended(path: Path, folder: Path) -> Mended:
    """Check a case, mend it with every fix, check again; all in a copy."""
    place = folder / path.parent.name
    shutil.copytree(path.parent, place)
    files = [file for file in sorted(place.iterdir()) if file.is_file()]
    texts = {file: file.read_bytes() for file in files}
    _, before = report(place / path.name)
    report(place / path.name, "--fix", "--unsafe-fixes")
    status, after = report(place / path.name)
    changed = {file.name: file.read_bytes().decode() for file in files if file.read_bytes() != texts[file]}
    return Mended(before, after, changed, status)


def report(path: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and findings of a check from the folder of the file."""
    import os

    given = [word for word in arguments(path) if word != "--diff"]
    at = given.index("--") if "--" in given else len(given)
    words = ["validate", path.name, *given[:at], *options, "--format", "json", *given[at:]]
    stream, here = io.StringIO(), Path.cwd()
    os.chdir(path.parent)
    try:
        with redirect_stdout(stream), redirect_stderr(io.StringIO()):
            status = main(words)
    finally:
        os.chdir(here)
    return status, json.loads(stream.getvalue())["findings"] if stream.getvalue() else []


def is_clean(result: Mended, path: Path) -> bool:
    """The rule of the case is content, and nothing else is an error."""
    rule = rule_by_code(slug_of(path))
    assert rule is not None
    told = any(finding["code"] == rule.code for finding in result.after)
    return result.status == 0 and not told
