"""A golden case mended in a copy of its folder: what the fixes made of it, and the reports before and after."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Collection
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from mace_scf.cli.main import main
from mace_scf.rules import rule_by_code

from .test_golden import arguments, slug_of

Finding = dict[str, Any]


@attrs.frozen
class Mended:
    """One case before and after.

    Attributes:
        before, after: findings in their JSON form.
        changed: texts of the files that were changed, by name.
        status: of the last check.
        kept: texts of all files at the end, by name.
        files: texts of all files at the beginning, by name.
    """

    before: list[Finding]
    after: list[Finding]
    changed: dict[str, str]
    status: int
    kept: dict[str, bytes] = attrs.field(repr=False)
    files: dict[str, bytes] = attrs.field(repr=False)

    def offers(self, code: str) -> str:
        """``safe``, ``unsafe`` or "": the best fix that a rule offers in the case."""
        kinds = {
            finding["fix"]["safe"] for finding in self.before if finding["code"] == code and finding["fix"]
        }
        return "safe" if True in kinds else "unsafe" if kinds else ""


@cache
def mended(path: Path, *, unsafe: bool = True) -> Mended:
    """Check a case, mend it, check again; all in a copy of its folder.

    Args:
        path: the case.
        unsafe: with fixes that may not be meant.
    """
    with TemporaryDirectory() as folder:
        return _mended(path, Path(folder) / path.parent.name, unsafe=unsafe)


def _mended(path: Path, place: Path, *, unsafe: bool) -> Mended:
    shutil.copytree(path.parent, place)
    files = _contents(place)
    status, before = report(place / path.name)
    if not fixable(before, files, unsafe=unsafe):
        return Mended(before, before, {}, status, files, files)
    report(place / path.name, "--fix", *(["--unsafe-fixes"] if unsafe else []))
    status, after = report(place / path.name)
    kept = _contents(place)
    changed = {name: kept[name].decode() for name in files if kept[name] != files[name]}
    return Mended(before, after, changed, status, kept, files)


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}


def fixable(findings: list[Finding], files: Collection[str], *, unsafe: bool) -> list[Finding]:
    """Findings with a fix in a file; the words behind `--` are in none."""
    return [
        finding
        for finding in findings
        if finding["fix"]
        and (unsafe or finding["fix"]["safe"])
        and all(edit["file"] in files for edit in finding["fix"]["edits"])
    ]


def report(path: Path, *options: str) -> tuple[int, list[Finding]]:
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
