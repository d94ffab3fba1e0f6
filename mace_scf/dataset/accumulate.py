"""Moments of many numbers at once: one by one in plain Python, or whole arrays with numpy.

Both ways, and the compiled one in :mod:`.kernels`, give the same :class:`.Moments` bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .exact import can_be_split, exact_integer, split_sums
from .moments import Extreme, Moments, bin_code
from .place import Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MANTISSA = (1 << 52) - 1
_LOW = (1 << 26) - 1


class Heap:
    """A growing heap of single numbers; needs no numpy."""

    def __init__(self) -> None:
        self._nan = self._infinite = self._zeros = self._finite = 0
        self._total = self._squares = 0
        self._histogram: dict[int, int] = {}
        self._low: Extreme | None = None
        self._high: Extreme | None = None
        self._first_nan: Place | None = None

    def add(self, value: float, place: Place) -> None:
        """One more number."""
        if value - value != 0.0:
            self._add_strange(value, place)
            return
        self._finite += 1
        self._zeros += value == 0.0
        self._total += exact_integer(value)
        square = value * value
        self._squares += exact_integer(square) if square != float("inf") else 0
        code = bin_code(value)
        self._histogram[code] = self._histogram.get(code, 0) + 1
        low, high = self._low, self._high
        if low is None or value < low.value or (value == low.value and place < low.place):
            self._low = Extreme(value + 0.0, place)
        if high is None or value > high.value or (value == high.value and place < high.place):
            self._high = Extreme(value + 0.0, place)

    def _add_strange(self, value: float, place: Place) -> None:
        self._nan += value != value
        self._infinite += value == value
        self._first_nan = min(place, self._first_nan or place)

    def finish(self) -> Moments:
        """What was gathered."""
        return Moments(
            self._finite,
            self._nan,
            self._infinite,
            self._zeros,
            self._low,
            self._high,
            self._total,
            self._squares,
            self._histogram,
            self._first_nan,
        )


def array_moments(
    values: NDArray[np.float64], file: str, frames: NDArray[np.int64], atoms: NDArray[np.int64] | None = None
) -> Moments:
    """Moments of one component.

    Args:
        values: (n,), contiguous, fewer than 2**26.
        file: the file's name for the places.
        frames: (n,) frame of each number; places must not fall.
        atoms: (n,) atom of each number, if it is a column.
    """
    import numpy as np

    finite = np.isfinite(values)
    everything = bool(finite.all())
    kept = values if everything else values[finite]
    if kept.size == 0:
        return _strange(Moments(), values, finite, file, frames, atoms)
    low, high = int(np.argmin(kept)), int(np.argmax(kept))
    rows = np.arange(values.size) if everything else np.flatnonzero(finite)
    zeros = int(np.count_nonzero(kept == 0.0))
    codes = (kept.view(np.int64) >> 52) & 4095
    histogram = _histogram(codes)
    total, squares = _sums(kept, codes, histogram, zeros)
    moments = Moments(
        finite=int(kept.size),
        zeros=zeros,
        minimum=Extreme(float(kept[low]) + 0.0, _place(int(rows[low]), file, frames, atoms)),
        maximum=Extreme(float(kept[high]) + 0.0, _place(int(rows[high]), file, frames, atoms)),
        total=total,
        squares=squares,
        histogram=histogram,
    )
    return moments if everything else _strange(moments, values, finite, file, frames, atoms)


def _histogram(codes: NDArray[np.int64]) -> dict[int, int]:
    import numpy as np

    counts = np.bincount(codes)
    used = np.flatnonzero(counts)
    return dict(zip(used.tolist(), counts[used].tolist(), strict=True))


def _sums(
    values: NDArray[np.float64], codes: NDArray[np.int64], histogram: dict[int, int], zeros: int
) -> tuple[int, int]:
    """Exact sums of finite numbers and of their squares."""
    import numpy as np

    at_zero = histogram.get(0, 0) + histogram.get(2048, 0)
    if at_zero == zeros and all(can_be_split(code & 2047) for code in histogram):
        return split_sums(values)
    with np.errstate(over="ignore", under="ignore"):
        squares = values * values
    return _binned(values, codes), _binned(squares, (squares.view(np.int64) >> 52) & 4095)


def _binned(values: NDArray[np.float64], codes: NDArray[np.int64]) -> int:
    import numpy as np

    mantissas = (values.view(np.int64) & MANTISSA) | (((codes & 2047) != 0).astype(np.int64) << 52)
    # Halves below 2**27 in fewer than 2**26 numbers: float64 bins hold their sums exactly.
    low = np.bincount(codes, weights=(mantissas & _LOW).astype(np.float64)).astype(np.int64)
    high = np.bincount(codes, weights=(mantissas >> 26).astype(np.float64)).astype(np.int64)
    used = np.flatnonzero(low + high)
    return binned_total(used.tolist(), low[used].tolist(), high[used].tolist())


def binned_total(codes: Iterable[int], low: Iterable[int], high: Iterable[int]) -> int:
    """The exact sum from mantissa halves added up per sign-and-exponent code, in units of 2**-1074.

    Args:
        codes: each once.
        low: for each, Σ of the lower 26 mantissa bits.
        high: for each, Σ of the upper 27 bits; both unsigned, the sign is in the code.
    """
    total = 0
    for code, lower, upper in zip(codes, low, high, strict=True):
        exponent = code & 2047
        if exponent == 2047:  # squares that overflowed count as nothing
            continue
        part = ((upper << 26) + lower) << max(exponent - 1, 0)
        total += -part if code >= 2048 else part
    return total


def _place(row: int, file: str, frames: NDArray[np.int64], atoms: NDArray[np.int64] | None) -> Place:
    return Place(file, int(frames[row]), -1 if atoms is None else int(atoms[row]))


def _strange(
    moments: Moments,
    values: NDArray[np.float64],
    finite: NDArray[np.bool_],
    file: str,
    frames: NDArray[np.int64],
    atoms: NDArray[np.int64] | None,
) -> Moments:
    """The same with NaN and infinities counted."""
    import attrs
    import numpy as np

    rows = np.flatnonzero(~finite)
    if rows.size == 0:
        return moments
    nan = int(np.count_nonzero(np.isnan(values)))
    place = _place(int(rows[0]), file, frames, atoms)
    return attrs.evolve(moments, nan=nan, infinite=int(rows.size) - nan, first_nan=place)
