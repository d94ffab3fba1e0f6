"""The last batches of each stage: means, weights, trends, and what is left out."""

from __future__ import annotations

import io
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.logs import BatchLoss, Recent, StageWindow, TermWindow, parse_lines

from .writing import breakdown, stage

FINITE = st.floats(1e-12, 1e12)


def batch(number: int, weighted: dict[str, float], **fields: object) -> BatchLoss:
    return BatchLoss(number + 1, number, 0, weighted, **fields)  # type: ignore[arg-type]  # by name


def window(batches: list[BatchLoss], size: int = 100) -> StageWindow:
    (found,) = Recent(size).add_all(batches).stages()
    return found


def forces_of(values: list[float], size: int = 100) -> TermWindow:
    (term,) = window([batch(number, {"forces": value}) for number, value in enumerate(values)], size).terms
    return term


@given(st.lists(FINITE, min_size=1, max_size=60), st.integers(1, 20))
def test_means_are_those_of_the_last_batches(values: list[float], size: int) -> None:
    term = forces_of(values, size)

    assert term.weighted == pytest.approx(statistics.mean(values[-size:]))
    assert term.batches == min(size, len(values))


def test_values_that_are_not_finite_are_counted_and_kept_out_of_the_mean() -> None:
    term = forces_of([1.0, math.nan, 3.0, math.inf])

    assert term.weighted == 2.0
    assert term.not_finite == 2
    assert [str(value) for value in term.trend] == ["1.0", "nan", "3.0", "nan"]


def test_huge_values_do_not_overflow() -> None:
    assert forces_of([1.7e308] * 4).weighted == pytest.approx(1.7e308)


def test_a_change_compares_the_halves() -> None:
    assert forces_of([4.0, 4.0, 4.0, 1.0, 1.0, 1.0]).change == -0.75
    assert forces_of([4.0, 1.0]).change is None
    assert forces_of([0.0] * 8).change is None


def test_validation_batches_are_left_out_where_they_are_told_apart() -> None:
    found = window([batch(0, {"forces": 1.0}, split="train"), batch(1, {"forces": 9.0}, split="valid")])

    assert found.split_known
    assert found.terms[0].weighted == 1.0


def test_cut_lines_are_left_out() -> None:
    found = window([batch(0, {"forces": 1.0}), batch(1, {"forces": 9.0}, complete=False)])

    assert not found.split_known
    assert found.terms[0].weighted == 1.0


def test_weights_come_from_the_stage_or_from_both_values() -> None:
    announced = stage({"forces": 4.0}) + breakdown({"forces": 8.0, "esps": 1.0})
    told = batch(0, {"forces": 8.0}, raw={"forces": 2.0})

    (by_stage,) = Recent().add_all(parse_lines(io.BytesIO(announced.encode()))).stages()

    assert [(term.weight, term.raw) for term in by_stage.terms] == [(4.0, 2.0), (None, None)]
    assert [(term.weight, term.raw) for term in window([told]).terms] == [(4.0, 2.0)]


def test_weights_are_known_where_a_term_is_zero() -> None:
    told = batch(1, {"forces": 0.0}, raw={"forces": 0.0}, weight={"forces": 7.0})
    earlier = [batch(0, {"forces": 8.0}, raw={"forces": 2.0}), batch(1, {"forces": 0.0}, raw={"forces": 0.0})]

    assert window([told]).terms[0].weight == 7.0
    assert window(earlier).terms[0].weight == 4.0


def test_validation_batches_are_shown_where_there_are_no_others() -> None:
    recent = Recent().add_all(
        [batch(0, {"a": 9.0}, split="valid", stage="s"), batch(1, {"a": 7.0}, split="valid", stage="s")]
    )

    (found,) = recent.stages()
    recent.add(batch(2, {"a": 1.0}, split="train", stage="s"))
    (training,) = recent.stages()

    assert (found.split, found.batches, found.terms[0].weighted) == ("valid", 2, 8.0)
    assert (training.split, training.batches, training.terms[0].weighted) == (None, 1, 1.0)


def test_stages_keep_windows_of_their_own() -> None:
    recent = Recent(2).add_all(
        [batch(number, {"a": float(number)}, stage=str(number // 4)) for number in range(8)]
    )

    assert [(found.stage, found.batches, found.shown) for found in recent.stages()] == [
        ("0", 4, 2),
        ("1", 4, 2),
    ]
    assert [found.terms[0].weighted for found in recent.stages()] == [2.5, 6.5]
