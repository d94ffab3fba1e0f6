"""One fork with a declaration of every kind, one run that uses them all: without each, the run is found wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

import mace_scf
from mace_scf.cli.main import main
from mace_scf.diagnostics import Severity
from mace_scf.project import Given, select_trainer
from mace_scf.schema.emit import emit_schema

FORK = """\
extends: upstream
name: every
accepts: {integer_weights: true, file_suffixes: [.xyz, .h5], shard_folders: true, required: [name, train_file, heads, train_schedule]}
options:
  add: {spice: {kind: number, doc: Hot., unit: eV, minimum: 0, default: 1.0}}
  change: {r_max: {maximum: 9.0}}
stage_keys: {add: {reset_ema: {kind: strict_boolean, doc: Fresh average., default: false}}}
scf_keys: {add: {anderson: {kind: integer, doc: History., default: 3, minimum: 0}}}
update_keys: {add: {widths: {kind: string, doc: Widths.}}}
readout_keys: {add: {depth: {kind: integer, doc: Depth.}}}
quantities: {add: {charm: {doc: Charm., unit: e, shape: "[G]", per: frame, container: info_keys, safe_key: REF_charm, weight: config_charm_weight, unmapped: [0.0, 0.0], absent: [0.0, 0.0]}}}
terms:
  add:
    forces_cosh: {like: forces, doc: Log cosh., form: class, options: {delta: {kind: number, doc: Scale., default: 0.01, minimum: 0}}}
    charm: {doc: Charm., unit: e², formula: Δc², quantity: charm, predictions: [charm], references: [charm], source: ours}
models:
  change: {FixedPoint: {more: {modes: [turbo], provides: [{prediction: charm, when: {mode: turbo}}]}}}
error_tables: {add: {CharmRMSE: {note: charm}}}
boundary_methods: {add: {wire: {allowed: [FFT], doc: One axis.}}}
field_blocks: {add: {update.MyUpdate: {doc: Ours.}, readout.MyReadout: {doc: Ours.}}}
"""
RUN = """\
name: x
model: FixedPoint
train_file: shards/train
valid_file: v.h5
spice: 2
r_max: 6.0
hidden_irreps: 16x0e + 16x1o
use_linear_local_charges: true
field_feature_norms: "None"
error_table: CharmRMSE
electrostatic_pbc_method: wire
E0s: average
fixedpoint_update_config: {type: MyUpdate, widths: "1"}
field_readout_config: {type: MyReadout, depth: 2}
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: q, charm: REF_charm}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0:
    name: a
    start: 0
    end: 9
    reset_ema: true
    fixed_point_training_options: {mode: turbo, scf: {num_scf_steps: 3, mixing_parameter: 0.3, anderson: 4}}
    loss:
      energy_per_atom: 1
      forces_cosh: {weight: 1, delta: 0.1}
      charm: 1
