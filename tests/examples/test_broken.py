"""The mistakes in examples/broken: what the tool says of each is what stands beside it."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from mace_scf.cli.main import main

FOLDER = Path(__file__).parents[2] / "examples" / "broken"
CONFIGS = sorted(FOLDER.glob("*.yaml"))
ROW = re.compile(r"^\| `(?P<file>[^`]+\.yaml)`.*\| (?P<code>[A-Z]\d{3}) \|$", re.MULTILINE)


def table() -> dict[str, str]:
    """The finding that the README promises for each file."""
    return dict(ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8")))


def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Without data, which are those of other examples, unless the mistake is in data of its own."""
    monkeypatch.chdir(path.parent)
    words = [] if path.with_suffix(".xyz").exists() else ["--no-data"]
    stream = io.StringIO()
    with redirect_stdout(stream):
        status = main(["validate", *words, path.name])
    return status, stream.getvalue()


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_broken_example_prints_what_stands_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    before = path.read_bytes()

    _, printed = run(path, monkeypatch)

    expected = path.with_suffix(".out")
    if update_golden:
        expected.write_text(printed, encoding="utf-8")
    assert printed == expected.read_text(encoding="utf-8")
    assert path.read_bytes() == before


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_broken_example_has_the_finding_of_the_table(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = table()[path.name]

    status, printed = run(path, monkeypatch)

    assert f"[{code}]" in printed
    assert status == (1 if f"error[{code}]" in printed else 0)


def test_table_lists_every_example_and_no_other() -> None:
    assert sorted(table()) == [path.name for path in CONFIGS]


def test_there_are_a_dozen_at_least() -> None:
    assert len(CONFIGS) >= 12
