"""From inputs to settings: who wins, what is known, what is converted."""

from __future__ import annotations

from typing import Any

import pytest

from mace_scf.catalog.registry import trainer
from mace_scf.config import Arguments, RunConfig, Setting, Source, lay_over, read_arguments, structure
from mace_scf.inputs.options import command_words
from mace_scf.source import parse_yaml

UPSTREAM = trainer("upstream")


def run(text: str, *words: str, complete: bool = False) -> tuple[RunConfig, list[str]]:
    document = parse_yaml(text, file="c.yaml")
    arguments = read_arguments(command_words(list(words)), UPSTREAM) if words else Arguments()
    config, problems = structure(lay_over(document, arguments, UPSTREAM), UPSTREAM, complete=complete)
    return config, [problem.message for problem in problems]


def option(text: str, name: str, *words: str, complete: bool = False) -> Setting[Any]:
    return run(text, *words, complete=complete)[0].option(name)


def test_the_command_line_beats_the_file() -> None:
    setting = option("model: MACE\n", "model", "--model", "FixedPoint")

    assert (setting.value, setting.source) == ("FixedPoint", Source.COMMAND_LINE)


def test_what_was_not_seen_is_unknown() -> None:
    setting = option("model: MACE\n", "seed")

    assert (setting.known, setting.source) == (False, Source.UNKNOWN)


def test_defaults_hold_in_a_complete_run() -> None:
    setting = option("model: MACE\n", "seed", complete=True)

    assert (setting.known, setting.value, setting.source) == (True, 123, Source.DEFAULT)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("lr: 1e-3", "lr", 1e-3), ("batch_size: '8'", "batch_size", 8), ("batch_size: 010", "batch_size", 8),
        ("ema: on", "ema", True), ("compute_stress: t", "compute_stress", True), ("clip_grad: 'None'", "clip_grad", None),
        ("name: on", "name", "True"), ("name: 5", "name", "5"), ("E0s: {1: -13.6}", "E0s", {1: -13.6}),
        ("radial_MLP: '[64, 64]'", "radial_MLP", [64, 64]), ("E0s: average", "E0s", "average"),
        ("compute_polarizability: False", "compute_polarizability", False),
    ],
)  # fmt: skip
def test_values_are_converted_as_the_trainer_converts_them(text: str, name: str, value: object) -> None:
    setting = option(text + "\n", name)

    assert setting.known
    assert setting.value == value


@pytest.mark.parametrize(
    "text", ["batch_size: 8.0", "batch_size: 1e3", "lr: fast", "ema: maybe", "compute_polarizability: 1"]
)
def test_what_the_trainer_cannot_convert_is_a_finding_and_unknown(text: str) -> None:
    config, messages = run(text + "\n")

    assert len(messages) == 1
    assert not config.option(text.partition(":")[0]).known


def test_null_is_as_good_as_not_given() -> None:
    setting = option("clip_grad:\n", "clip_grad", complete=True)

    assert (setting.given, setting.value) == (False, 10.0)


def test_a_flag_set_to_false_is_as_good_as_not_given() -> None:
    assert option("amsgrad: false\n", "amsgrad", complete=True).value is True


def test_a_schedule_in_a_quoted_literal_is_a_schedule() -> None:
    config, _ = run("", "--train_schedule", "{0: {'name': 'a', 'loss': {'forces': 1e-07}}}")

    (stage,) = config.stages
    assert stage.name.value == "a"
    assert stage.loss["forces"].weight.value == 1e-07


def test_nested_values_are_not_converted() -> None:
    text = "train_schedule:\n  0: {name: a, lr: 1e-3, start: '0', loss: {forces: 1e3, energy_per_atom: {weight: 5}}}\n"

    (stage,) = run(text)[0].stages

    assert (stage.lr.known, stage.lr.raw) == (False, "1e-3")
    assert not stage.start.known
    assert not stage.loss["forces"].weight.known
    assert stage.loss["energy_per_atom"].weight.value == 5


def test_iterations_take_numeric_texts_where_the_trainer_converts_them() -> None:
    text = "train_schedule:\n  0: {name: a, loss: {}, fixed_point_training_options: {mode: unroll_scf, scf: {scf_tolerance: 1e-6}}}\n"

    (stage,) = run(text)[0].stages

    assert stage.fixed_point is not None
    assert stage.fixed_point.scf is not None
    assert stage.fixed_point.scf.scf_tolerance.value == 1e-6
    assert stage.fixed_point.scf.constant_charge.value is True


def test_unknown_shell_values_leave_the_option_unknown_but_given() -> None:
    from mace_scf.source.launcher import read_launcher

    launcher = read_launcher('python run_train.py --config c.yaml --model "$MODEL"\n', file="t.sh")
    arguments = read_arguments(launcher.commands[0].words, UPSTREAM)
    config, _ = structure(
        lay_over(parse_yaml("model: MACE\n", file="c.yaml"), arguments, UPSTREAM), UPSTREAM, complete=True
    )

    setting = config.option("model")

    assert setting.given
    assert not setting.known
