"""Moments and sums number by number: the second opinion on those of whole arrays."""

from __future__ import annotations

from collections.abc import Iterable

from mace_scf.dataset.exact import exact_integer
from mace_scf.dataset.moments import Extreme, Moments, bin_code
from mace_scf.dataset.place import Place


def exact_sum(values: Iterable[float]) -> int:
    """The sum of finite numbers as a multiple of 2**-1074."""
    return sum(map(exact_integer, values))


def moments_of(values: list[tuple[float, Place]]) -> Moments:
    """The moments of single numbers, each merged into the others."""
    result = Moments()
    for value, place in values:
        result = result.merge(_single(value, place))
    return result


def _single(value: float, place: Place) -> Moments:
    if value != value:
        return Moments(nan=1, first_nan=place)
    if value in (float("inf"), float("-inf")):
        return Moments(infinite=1, first_nan=place)
    extreme = Extreme(value + 0.0, place)
    square = value * value
    return Moments(
        finite=1,
        zeros=int(value == 0.0),
        minimum=extreme,
        maximum=extreme,
        total=exact_integer(value),
        squares=exact_integer(square) if square != float("inf") else 0,
        histogram={bin_code(value): 1},
    )
