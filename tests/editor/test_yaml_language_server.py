"""The shipped schema, seen through the language server that editors use for YAML."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor.client import LanguageServer

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
SCHEMA = REPOSITORY / "schemas" / "mace-scf.schema.json"
INSTALLED = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
EXAMPLES = sorted((REPOSITORY / "examples").glob("*/config.yaml"))
CURSOR = "|"
NUMBERS = itertools.count()

pytestmark = pytest.mark.node

STAGE = """\
model: {model}
train_schedule:
  0:
    name: first
    start: 0
    end: 10
    loss:
      energy_per_atom: 1.0
      {term}
"""
SMALL_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "additionalProperties": False,
    "properties": {"r_max": {"type": "number", "markdownDescription": "Cutoff in Å."}},
}


@pytest.fixture(scope="module")
def command() -> list[str]:
    """How to start the server; skips where it or node is missing."""
    node = shutil.which("node")
    script = Path(os.environ.get("MACE_SCF_YLS", INSTALLED))
    if node is None:
        pytest.skip("node is not installed")
    if not script.exists():
        pytest.skip(f"no yaml-language-server at {script}; run `npm ci` in tests/editor or set MACE_SCF_YLS")
    return [node, str(script), "--stdio"]


@pytest.fixture(scope="module")
def server(command: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    with LanguageServer(command, SCHEMA, tmp_path_factory.mktemp("workspace")) as running:
        yield running


def at_cursor(marked: str) -> tuple[str, int, int]:
    """The text without its cursor mark, and the mark's line and column."""
    before, _, after = marked.partition(CURSOR)
    return before + after, before.count("\n"), len(before.rpartition("\n")[2])


def labels(server: LanguageServer, marked: str, path: Path) -> list[str]:
    """What is offered where the cursor stands."""
    text, line, column = at_cursor(marked)
    uri = server.open(fresh(path), text)
    items = server.complete(uri, line, column)
    server.close(uri)
    return [item["label"] for item in items]


def hover(server: LanguageServer, marked: str, path: Path) -> str:
    """What is shown over the place of the cursor."""
    text, line, column = at_cursor(marked)
    uri = server.open(fresh(path), text)
    shown = server.hover(uri, line, column)
    server.close(uri)
    return shown


def marks(server: LanguageServer, text: str, path: Path) -> list[tuple[str, str]]:
    """Marked stretches of the text with the messages."""
    uri = server.open(fresh(path), text)
    found = server.diagnostics(uri)
    server.close(uri)
    return [(stretch(text, finding["range"]), finding["message"]) for finding in found]


def fresh(folder: Path) -> Path:
    """A document name not used before: news about a closed document may still be under way."""
    return folder / f"config-{next(NUMBERS)}.yaml"


def stretch(text: str, place: dict[str, Any]) -> str:
    """The marked part of one line."""
    line: str = text.splitlines()[place["start"]["line"]]
    return line[place["start"]["character"] : place["end"]["character"]]


def test_the_client_sees_what_a_schema_forbids(command: list[str], tmp_path: Path) -> None:
    schema = tmp_path / "small.json"
    schema.write_text(json.dumps(SMALL_SCHEMA))

    with LanguageServer(command, schema, tmp_path) as small:
        wrong = marks(small, "r_max: five\nr_mx: 5\n", tmp_path)
        right = marks(small, "r_max: 5.0\n", tmp_path)
        shown = hover(small, "r_|max: 5.0\n", tmp_path)

    assert [place for place, _ in wrong] == ["five", "r_mx"]
    assert right == []
    assert "Cutoff in Å." in shown


def test_options_are_offered_at_the_top(server: LanguageServer, tmp_path: Path) -> None:
    offered = labels(server, "name: water\n|\n", tmp_path)

    assert {"model", "heads", "train_schedule", "error_table", "r_max", "wandb-watch"} <= set(offered)


def test_loss_terms_are_offered_inside_a_stage(server: LanguageServer, tmp_path: Path) -> None:
    offered = labels(server, STAGE.format(model="LocalSplitCharges", term="|"), tmp_path)

    assert {"forces", "dipole_per_atom", "atomic_multipoles", "total_charge"} <= set(offered)


def test_keys_of_a_stage_are_offered(server: LanguageServer, tmp_path: Path) -> None:
    offered = labels(server, "train_schedule:\n  0:\n    name: first\n    |\n", tmp_path)

    assert {"start", "end", "loss", "lr"} <= set(offered)


def test_models_are_offered(server: LanguageServer, tmp_path: Path) -> None:
    offered = labels(server, "model: |\n", tmp_path)

    assert {"MACE", "LocalSplitCharges", "FixedPoint"} <= set(offered)


def test_hover_over_an_option_says_unit_and_default(server: LanguageServer, tmp_path: Path) -> None:
    shown = hover(server, "r_m|ax: 6.0\n", tmp_path)

    assert "Å" in shown
    assert "5.0" in shown


def test_hover_over_a_term_says_its_unit(server: LanguageServer, tmp_path: Path) -> None:
    shown = hover(server, STAGE.format(model="MACE", term="for|ces: 100.0"), tmp_path)

    assert "eV/Å" in shown


def test_stress_is_marked_under_a_fixed_point_model(server: LanguageServer, tmp_path: Path) -> None:
    found = marks(server, STAGE.format(model="FixedPoint", term="stress: 1.0"), tmp_path)

    assert [place for place, _ in found] == ["stress"]


def test_stress_is_not_marked_under_a_local_source_model(server: LanguageServer, tmp_path: Path) -> None:
    text = "compute_stress: true\n" + STAGE.format(model="LocalCharges", term="stress: 1.0")

    found = marks(server, text, tmp_path)

    assert [mark for mark in found if "stress" in mark[0]] == []


def test_a_misspelt_term_is_marked(server: LanguageServer, tmp_path: Path) -> None:
    found = marks(server, STAGE.format(model="MACE", term="dipole_per_atm: 1.0"), tmp_path)

    assert found == [("dipole_per_atm", "Property dipole_per_atm is not allowed.")]


def test_there_are_examples_to_look_at() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_a_shipped_example_has_no_mark(server: LanguageServer, example: Path) -> None:
    found = marks(server, example.read_text(encoding="utf-8"), example.parent)

    assert found == []
