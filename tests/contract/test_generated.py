"""Generated files are what the declarations say, and schemas are schemas."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import mace_scf
from mace_scf.catalog.registry import trainers
from mace_scf.schema.emit import emit_schema

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((ROOT / "schemas").glob("*.json"))


def test_generated_files_have_not_drifted() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "generate.py"), "--check"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[:4000]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_schema_is_draft_07_and_says_so(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))

    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


def test_a_schema_is_committed_for_every_trainer() -> None:
    committed = [json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS]

    assert all(emit_schema(trainer) in committed for trainer in trainers())


def test_public_names_are_these() -> None:
    assert sorted(mace_scf.__all__) == [
        "Diagnostic", "MaceScfError", "Report", "Severity", "Span", "ValidatedStage", "__version__", "report_text", "validate",
    ]  # fmt: skip
    assert all(getattr(mace_scf, name) is not None for name in mace_scf.__all__)


def test_every_code_block_of_a_schema_message_is_short_enough_for_an_editor() -> None:
    schema = emit_schema(trainers()[0])

    texts = [option["markdownDescription"] for option in schema["properties"].values()]

    assert max(map(len, texts)) < 1500
