"""What a heap of numbers looks like: counts, extremes with their places, exact sums, a log2 histogram."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import attrs

from .exact import decode, encode, nearest_float
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
    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return (bits >> 52) & 4095


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
