"""Fixes carried out pass after pass: whole or not at all, and none that leaves a text nobody can read."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from mace_scf.diagnostics import Diagnostic, Edit, Fix, Report, Severity, Span
from mace_scf.fixing import diff, fix_all


def finding(line: int, column: int, new: str, *, length: int = 1, safe: bool = True) -> Diagnostic:
    span = Span("f", line, column, line, column + length)
    return Diagnostic(
        "X001", "x", Severity.ERROR, "x", span, fix=Fix(f"write {new}", (Edit(span, new),), safe)
    )


def test_a_fix_that_makes_the_text_unreadable_is_left_out() -> None:
    def check(texts: Mapping[str, str]) -> Report[Any]:
        text = texts["f"]
        found = [finding(0, at, "!" if at == 3 else "b") for at, letter in enumerate(text) if letter == "a"]
        return Report(tuple(found), unreadable="!" in text)

    fixed = fix_all({"f": "a-aa-a-a"}, check)

    assert fixed.texts["f"] == "b-ba-b-b"
    assert len(fixed.done) == 4


def test_a_fix_is_carried_out_whole_or_not_at_all() -> None:
    both = Fix("both", (Edit(Span("f", 0, 0, 0, 1), "x"), Edit(Span("f", 0, 4, 0, 5), "y")))

    def check(texts: Mapping[str, str]) -> Report[Any]:
        if texts["f"] != "a b a":
            return Report()
        return Report((finding(0, 0, "c"), attrs.evolve(finding(0, 4, "z"), fix=both)))

    assert fix_all({"f": "a b a"}, check).texts["f"] == "c b a"


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs the program patch")
@pytest.mark.parametrize("name", ["c.yaml", "runs/c.yaml", "my runs/c.yaml"])
@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
def test_patch_applies_the_difference(name: str, end: str, tmp_path: Path) -> None:
    before = f"é: 1{end or chr(10)}b: 2\x0bc{end}"
    after = before.replace("2", "3")
    target = tmp_path / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(before.encode())

    text = diff({name: before}, {name: after})
    subprocess.run(["patch", "-p0", "--binary"], input=text.encode(), cwd=tmp_path, check=True)

    assert target.read_bytes().decode() == after
