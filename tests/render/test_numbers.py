"""Small histograms of numbers."""

from __future__ import annotations

from mace_scf.dataset.moments import Moments
from mace_scf.dataset.place import Place
from mace_scf.render.numbers import sparkline
from tests.dataset.single_numbers import moments_of

HERE = Place("train.xyz", 0)


def bars(*values: float) -> str:
    """The histogram of these numbers."""
    return sparkline(moments_of([(value, HERE) for value in values]))


def test_two_heaps_stand_at_the_two_ends() -> None:
    assert (
        bars(0.0, 0.0, 0.0, 100.0) == "█    ▁▁▁"
    )  # 100 lies between 64 and 128, and no closer than that is known


def test_an_outlier_is_seen_beside_a_thousand_others() -> None:
    assert bars(*[0.001] * 1000, -300.0) == "▁▁     █"


def test_a_constant_is_one_bar_and_nothing_is_nothing() -> None:
    assert bars(2.0, 2.0) == "█"
    assert sparkline(Moments()) == ""
    assert bars(float("nan")) == ""


def test_numbers_whose_range_no_double_holds_are_one_bar() -> None:
    assert bars(-1.7e308, 1.7e308) == "█"
