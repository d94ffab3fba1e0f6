"""Loss terms of a training run over its batches: logarithmic, with averages, and nothing left out silently.

A long curve is drawn as the band between its smallest and largest value in each of about a thousand
stretches, so that no spike is lost. What a logarithmic axis cannot show has marks of its own: values
that are not finite in a strip above, values of zero or below at the lower edge.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import MaceScfError
from .curves import FEW, STRETCHES, draw_strip, draw_term, not_finite_counts, span_of
from .series import LossSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_TICKS = 12


class PlotUnavailableError(MaceScfError, ImportError):
    """The library that draws is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "drawing needs matplotlib: pip install matplotlib, or '.[plot]' from a checkout of mace-scf"
        )


def losses_figure(series: LossSeries, *, title: str = "") -> Figure:
    """The picture of a log.

    Raises:
        PlotUnavailableError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotUnavailableError from error
    odd = [term for term in series.terms if not_finite_counts(series, term)]
    figure = Figure(figsize=(11, 6 + 0.2 * len(odd)), layout="constrained")
    strip, main = _axes(figure, len(odd))
    _draw_context(main, series)
    for place, term in enumerate(series.terms):
        draw_term(main, series, term, place)
    if strip is not None:
        draw_strip(strip, series, odd)
    _finish(figure, main, strip or main, series, title)
    return figure


def save_figure(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure; the ending of the name decides the format.

    Raises:
        OSError: the file cannot be written.
        ValueError: the ending is no format of pictures.
    """
    figure.savefig(path, dpi=150)


def _axes(figure: Figure, rows: int) -> tuple[Axes | None, Axes]:
    if not rows:
        return None, figure.add_subplot()
    strip, main = figure.subplots(2, 1, sharex=True, height_ratios=[0.2 * rows + 0.05, 5])
    return strip, main


def _draw_context(axes: Axes, series: LossSeries) -> None:
    """Stage bands, restarts and epochs, behind everything."""
    ends = [series.place(batch) for batch, _ in series.stages[1:]] + [series.place(series.last + 1)]
    names = list(dict.fromkeys(stage for _, stage in series.stages))
    for (batch, stage), end in zip(series.stages, ends, strict=False):
        begin = series.place(batch)
        colour = "#000000" if names.index(stage) % 2 else "#ffffff"
        axes.axvspan(begin, end, color=colour, alpha=0.05, lw=0, zorder=0, gid="stage")
        _say(axes, begin, f" stage {stage}", "left")
    for batch in series.runs:
        axes.axvline(series.place(batch), color="#444444", ls=(0, (6, 3)), lw=1.2, zorder=1, gid="restart")
        _say(axes, series.place(batch), "restart ", "right")
    for batch, _ in _some(series.epochs):
        axes.axvline(series.place(batch), color="#bbbbbb", lw=0.6, zorder=0.5, gid="epoch")


def _say(axes: Axes, x: float, text: str, side: str) -> None:
    """Small words inside the lower edge."""
    axes.text(
        x, 0.045, text, transform=axes.get_xaxis_transform(), ha=side, va="bottom", fontsize=8,
        color="#444444", clip_on=True,
    )  # fmt: skip


def _some(marks: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Every n-th of many marks, counted by a round number of epochs."""
    round_numbers = (digit * 10**power for power in itertools.count() for digit in (1, 2, 5))
    every = next(number for number in round_numbers if len(marks) / number <= _MOST_TICKS)
    return [mark for mark in marks if mark[1] % every == 0]


def _finish(figure: Figure, main: Axes, top: Axes, series: LossSeries, title: str) -> None:
    main.set_yscale("log")
    main.set_ylabel("weighted loss")
    main.set_xlabel("step" if series.by_step else "batch")
    main.margins(x=0.01)
    if not _has_positive(series):
        main.set_yscale("linear")
        main.set_yticks([])
        main.text(
            0.5, 0.5, "no finite value above zero", transform=main.transAxes, ha="center", color="#888888"
        )
    main.grid(axis="y", color="#e6e6e6", lw=0.6)
    main.set_axisbelow(True)
    _name_epochs(top, series)
    if series.curves:
        figure.legend(
            *main.get_legend_handles_labels(), loc="outside right upper", frameon=False, fontsize=9,
            title="term  [unit before its weight]", title_fontsize=9, alignment="left",
        )  # fmt: skip
    figure.suptitle(title, fontsize=11, x=0.01, ha="left", fontweight="bold")
    figure.supxlabel(_footnote(series), fontsize=8, color="#555555", x=0.01, ha="left")


def _name_epochs(axes: Axes, series: LossSeries) -> None:
    some = _some(series.epochs)
    if some:
        above = axes.secondary_xaxis("top")
        above.set_xticks(
            [series.place(batch) for batch, _ in some], [str(epoch) for _, epoch in some], fontsize=8
        )
        above.set_xlabel("end of epoch", fontsize=8)
        above.tick_params(length=2)


def _footnote(series: LossSeries) -> str:
    parts = [f"{series.batches} batches"]
    longest = max((len(curve.value) for curve in series.curves.values()), default=0)
    if longest > FEW:
        parts.append(f"thick: moving average over about {span_of(longest)} batches")
    if longest > 2 * STRETCHES:
        parts.append("band: smallest to largest value")
    if None in series.splits:
        parts.append("the log does not tell training from validation batches")
    elif len(series.splits) > 1:
        parts.append("circles: mean of an evaluation")
    if series.unread:
        parts.append(f"not readable: {sum(series.unread.values())}")
    return "; ".join(parts)


def _has_positive(series: LossSeries) -> bool:
    return any(0 < value < math.inf for curve in series.curves.values() for value in curve.value)
