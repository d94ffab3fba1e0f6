"""What is wrong with a declaration file is said at its place, all at once, and agrees with the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from mace_scf.catalog.registry import trainer
from mace_scf.checker.kinds import OF_EXTENSIONS, is_declaration
from mace_scf.extension import check_extension, read_extension
from mace_scf.extension.declaration import SECTIONS
from mace_scf.source import parse_yaml
from tests.extension.mutate import FORKS, ROOT, load, mutated

SCHEMA = Draft7Validator(json.loads((ROOT / "schemas" / "extension.schema.json").read_text(encoding="utf-8")))
HEAD = "extends: upstream\nname: fork\n"


def findings(text: str) -> list[tuple[str, int, int, str]]:
    """Code, line and column as people count, and what stands there."""
    read = read_extension(text, file="fork.yaml")
    found = read.problems or (check_extension(trainer(), read.extension) if read.extension else ())
    lines = text.split("\n")
    spans = [(problem.code, problem.span) for problem in found]
    return [
        (code, span.line + 1, span.column + 1, lines[span.line][span.column : span.end_column])
        for code, span in spans
        if span is not None
    ]


def test_a_file_that_has_forgotten_what_it_extends_is_an_extension() -> None:
    assert {"accepts", "dated", "doc", *(section.name for section in SECTIONS)} == OF_EXTENSIONS
    document = parse_yaml("name: fork\noptions: {}\naccepts: {}\n", file="fork.yaml")

    assert is_declaration(document)
    assert not is_declaration(parse_yaml("name: water\ndoc: x\n", file="run.yaml"))


@pytest.mark.parametrize("path", FORKS, ids=lambda path: path.name)
def test_the_shipped_forks_are_free_of_errors(path: Path) -> None:
    read = read_extension(path.read_text(encoding="utf-8"), file=path.name)

    assert read.problems == ()
    assert read.extension is not None
    assert check_extension(trainer(), read.extension) == ()
    assert SCHEMA.is_valid(load(path))


CASES = [
    (HEAD + "tersm: {}\n", ("E101", 3, 1, "tersm")),
    (HEAD + "terms: {ad: {}}\n", ("E101", 3, 9, "ad")),
    (HEAD + "accepts: {integer_weight: true}\n", ("E101", 3, 11, "integer_weight")),
    (HEAD + "accepts: {integer_weights: 1}\n", ("E102", 3, 28, "1")),
    (HEAD + "accepts: {term_check: later}\n", ("E102", 3, 23, "later")),
    (HEAD + "boundary_methods: {add: {wire: {allowed: [TTX]}}}\n", ("E102", 3, 43, "TTX")),
    (HEAD + "stage_keys: {add: {x: {kind: flag, doc: d}}}\n", ("E102", 3, 30, "flag")),
    (HEAD + "field_blocks: {add: {Mine: {doc: d}}}\n", ("E102", 3, 22, "Mine")),
    (HEAD + "terms: {change: {forcess: {doc: d}}}\n", ("E103", 3, 18, "forcess")),
    (HEAD + "terms: {change: {forces: {references: [dipol]}}}\n", ("E103", 3, 40, "dipol")),
    (HEAD + "terms: {change: {forces: {references: [esps]}}}\n", ("E103", 3, 40, "esps")),
    (HEAD + "field_blocks: {add: {updat.Mine: {doc: d}}}\n", ("E103", 3, 22, "updat.Mine")),
    (HEAD + "accepts: {required: [nam]}\n", ("E103", 3, 22, "nam")),
    (HEAD + "options: {add: {x: {kind: flag, doc: d, default: maybe}}}\n", ("E106", 3, 41, "default")),
    (HEAD + "options: {add: {x: {kind: number, doc: d, default: low}}}\n", ("E106", 3, 43, "default")),
    (HEAD + "options: {add: {x: {kind: integer, doc: d, default: 1.5}}}\n", ("E106", 3, 44, "default")),
    (HEAD + "options: {change: {r_max: {minimum: 0, default: -1.0}}}\n", ("E106", 3, 40, "default")),
    (HEAD + "options: {add: {x: {doc: d}}}\n", ("E104", 3, 17, "x")),
    ("extends: upstream\n", ("E104", 1, 1, "")),
    (HEAD + "options: {add: {r_max: {kind: number, doc: d}}}\n", ("E105", 3, 17, "r_max")),
    (HEAD + "quantities: {remove: [dipole]}\n", ("E106", 3, 23, "dipole")),
    (HEAD + "options: {add: {x: {kind: number, doc: d, minimum: 2, maximum: 1}}}\n", ("E106", 3, 43, "minimum")),
    (HEAD + "models: {change: {FixedPoint: {more: {provides: [{prediction: energy, when: {mode: dirct}}]}}}}\n",
     ("E106", 3, 84, "dirct")),
    (HEAD + "options: {change: {r_max: {only_if: {field_readout_config.tpye: X}}}}\n",
     ("E103", 3, 38, "field_readout_config.tpye")),
    ("", ("E108", 1, 1, "")),
    ("[1]", ("E108", 1, 1, "")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[-40:] for text, _ in CASES])
def test_a_mistake_is_found_at_its_place(text: str, expected: tuple[str, int, int, str]) -> None:
    assert findings(text) == [expected]


def test_mistakes_of_one_file_are_found_together() -> None:
    text = HEAD + "dokk: 1\nterms: {add: {t: {doc: 1}}, remove: 3}\n"

    assert sorted(code for code, *_ in findings(text)) == ["E101", "E102", "E102", "E104"]


def test_broken_yaml_and_doubled_keys_are_findings_too() -> None:
    assert [code for code, *_ in findings("a: [\n")] == ["C001"]
    assert [code for code, *_ in findings(HEAD + "name: other\n")] == ["C003"]


@pytest.mark.parametrize("seed", range(60))
def test_reader_and_schema_agree_on_files_that_are_nearly_right(seed: int) -> None:
    contents = [mutated(load(path), seed) for path in FORKS]

    for content in contents:
        read = read_extension(_written(content), file="fork.yaml")
        assert (read.problems == ()) == (SCHEMA.is_valid(content) and _is_finite(content))


def _written(content: Any) -> str:
    import io

    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.representer.ignore_aliases = lambda _: True
    writer.dump(content, stream)
    return stream.getvalue()


def _is_finite(value: Any) -> bool:
    """JSON has no infinity, and its schemas cannot forbid it."""
    if isinstance(value, dict | list):
        return all(map(_is_finite, value.values() if isinstance(value, dict) else value))
    return bool(value != float("inf"))
