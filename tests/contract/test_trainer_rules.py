"""The table of what the trainer demands is true: every code in it is seen to fire, and no rule is missing from it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import mace_scf
from mace_scf.catalog.registry import trainer
from mace_scf.rules import all_rules
from tests.rules.test_golden import FIRING, SILENT, arguments, run

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "rules"
sys.path.insert(0, str(ROOT / "scripts"))

from trainer_rules import SOURCES, Proof, TrainerRule, read_trainer_rules  # noqa: E402 - found by the line above

TABLE = read_trainer_rules()
CODES = {rule.code for rule in all_rules()}
PROOFS = [(rule.id, code, proof) for rule in TABLE.rules for code, proof in rule.proofs.items()]
ACCEPTED = [rule for rule in TABLE.rules if rule.case]
HELD = {path.relative_to(CASES).with_suffix("").as_posix() for path in FIRING}


@pytest.mark.parametrize(
    ("rule", "code", "proof"), PROOFS, ids=[f"{rule}-{code}" for rule, code, _ in PROOFS]
)
def test_a_golden_case_shows_the_code(rule: str, code: str, proof: Proof) -> None:
    assert proof.case in HELD, f"{rule}: no golden case tests/rules/{proof.case}"
    lines = (CASES / f"{proof.case}.out").read_text(encoding="utf-8").splitlines()

    shown = [line for line in lines if f"[{code}]" in line and proof.text in line]

    assert shown, f"{rule}: no line with [{code}] and {proof.text!r} in tests/rules/{proof.case}.out"


def test_every_code_of_the_table_is_a_rule() -> None:
    named = {code for _, code, _ in PROOFS} | set(TABLE.own)

    assert named <= CODES


def test_every_rule_is_in_the_table() -> None:
    missing = CODES - {code for _, code, _ in PROOFS} - set(TABLE.own)

    assert not missing, (
        f"{sorted(missing)}: name them in docs/trainer-rules.yaml, in the `codes` of what they decide with a golden "
        "case, or under `own` if they are not about a rule of the trainer"
    )


def test_no_code_is_about_the_trainer_and_about_the_tool_itself() -> None:
    assert not {code for _, code, _ in PROOFS} & set(TABLE.own)


@pytest.mark.parametrize("rule", TABLE.rules, ids=lambda rule: rule.id)
def test_what_is_decided_names_a_code_and_the_rest_a_reason(rule: TrainerRule) -> None:
    assert rule.sources
    assert set(rule.sources) <= set(SOURCES)
    assert bool(rule.proofs) == bool(set(rule.sources) & {"config", "launcher", "declarations", "data"})
    assert bool(rule.why) or not set(rule.sources) & {"run", "open"}
    assert bool(rule.case and rule.holds) == ("accepted" in rule.sources)


def test_every_rule_has_a_name_of_its_own() -> None:
    counts = Counter(rule.id for rule in TABLE.rules)

    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("rule", ACCEPTED, ids=lambda rule: rule.id)
def test_no_error_falls_on_what_only_looks_wrong(rule: TrainerRule, monkeypatch: pytest.MonkeyPatch) -> None:
    path = CASES / f"{rule.case}.yaml"
    assert path in SILENT
    assert rule.holds in path.read_text(encoding="utf-8")

    status, printed = run(path, monkeypatch)

    assert "error[" not in printed
    assert status == 0


OF_THE_FILE = ("heads", "train_schedule")


def is_of_the_file_alone(case: str) -> bool:
    """No launcher, no options of its own: what the case says stands in the config."""
    config = CASES / f"{case}.yaml"
    return config.exists() and not config.with_suffix(".sh").exists() and not arguments(config)


ALSO_IN_A_COMMAND = [
    (rule.id, code, proof) for rule in TABLE.rules if {"config", "launcher"} <= set(rule.sources)
    for code, proof in rule.proofs.items() if is_of_the_file_alone(proof.case)
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "code", "proof"),
    ALSO_IN_A_COMMAND,
    ids=[f"{rule}-{code}" for rule, code, _ in ALSO_IN_A_COMMAND],
)
def test_the_code_is_reported_on_the_command_line_too(
    rule: str, code: str, proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The options of the case, moved from the file to the training command."""
    monkeypatch.chdir((CASES / proof.case).parent)
    config = YAML(typ="safe").load(Path(f"{Path(proof.case).name}.yaml").read_text(encoding="utf-8"))
    names = {option.name for option in trainer().options}
    options = {name: value for name, value in config.items() if name not in OF_THE_FILE and name in names}
    rest = {name: value for name, value in config.items() if name not in options}

    report = mace_scf.validate(rest, options=options)

    assert code in {finding.code for finding in report.findings}
