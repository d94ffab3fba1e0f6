"""No extension makes the checker raise: neither one that is refused, nor what an accepted one does to configs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import mace_scf
from mace_scf.catalog.registry import trainer
from mace_scf.extension.apply import declarations
from mace_scf.extension.declaration import SECTIONS, Section, identity
from mace_scf.project import Given, select_trainer
from mace_scf.resolve.matrix import cell, columns
from mace_scf.schema.emit import emit_schema
from tests.extension.mutate import FORKS, ROOT, load, mutated

CONFIGS = [
    ROOT / "examples" / name / "config.yaml"
    for name in ("fixed_point", "extensions/huber_run", "extensions/response_run")
]


def everything(content: object) -> bool:
    """Whether the extension was accepted; schema, matrix and findings are made either way."""
    assert isinstance(content, dict)
    found = select_trainer(Given(extensions=(content,))).trainer
    schema = emit_schema(found)
    json.dumps(schema, allow_nan=False)
    Draft7Validator.check_schema(schema)
    for column in columns(found):
        for term in found.terms:
            cell(term, column, found)
    for config in CONFIGS:
        mace_scf.validate(config, extensions=[content], project=False, complete=True)
    return "+" in found.name


@pytest.mark.parametrize("path", FORKS, ids=lambda path: path.name)
def test_files_that_are_nearly_right_raise_nothing(path: Path) -> None:
    accepted = [everything(mutated(load(path), seed)) for seed in range(6)]

    assert not all(accepted)


@pytest.mark.slow
@pytest.mark.parametrize("path", FORKS, ids=lambda path: path.name)
def test_many_files_that_are_nearly_right_raise_nothing(path: Path) -> None:
    accepted = [everything(mutated(load(path), seed)) for seed in range(300)]

    assert True in accepted
    assert False in accepted


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_whatever_is_removed_the_rules_go_on(section: Section) -> None:
    names = [identity(item) for item in declarations(trainer(), section)]

    accepted = [
        everything({"extends": "upstream", "name": "less", section.name: {"remove": [name]}})
        for name in names
    ]

    assert accepted


def test_a_refusal_without_conditions_raises_nothing() -> None:
    refusal = {"when": {}, "reason": "it has no code for it", "at": "at start-up"}
    fork = {
        "extends": "upstream",
        "name": "f",
        "models": {"change": {"FixedPoint": {"more": {"refuses": [refusal]}}}},
    }

    assert isinstance(everything(fork), bool)
