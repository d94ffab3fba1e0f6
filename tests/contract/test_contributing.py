"""The guide names files that exist, and names the same ones in its steps and in its table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:mace_scf|tests|docs|schemas|scripts)/[\w./-]*)`", GUIDE)))
CHAPTERS = {"rule": "a rule", "term": "a loss term", "model": "a model", "option": "an option"}


@pytest.mark.parametrize("name", NAMED)
def test_a_named_place_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("new", CHAPTERS)
def test_the_steps_name_what_the_table_says_is_written_by_hand(new: str) -> None:
    steps = GUIDE.partition(f"## Adding {CHAPTERS[new]}\n")[2].partition("\n## ")[0]
    row = re.search(rf"^\| {new} \| ([^|]*) \|", GUIDE, re.MULTILINE)

    assert row is not None
    by_hand = re.findall(r"`([^`]+)`", row[1])
    assert len(by_hand) >= 3
    assert [name for name in by_hand if f"`{name}" not in steps and f"{name}<" not in steps] == []
