"""The schema run over documents: one finding per cause, in this project's words, at the right place."""

from __future__ import annotations

import pytest

from mace_scf.catalog.registry import trainer
from mace_scf.diagnostics import Diagnostic
from mace_scf.schema.check import check_schema
from mace_scf.source import editor_object, parse_yaml

UPSTREAM = trainer("upstream")


def findings(text: str) -> list[Diagnostic]:
    root = parse_yaml(text, file="c.yaml").mapping
    assert root is not None
    return sorted(check_schema(root, UPSTREAM).findings, key=lambda finding: finding.sort_key)


def said(text: str) -> list[tuple[str, str]]:
    """Code and the characters at the place."""
    lines = text.split("\n")
    found = []
    for finding in findings(text):
        assert finding.span is not None
        span = finding.span
        found.append((finding.code, lines[span.line][span.column : span.end_column]))
    return found


def test_checking_goes_on_beneath_mistyped_parents() -> None:
    text = "train_schedull:\n  0:\n    nam: a\n    losss: {forcess: 1.0}\n"

    assert said(text) == [("C101", "train_schedull"), ("C101", "nam"), ("C101", "losss"), ("L101", "forcess")]


def test_a_mistyped_key_is_not_also_missing() -> None:
    text = "train_schedule:\n  0: {name: a, los: {forces: 1.0}}\n"

    assert said(text) == [("C101", "los")]


def test_the_repaired_document_holds_the_meant_names() -> None:
    root = parse_yaml("modle: MACE\n", file="c.yaml").mapping
    assert root is not None

    checked = check_schema(root, UPSTREAM)

    assert editor_object(checked.root) == {"model": "MACE"}


def test_no_renaming_onto_a_key_that_is_there() -> None:
    text = "model: MACE\nmodell: FixedPoint\n"

    assert said(text) == [("C101", "modell")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batch_size: many\n", [("C110", "many")]),
        ("batch_size: 0\n", [("C112", "0")]),
        ("model: MACEE\n", [("C111", "MACEE")]),
        ("device: gpu\n", [("C111", "gpu")]),
        ("r_max: {a: 1}\n", [("C110", "{a: 1}")]),
        ("radial_MLP: [64, 64]\n", [("C125", "[64, 64]")]),
        ("heads: {Default: {info_keys: {energy: E}}}\n", [("C113", "Default")]),
        ("train_schedule: {0: {name: a}}\n", [("C113", "0")]),
        ("train_schedule: {first: {name: a, loss: {forces: 1.0}}}\n", [("S102", "first")]),
        ("train_schedule: {0: {name: a, loss: {forces: heavy}}}\n", [("C110", "heavy")]),
        ("train_schedule: {0: {name: a, loss: {forces: {weight: 1.0, delta: 2}}}}\n", [("L105", "delta")]),
    ],
)
def test_each_kind_of_violation_has_its_code_and_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "lr: 1e-3\nbatch_size: '8'\nn: 1\n".replace("n: 1\n", ""),
        "ema: yes\namsgrad: 'off'\ncompute_stress: t\nwandb: 1\n",
        "clip_grad: None\nclip_grad: 'None'\n".split("\n")[1] + "\n",
        "weight_decay: 1e-8\nseed: null\nvalid_file:\n",
        "E0s: {1: -13.6, 8: -2040.0}\n",
        "E0s: average\n",
        "name: 5\n",
        "heads: \"{'Default': {}}\"\n",
        "train_schedule: {0: {name: a, lr: 1e-3, loss: {forces: 1, energy_per_atom: {weight: 10}}}}\n",
    ],
)
def test_what_the_trainer_accepts_is_accepted(text: str) -> None:
    assert findings(text) == []


def test_terms_that_a_model_cannot_serve_are_refused_in_the_schema_too() -> None:
    text = "model: FixedPoint\ntrain_schedule: {0: {name: a, loss: {stress: 1.0}}}\n"

    assert said(text) == [("L201", "stress")]


def test_keys_of_other_blocks_are_sent_home() -> None:
    text = "train_schedule:\n  0: {name: a, loss: {forces: 1.0}, batch_size: 5, scf_tolerance: 1.0e-6}\n"

    helps = [finding.help for finding in findings(text)]

    assert helps == [
        "`batch_size` belongs under the top level of the file",
        "`scf_tolerance` belongs under `scf`",
    ]


def test_thousands_of_unknown_keys_are_each_named_once() -> None:
    text = "".join(f"zzz_{number}: 1\n" for number in range(3000))

    assert len(findings(text)) == 3000
