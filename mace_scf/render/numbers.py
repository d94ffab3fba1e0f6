"""The numbers of a profile for people: ranges with their places, what is not finite, small histograms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from mace_scf.dataset.moments import Extreme, Moments, bin_edges
from mace_scf.dataset.place import Place
from mace_scf.dataset.profile import DatasetProfile

from .tables import add_row, new_table

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 8  # bars of a histogram
_NARROW = 110  # columns of a terminal; below, cells have two lines


def numbers_parts(splits: Mapping[str, DatasetProfile], *, width: int) -> Iterator[Table | Text]:
    """A table for each split; then what no number was read of, and what is not finite."""
    for name, profile in splits.items():
        yield _table(name, profile, narrow=width < _NARROW)
    yield from (unread for name, profile in splits.items() for unread in _unread(name, profile))
    yield from (Text(line, style="bold yellow") for line in not_finite(splits))


def not_finite(splits: Mapping[str, DatasetProfile]) -> Iterator[str]:
    """One line for each key that is NaN or infinite somewhere, with the first place."""
    for profile in splits.values():
        found: dict[str, list[Moments]] = {}
        for (location, key, _), moments in sorted(profile.numbers.items()):
            if location != "frame" and moments.first_nan is not None:
                found.setdefault(key, []).append(moments)
        for key, several in found.items():
            count = sum(moments.nan + moments.infinite for moments in several)
            first = min(moments.first_nan for moments in several if moments.first_nan is not None)
            places = f"{count} place{'' if count == 1 else 's'}"
            yield f"{key} is NaN or infinite in {places}, the first in {first.shown}"


def sparkline(moments: Moments, width: int = _WIDTH) -> str:
    """Bars from the smallest to the largest number; each power of two is spread evenly over its range.

    >>> sparkline(Moments())
    ''
    """
    if moments.minimum is None or moments.maximum is None:
        return ""
    low, high = moments.minimum.value, moments.maximum.value
    span = high - low
    if not 0.0 < span < float("inf"):
        return _BARS[-1]
    bars = [0.0] * width
    for code, count in moments.histogram.items():
        first, last = bin_edges(code)
        start = (min(max(first, low), high) - low) / span * width
        end = (min(max(last, low), high) - low) / span * width
        _spread(bars, start, end, count)
    return "".join(_bar(height, max(bars)) for height in bars)


def _spread(bars: list[float], start: float, end: float, count: int) -> None:
    """Share ``count`` among the bars between two points of the axis, in bars."""
    if end - start < 1e-9:
        bars[min(int(start), len(bars) - 1)] += count
        return
    for index in range(int(start), min(int(end), len(bars) - 1) + 1):
        bars[index] += count * max(0.0, min(end, index + 1) - max(start, index)) / (end - start)


def _bar(height: float, tallest: float) -> str:
    """A bar; nothing counts as nothing, and a single number is still seen."""
    if height <= 0.0:
        return " "
    return _BARS[min(len(_BARS) - 1, int(height / tallest * len(_BARS)))]


def _table(name: str, profile: DatasetProfile, *, narrow: bool) -> Table:
    several = len(profile.files) > 1
    at = "file:frame:atom" if several else "frame:atom"
    title = f"numbers in {name} (extremes @ {at})"
    low_high = ("from @, to @",) if narrow else ("min @", "max @")
    table = new_table(title, "key", "count>", *low_high, "mean>", "zeros>", "NaN, inf>", "min to max")
    for (location, key, component), moments in sorted(profile.numbers.items()):
        if location != "frame":
            shown = f"{key}[{component}]" if (location, key, 1) in profile.numbers else key
            ends = [_extreme(end, several) for end in (moments.minimum, moments.maximum)]
            add_row(table, shown, *_cells(moments, ends, several, narrow=narrow))
    return table


def _cells(moments: Moments, ends: list[str], several: bool, *, narrow: bool) -> Iterator[str]:
    yield str(moments.count)
    yield from ["\n".join(ends)] if narrow else ends
    yield "-" if moments.mean is None else f"{moments.mean:.{4 if narrow else 6}g}"
    yield str(moments.zeros)
    broken = moments.nan + moments.infinite
    place = f"{chr(10) if narrow else ' '}@ {_at(moments.first_nan, several)}" if moments.first_nan else ""
    yield f"{broken}{place}"
    yield sparkline(moments)


def _extreme(end: Extreme | None, several: bool) -> str:
    return "-" if end is None else f"{end.value:.6g} @ {_at(end.place, several)}"


def _at(place: Place, several: bool) -> str:
    """``12:3``: the frame and the atom; with the name of the file where there are several."""
    atom = f":{place.atom}" if place.atom >= 0 else ""
    return (f"{place.file.rpartition('/')[2]}:" if several else "") + f"{place.frame}{atom}"


def _unread(name: str, profile: DatasetProfile) -> Iterator[Text]:
    """A header alone is read unless every number is asked for; cards may join both."""
    read, frames = profile.value_frames, profile.frames
    if frames and read < frames:
        of = f" of {frames - read} of {frames} frames" if read else ""
        yield Text(
            f"{name}: the numbers of the atom lines{of} were not read: ranges, zeros and NaN of columns "
            "are not known (--values reads them)"
        )
