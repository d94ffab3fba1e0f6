"""validate() from Python: completeness, fragments, stages, mappings."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import mace_scf
from mace_scf.checker import Request, check_text
from mace_scf.inputs import Text

ROOT = Path(__file__).parents[1]
HEADS = {
    "Default": {
        "info_keys": {"energy": "REF_energy", "total_charge": "total_charge"},
        "arrays_keys": {"forces": "REF_forces"},
    }
}
STAGE = {"name": "first", "start": 0, "end": 9, "loss": {"forces": 100.0, "energy_per_atom": 1.0}}
EXAMPLES = {
    "local_split_charges": 2,
    "fixed_point": 2,
    "bulk_stress": 2,
    "implicit_scf": 3,
    "qeq": 2,
    "slab": 2,
    "formal_charges": 2,
    "mixed_boundary": 2,
}  # with the number of their stages


def run(**changes: Any) -> dict[str, Any]:
    return {"heads": HEADS, "train_schedule": {0: STAGE}, **changes}


def codes(report: mace_scf.Report[Any]) -> list[str]:
    return [finding.code for finding in report.findings]


@pytest.mark.parametrize("name", EXAMPLES)
def test_shipped_examples_are_without_any_finding(name: str) -> None:
    report = mace_scf.validate(ROOT / "examples" / name / "config.yaml", values=True, require_data=True)

    assert report.findings == ()
    assert report.not_seen == ()
    assert len(report.stages) == EXAMPLES[name]


def test_the_second_config_of_an_example_is_without_any_finding_too() -> None:
    folder = ROOT / "examples" / "formal_charges"

    report = mace_scf.validate(folder / "split.yaml", values=True, require_data=True)

    assert report.findings == ()
    assert [stage.model for stage in report.stages] == ["LocalSplitCharges"] * 2


@pytest.mark.parametrize("name", EXAMPLES)
def test_shipped_examples_are_clean_without_their_launcher_too(name: str) -> None:
    report = mace_scf.validate(ROOT / "examples" / name / "config.yaml", launcher=False)

    assert report.ok


@pytest.mark.parametrize(
    ("code", "looked_at", "found"),
    [
        ("D202", {"data": False}, False),
        ("D202", {"values": True}, True),
        ("C130", {"data": False}, True),
    ],
)
def test_a_comment_is_unused_only_if_its_finding_was_looked_for(
    code: str, looked_at: dict[str, Any], found: bool, tmp_path: Path
) -> None:
    folder = ROOT / "examples" / "qeq"
    config = (folder / "config.yaml").read_text(encoding="utf-8").replace("data/", f"{folder}/data/")
    line = f"name: methyl_qeq # mace-scf: ignore[{code}] perhaps"
    path = tmp_path / "config.yaml"
    path.write_text(config.replace("name: methyl_qeq", line), encoding="utf-8")

    report = mace_scf.validate(path, **looked_at)

    assert codes(report) == ["C160"] * found


def test_heads_and_schedule_alone_are_checked_for_what_they_hold() -> None:
    report = mace_scf.validate(run())

    assert report.ok
    assert len(report.not_seen) == 1


def test_what_the_command_line_gives_completes_the_run() -> None:
    report = mace_scf.validate(run(), options={"model": "MACE", "hidden_irreps": "8x0e"})

    assert report.not_seen == ()
    assert "C135" in codes(report)


def test_a_file_that_holds_all_required_options_is_complete() -> None:
    report = mace_scf.validate(run(name="x", error_table="PerAtomRMSE"))

    assert report.not_seen == ()


def test_words_of_unknown_number_keep_the_run_incomplete(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(json.dumps({"heads": HEADS, "name": "x"}), encoding="utf-8")
    (tmp_path / "train.sh").write_text('python run_train.py --config c.yaml "$@"\n', encoding="utf-8")

    report = mace_scf.validate(tmp_path / "c.yaml")

    assert len(report.not_seen) == 1
    assert "C135" not in codes(report)


def test_a_fragment_of_names_and_losses_is_checked() -> None:
    stages = {0: {"name": "a", "loss": {"forces": 1.0}}, 1: {"name": "b", "loss": {"forcess": 1.0}}}

    report = mace_scf.validate({"train_schedule": stages})

    assert [code for code in codes(report) if code != "L207"] == ["L101"]


def test_clean_stages_are_dispatched_with_their_options() -> None:
    report = mace_scf.validate(run(), options={"model": "MACE"})

    report = mace_scf.validate(ROOT / "examples" / "fixed_point" / "config.yaml")

    direct, unrolled = report.stages
    assert (direct.name, direct.model, direct.mode, direct.trainer) == (
        "direct",
        "FixedPoint",
        "direct",
        "upstream",
    )
    assert {term.name: term.weight for term in unrolled.terms}["fermi_level"] == 1.0
    assert direct.heads["forces"] == ("arrays_keys", "REF_forces")


def test_a_stage_with_an_error_is_not_dispatched() -> None:
    stages = {0: STAGE, 1: {**STAGE, "name": "second", "start": 10, "end": 19, "loss": {"forcess": 1.0}}}

    report = mace_scf.validate(run(train_schedule=stages))

    assert [stage.name for stage in report.stages] == ["first"]


def test_an_error_outside_the_stages_stops_all_of_them() -> None:
    report = mace_scf.validate(run(modle="MACE"))

    assert report.stages == ()


def test_a_report_survives_pickle_and_json() -> None:
    report = mace_scf.validate(run(modle="MACE"))

    assert pickle.loads(pickle.dumps(report)) == report
    assert json.loads(json.dumps(report.to_dict()))["summary"]["error"] == 1


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "5\n", "[a, b]\n", "services:\n  web:\n    image: nginx\n"]
)
def test_what_is_no_training_config_gets_one_clear_finding(text: str) -> None:
    report = check_text(Text("x.yaml", text), Request())

    assert codes(report) == ["C002"]


def test_findings_are_in_reading_order() -> None:
    text = "modle: MACE\nlr: fast\nbatch_size: 0\nheads: 5\n"

    report = check_text(Text("x.yaml", text), Request())

    lines = [finding.span.line for finding in report.findings if finding.span]
    assert lines == sorted(lines)
    assert len(lines) >= 4


def test_a_config_written_as_a_mapping_says_what_the_file_would() -> None:
    report = mace_scf.validate({"train_schedule": {0: {**STAGE, "lr": "1e-3"}}})

    assert any("`lr`" in finding.message for finding in report.findings)


def test_a_mapping_that_yaml_cannot_write_is_told() -> None:
    with pytest.raises(mace_scf.MaceScfError, match="YAML cannot write"):
        mace_scf.validate({"name": object()})


def test_a_finding_at_the_number_of_a_stage_belongs_to_that_stage_alone() -> None:
    stages = {0: STAGE, 1: {"name": "second", "loss": {"forces": 1.0}}}

    report = mace_scf.validate(run(train_schedule=stages))

    assert "S104" in codes(report)
    assert [stage.name for stage in report.stages] == ["first"]


def test_an_error_in_a_loss_shared_by_alias_touches_every_stage(tmp_path: Path) -> None:
    config = tmp_path / "shared.yaml"
    config.write_text(
        "model: MACE\n"
        "train_schedule:\n"
        "  0: {name: a, start: 0, end: 9, loss: &loss {forces: 1.0, dipole: 1.0}}\n"
        "  1: {name: b, start: 10, end: 19, loss: *loss}\n"
        "  2: {name: c, start: 20, end: 29, loss: {forces: 1.0}}\n",
        encoding="utf-8",
    )

    report = mace_scf.validate(config, data=False)

    assert [finding.code for finding in report.findings] == ["L201"]
    assert [stage.name for stage in report.stages] == ["c"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"compute_forces": False}, ["--compute_forces", "False"]),
        ({"compute_polarizability": True}, ["--compute_polarizability", "True"]),
        ({"distributed": True, "ema": False}, ["--distributed"]),
        ({"restart_latest": False}, ["--no-restart_latest"]),
        ({"wandb_log_hypers": ["lr", "seed"], "seed": None}, ["--wandb_log_hypers", "lr", "seed"]),
    ],
    ids=str,
)
def test_options_by_name_are_the_words_of_a_command(options: dict[str, object], words: list[str]) -> None:
    by_name = mace_scf.validate(run(), options=options)
    by_words = mace_scf.validate(run(), options=words)

    assert by_name.findings == by_words.findings


def test_identities_that_cannot_be_tested_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    config = ROOT / "examples" / "fixed_point" / "config.yaml"
    with_numpy = mace_scf.validate(config, values=True)
    monkeypatch.setattr("mace_scf.rules.identities.is_testable", lambda: False)

    without = mace_scf.validate(config, values=True)

    assert any("identities of the train labels: charge-sum holds" in fact for fact in with_numpy.confirmed)
    assert not any("identities" in fact for fact in without.confirmed)
    assert [fact for fact in without.not_seen if "identities" in fact and "numpy" in fact]


def test_words_that_may_be_any_option_are_named(tmp_path: Path) -> None:
    config, script = tmp_path / "c.yaml", tmp_path / "train.sh"
    config.write_text("model: MACE\n", encoding="utf-8")
    script.write_text('python run_train.py --config c.yaml --lr=$LR --name "$NAME"\n', encoding="utf-8")

    open_ended = mace_scf.validate(config, launcher=script)
    script.write_text(script.read_text(encoding="utf-8").replace("$LR", '"$LR"'), encoding="utf-8")
    closed = mace_scf.validate(config, launcher=script)

    assert [fact for fact in open_ended.not_seen if "`--lr=$LR`" in fact and "train.sh:1:37" in fact]
    assert "quotes would make one word of it" in open_ended.not_seen[0]
    assert closed.not_seen == ()