"""
LEFT_OUT = [
    (("accepts", "integer_weights"), "L102"),
    (("accepts", "file_suffixes"), "C136"),
    (("accepts", "shard_folders"), "C136"),
    (("options", "add"), "C101"),
    (("stage_keys",), "C101"),
    (("scf_keys",), "C101"),
    (("update_keys",), "F127"),
    (("readout_keys",), "F127"),
    (("terms", "add", "forces_cosh"), "L101"),
    (("terms", "add", "forces_cosh", "options"), "E106"),
    (("models",), "C111"),
    (("error_tables",), "C144"),
    (("boundary_methods",), "C111"),
    (("field_blocks", "add", "update.MyUpdate"), "F117"),
    (("field_blocks", "add", "readout.MyReadout"), "F117"),
]
SLIPS = [
    ("spice:", "spiec", "C101", "spice"),
    ("reset_ema:", "reset_eam", "C101", "reset_ema"),
    ("anderson:", "andreson", "C101", "anderson"),
    ("forces_cosh:", "forces_csoh", "L101", "forces_cosh"),
    ("charm: 1", "chamr: 1", "L101", "charm"),
    ("delta:", "detla", "L105", "delta"),
    ("mode: turbo", "mode: trubo", "C111", "turbo"),
    ("pbc_method: wire", "pbc_method: wrie", "C111", "wire"),
    ("error_table: CharmRMSE", "error_table: CharmRSME", "C144", "CharmRMSE"),
    ("type: MyUpdate", "type: MyUpdaet", "F117", "MyUpdate"),
]
LIMITS = [
    ("spice: 2", "spice: -2", "C112"),
    ("spice: 2", "spice: hot", "C110"),
    ("r_max: 6.0", "r_max: 12.0", "C112"),
    ("anderson: 4", "anderson: x", "C110"),
    ("delta: 0.1", "delta: -0.1", "L109"),
    ("reset_ema: true", "reset_ema: 3", "C110"),
    ("mode: turbo", "mode: direct", "L202"),
]


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def found(run: str, fork: Any) -> dict[str, mace_scf.Diagnostic]:
    """Errors, warnings and infos, by code."""
    (Path("run.yaml")).write_text(run, encoding="utf-8")
    report = mace_scf.validate("run.yaml", extensions=[fork], data=False, complete=True, project=False)
    return {finding.code: finding for finding in report.findings}


def without(path: tuple[str, ...]) -> Any:
    content = load(FORK)
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return content


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shards" / "train").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_run_is_fine_with_its_fork() -> None:
    assert {
        code for code, finding in found(RUN, load(FORK)).items() if finding.severity >= Severity.WARNING
    } == set()


@pytest.mark.parametrize(
    ("path", "code"), LEFT_OUT, ids=lambda value: ".".join(value) if isinstance(value, tuple) else value
)
def test_without_a_declaration_its_use_is_found(path: tuple[str, ...], code: str) -> None:
    assert code in found(RUN, without(path))


def test_what_need_not_be_there_is_not_missed() -> None:
    run = RUN.replace("error_table: CharmRMSE\n", "")

    assert "C135" not in found(run, load(FORK))
    assert "`error_table`" in found(run, without(("accepts", "required")))["C135"].message


@pytest.mark.parametrize(("old", "new", "code", "meant"), SLIPS, ids=lambda value: value)
def test_a_slip_is_told_the_word_of_the_fork(old: str, new: str, code: str, meant: str) -> None:
    new = new if ":" in new else f"{new}:"

    wrong = found(RUN.replace(old, new), load(FORK))[code]

    assert meant in (*wrong.suggestions, wrong.help) or f"`{meant}`" in wrong.help


@pytest.mark.parametrize(("old", "new", "code"), LIMITS)
def test_values_are_held_against_the_declaration(old: str, new: str, code: str) -> None:
    assert code in found(RUN.replace(old, new), load(FORK))


def test_the_emitted_schema_takes_the_run_and_nothing_else_does() -> None:
    Path("fork.yaml").write_text(FORK, encoding="utf-8")
    fork = select_trainer(Given(extensions=("fork.yaml",))).trainer
    value = json.loads(json.dumps(load(RUN)))  # keys are texts, as editors have them

    assert jsonschema.Draft7Validator(emit_schema(fork)).is_valid(value)
    assert not jsonschema.Draft7Validator(emit_schema(select_trainer(Given()).trainer)).is_valid(value)
    for old, new, code, _ in SLIPS:
        if code in ("C101", "C111", "L101", "L105"):
            slip = load(RUN.replace(old, new if ":" in new else f"{new}:"))
            assert not jsonschema.Draft7Validator(emit_schema(fork)).is_valid(json.loads(json.dumps(slip))), (
                new
            )


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["capabilities"], "forces_cosh"),
        (["explain-term", "charm"], "FixedPoint in turbo"),
        (["explain-term", "forces_cosh"], "`delta`"),
        (["schema"], '"anderson"'),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_every_verb_knows_the_fork(words: list[str], shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("fork.yaml").write_text(FORK, encoding="utf-8")

    assert main([*words, "--extension", "fork.yaml"]) == 0
    assert shown in capsys.readouterr().out


def test_a_removed_term_and_option_are_known_no_more() -> None:
    content = load(FORK)
    content["terms"]["remove"] = ["esps"]
    content["options"]["remove"] = ["r_max"]

    wrong = found(RUN + "      esps: 1.0\n", content)

    assert "esps" in wrong["L101"].message
    assert "`r_max`" in wrong["C132"].message


def test_a_new_model_is_chosen_and_suggested() -> None:
    content = load(FORK)
    content["models"]["add"] = {"SuperCharges": {"like": "LocalCharges", "doc": "Ours."}}
    run = "model: {}\ntrain_schedule: {{0: {{name: a, loss: {{forces: 1.0, total_charge: 1.0}}}}}}\n"

    assert "C111" not in found(run.format("SuperCharges"), content)
    assert found(run.format("SuperChagres"), content)["C111"].suggestions == ("SuperCharges",)
    assert "L201" in found(run.format("SuperCharges").replace("total_charge:", "fermi_level:"), content)
