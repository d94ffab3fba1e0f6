"""Grammar of single lines: numbers of every spelling, cut ones, and two lines in one."""

from __future__ import annotations

import math

import pytest

from mace_scf.logs.lines import breakdown_items, epoch_and_loss, glued, stage_weights


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7.496695865065772e-06", 7.496695865065772e-06),
        ("1e-05", 1e-05),
        ("0", 0.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-3.25E+2", -325.0),
        ("inf", math.inf),
        ("-inf", -math.inf),
        ("Infinity", math.inf),
        ("tensor(1.2e-3)", 1.2e-3),
        ("tensor(1.2e-3, device='cuda:0', grad_fn=<MulBackward0>)", 1.2e-3),
        ("tensor([0.0300], dtype=torch.float64)", 0.03),
        ("tensor(-inf, device='cuda:0')", -math.inf),
    ],
)
def test_a_value_is_read_in_every_spelling(text: str, value: float) -> None:
    found, left = breakdown_items(f" forces: {text}, esps: 2.0, ")

    assert found == {"forces": value, "esps": 2.0}
    assert left == ""


@pytest.mark.parametrize("text", ["nan", "NaN", "-nan", "tensor(nan, grad_fn=<AddBackward0>)"])
def test_nan_is_kept(text: str) -> None:
    found, left = breakdown_items(f"forces: {text}, ")

    assert math.isnan(found["forces"])
    assert left == ""


@pytest.mark.parametrize(
    "text", ["1.2.3", "1_0", "0x1p3", "none", "tensor([1.0, 2.0])", "1e", "", "tensor(1.0", "1,5", "--1"]
)
def test_what_is_no_number_is_left_over(text: str) -> None:
    found, left = breakdown_items(f"esps: 1.0, forces: {text}, ")

    assert found == {"esps": 1.0}
    assert left.startswith("forces:")


def test_a_number_without_its_comma_may_be_cut_and_is_left_over() -> None:
    found, left = breakdown_items(" forces: 1.5e-06, esps: 2.25e-0")

    assert found == {"forces": 1.5e-06}
    assert left == "esps: 2.25e-0"


def test_a_name_that_comes_twice_ends_the_line() -> None:
    found, left = breakdown_items("forces: 1.0, forces: 2.0, ")

    assert found == {"forces": 1.0}
    assert left == "forces: 2.0,"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-01 00:00:00.000 INFO: Epoch 12: loss=0.25, MAE", (12, 0.25)),
        ("Epoch 12: head: default, loss=  0.25", (12, 0.25)),
        ("Epoch 3: loss=nan", (3, math.nan)),
        ("Epoch 3: loss=", (3, None)),
        ("Epoch 3: 45%|####", None),
        ("Epochs 3: loss=1", None),
    ],
)
def test_epochs(text: str, expected: tuple[int, float | None] | None) -> None:
    found = epoch_and_loss(text)

    assert str(found) == str(expected)


def test_weights_of_a_stage_are_read_from_its_announcement() -> None:
    upstream = stage_weights("INFO: WeightedLoss(forces_weight=100.0, energy_per_atom_weight=1)")
    engine = stage_weights("LossEngine(forces_weight=100, esps_weight=1e+06)")

    assert upstream == {"forces": 100.0, "energy_per_atom": 1.0}
    assert engine == {"forces": 100.0, "esps": 1e6}
    assert stage_weights("WeightedLoss(forces_weight=10") is None


def test_a_line_that_another_run_wrote_into_is_taken_apart() -> None:
    text = "2025-03-01 00:00:00.000 DEBUG: loss breakdown: a: 1.0, b: 22025-03-02 10:00:00.000 INFO: hello"

    parts = list(glued(text))

    assert parts == [
        ("2025-03-01 00:00:00.000 DEBUG: loss breakdown: a: 1.0, b: 2", True),
        ("2025-03-02 10:00:00.000 INFO: hello", False),
    ]


def test_two_breakdowns_in_one_line_are_taken_apart_without_times_too() -> None:
    parts = list(glued("DEBUG: loss breakdown: a: 1.0, b: DEBUG: loss breakdown: a: 2.0, b: 3.0, "))

    assert [breakdown_items(text.partition("breakdown:")[2])[0] for text, _ in parts] == [
        {"a": 1.0},
        {"a": 2.0, "b": 3.0},
    ]
    assert [cut for _, cut in parts] == [True, False]
