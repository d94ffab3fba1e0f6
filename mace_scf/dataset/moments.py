"""What a heap of numbers looks like: counts, extremes with their places, exact sums, a log2 histogram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from .exact import exact_integer, nearest_float
from .place import Place, merge_counts


@attrs.frozen
class Extreme:
    """A smallest or largest number and the first place that has it."""

    value: float
    place: Place


@attrs.frozen
class Moments:
    """Mergeable facts about the numbers of one component.

    Attributes:
        finite: how many are neither NaN nor infinite.
        nan: how many are not a number.
        infinite: how many are ±infinite.
        zeros: how many are exactly 0.
        minimum: of the finite ones.
        maximum: of the finite ones.
        total: exact sum of the finite ones, in units of 2**-1074.
        squares: exact sum of their squares, each square rounded once to a double; same units.
        histogram: sign and exponent bits of the double -> count; see :func:`bin_edges`.
        first_nan: first place of a NaN or infinite number.
    """

    finite: int = 0
    nan: int = 0
    infinite: int = 0
    zeros: int = 0
    minimum: Extreme | None = None
    maximum: Extreme | None = None
    total: int = 0
    squares: int = 0
    histogram: Mapping[int, int] = attrs.field(factory=dict)
    first_nan: Place | None = None

    @property
    def count(self) -> int:
        """All numbers, finite or not."""
        return self.finite + self.nan + self.infinite

    @property
    def mean(self) -> float | None:
        """Mean of the finite numbers."""
        return nearest_float(self.total) / self.finite if self.finite else None

    @property
    def variance(self) -> float | None:
        """Mean squared deviation of the finite numbers, from the exact sums."""
        if not self.finite:
            return None
        if self.constant:
            return 0.0  # the squares are rounded; a constant has no spread all the same
        scaled = self.squares * self.finite - (self.total * self.total >> 1074)
        return max(0.0, nearest_float(scaled) / self.finite**2)

    @property
    def constant(self) -> bool:
        """At least two finite numbers, and all of them the same."""
        low, high = self.minimum, self.maximum
        return self.finite > 1 and low is not None and high is not None and low.value == high.value

    def merge(self, other: Moments) -> Moments:
        """The facts about both heaps together."""
        return Moments(
            self.finite + other.finite,
            self.nan + other.nan,
            self.infinite + other.infinite,
            self.zeros + other.zeros,
            _better(self.minimum, other.minimum, sign=1),
            _better(self.maximum, other.maximum, sign=-1),
            self.total + other.total,
            self.squares + other.squares,
            merge_counts(self.histogram, other.histogram),
            _earlier(self.first_nan, other.first_nan),
        )

    def quantile(self, fraction: float) -> tuple[float, float] | None:
        """The histogram bin [low, high) that holds this quantile: right to a factor of 2."""
        rank, seen = fraction * (self.finite - 1), 0
        for code in sorted(self.histogram, key=lambda code: bin_edges(code)[0]):
            seen += self.histogram[code]
            if seen > rank:
                return bin_edges(code)
        return None


def bin_edges(code: int) -> tuple[float, float]:
    """The numbers in a histogram bin: low <= x < high, or low < x <= high for negative ones.

    >>> bin_edges(1023), bin_edges(2048 + 1023)
    ((1.0, 2.0), (-2.0, -1.0))
    """
    exponent = code % 2048
    low = 0.0 if exponent == 0 else 2.0 ** (exponent - 1023)
    high = 2.0**-1022 if exponent == 0 else low * 2.0
    return (-high, -low) if code >= 2048 else (low, high)


def bin_code(value: float) -> int:
    """The histogram bin of a finite number: its sign and exponent bits."""
    import struct

    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return (bits >> 52) & 4095


def moments_of(values: list[tuple[float, Place]]) -> Moments:
    """Reference implementation over single numbers; :mod:`.accumulate` is the fast one."""
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


def _better(one: Extreme | None, other: Extreme | None, *, sign: int) -> Extreme | None:
    if one is None or other is None:
        return one or other
    first, second = (sign * one.value, one.place), (sign * other.value, other.place)
    return one if first <= second else other


def _earlier(one: Place | None, other: Place | None) -> Place | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def moments_to_dict(moments: Moments) -> dict[str, Any]:
    """JSON-safe form; exact sums as hexadecimal text."""
    from .exact import encode

    return {
        "finite": moments.finite,
        "nan": moments.nan,
        "infinite": moments.infinite,
        "zeros": moments.zeros,
        "minimum": _extreme_to_list(moments.minimum),
        "maximum": _extreme_to_list(moments.maximum),
        "total": encode(moments.total),
        "squares": encode(moments.squares),
        "histogram": [[code, moments.histogram[code]] for code in sorted(moments.histogram)],
        "first_nan": _place_to_list(moments.first_nan),
    }


def moments_from_dict(data: Mapping[str, Any]) -> Moments:
    """The inverse of :func:`moments_to_dict`."""
    from .exact import decode

    return Moments(
        data["finite"],
        data["nan"],
        data["infinite"],
        data["zeros"],
        _extreme_from_list(data["minimum"]),
        _extreme_from_list(data["maximum"]),
        decode(data["total"]),
        decode(data["squares"]),
        dict(data["histogram"]),
        None if data["first_nan"] is None else Place(*data["first_nan"]),
    )


def _place_to_list(place: Place | None) -> list[Any] | None:
    return None if place is None else [place.file, place.frame, place.atom]


def _extreme_to_list(extreme: Extreme | None) -> list[Any] | None:
    return None if extreme is None else [extreme.value, *(_place_to_list(extreme.place) or [])]


def _extreme_from_list(data: list[Any] | None) -> Extreme | None:
    return None if data is None else Extreme(float(data[0]), Place(*data[1:]))
