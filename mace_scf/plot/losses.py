"""Loss terms of a training run over its batches: logarithmic, with averages, and nothing left out silently.

A long curve is drawn as the band between its smallest and largest value in each of about a thousand
stretches, so that no spike is lost. What a logarithmic axis cannot show has marks of its own: values
that are not finite in a strip above, values of zero or below at the lower edge.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import MaceScfError
from ..render.breakdown import unit_of
from .series import Curve, LossSeries, moving_average

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9",
    "#E69F00", "#222222", "#7F3C8D", "#8C564B", "#999933",
)  # fmt: skip
_LINES = ("-", "--", ":")  # after every colour was used once
_STRETCHES = 1000  # of a curve that is drawn as a band; more than the picture has columns for
_FEW = 30  # values that need no average
_MOST_TICKS = 12
_KINDS = (("nan", "x"), ("inf", "^"), ("-inf", "v"))


class PlotUnavailableError(MaceScfError, ImportError):
    """The library that draws is not installed."""

    def __init__(self) -> None:
        super().__init__("drawing needs matplotlib: pip install 'mace-scf[plot]'")


def losses_figure(series: LossSeries, *, title: str = "") -> Figure:
    """The picture of a log.

    Raises:
        PlotUnavailableError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotUnavailableError from error
    odd = [term for term in series.terms if _not_finite_counts(series, term)]
    figure = Figure(figsize=(11, 6 + 0.2 * len(odd)), layout="constrained")
    strip, main = _axes(figure, len(odd))
    _draw_context(main, series)
    for place, term in enumerate(series.terms):
        _draw_term(main, series, term, _style(place))
    if strip is not None:
        _draw_strip(strip, series, odd)
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


def _style(place: int) -> dict[str, Any]:
    turn, colour = divmod(place, len(_COLOURS))
    return {"color": _COLOURS[colour], "linestyle": _LINES[turn % len(_LINES)]}


def _abscissa(series: LossSeries, curve: Curve) -> Any:
    import numpy as np

    return np.asarray(curve.step if series.by_step else curve.batch, dtype=float)


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
    every = 1
    while len(marks) / every > _MOST_TICKS:
        every *= 2 if str(every)[0] in "15" else 1
        every = every * 5 // 2 if str(every)[0] == "2" and len(marks) / every > _MOST_TICKS else every
    return [mark for mark in marks if mark[1] % every == 0]


def _draw_term(axes: Axes, series: LossSeries, term: str, style: dict[str, Any]) -> None:
    label = _label(series, term)
    for split in series.splits:
        curve = series.curves.get((term, split))
        if curve is None:
            continue
        if split in (None, "train"):
            _draw_curve(axes, series, curve, style, label)
        else:
            _draw_evaluations(axes, series, curve, style, label)
        _mark_zeros(axes, series, curve, style)
        label = "_"


def _label(series: LossSeries, term: str) -> str:
    unit, lost = unit_of(term), _not_finite_counts(series, term)
    zeros = sum(
        value <= 0 for curve in _of_term(series, term) for value in curve.value if math.isfinite(value)
    )
    notes = [*(f"{count} × {kind}" for kind, count in lost.items()), *([f"{zeros} × ≤ 0"] if zeros else [])]
    return term + (f"  [{unit}]" if unit else "") + ("\n    " + ", ".join(notes) if notes else "")


def _draw_curve(axes: Axes, series: LossSeries, curve: Curve, style: dict[str, Any], label: str) -> None:
    """Single values thin, or the band of many; their average thick."""
    import numpy as np

    x, y = _abscissa(series, curve), _positive(curve)
    few = len(y) <= _FEW
    if few:
        axes.plot(*_broken(x, y, curve.breaks), **style, lw=1.6, marker="o", ms=3, label=label, gid="values")
        return
    if len(y) > 2 * _STRETCHES:
        _draw_band(axes, x, y, style)
    else:
        axes.plot(*_broken(x, y, curve.breaks), **style, lw=0.6, alpha=0.35, label="_", gid="values")
    average = np.asarray(moving_average(curve, span_of(len(y))))
    x, average = _broken(x, average, curve.breaks)
    kept = _thinned(average)
    axes.plot(x[kept], average[kept], **style, lw=1.6, label=label, gid="average")


def span_of(length: int) -> int:
    """How many values the moving average of a curve spans."""
    return min(max(length // 50, 10), 500)


def _draw_band(axes: Axes, x: Any, y: Any, style: dict[str, Any]) -> None:
    import numpy as np

    edges = np.linspace(0, len(y), _STRETCHES + 1).astype(int)[:-1]
    middle = x[np.minimum(edges + len(y) // (2 * _STRETCHES), len(y) - 1)]
    # fmin and fmax pass over nan; a stretch of nothing else stays nan and leaves a gap
    low, high = np.fmin.reduceat(y, edges), np.fmax.reduceat(y, edges)
    axes.fill_between(middle, low, high, color=style["color"], alpha=0.22, lw=0, zorder=1.5, gid="band")


def _thinned(values: Any) -> Any:
    """Indices of a smooth curve that are worth drawing; gaps are kept."""
    import numpy as np

    step = max(1, len(values) // (2 * _STRETCHES))
    kept = np.zeros(len(values), dtype=bool)
    kept[::step] = kept[-1] = True
    return np.flatnonzero(kept | np.isnan(values))


def _draw_evaluations(
    axes: Axes, series: LossSeries, curve: Curve, style: dict[str, Any], label: str
) -> None:
    """Mean over the batches of each evaluation."""
    import numpy as np

    x, y = _abscissa(series, curve), np.asarray(curve.value)
    groups = np.asarray(curve.batch) - np.arange(len(y))  # constant while batches follow one another
    begins = np.flatnonzero(np.diff(groups, prepend=groups[0] - 1))
    finite = np.where(np.isfinite(y), y, 0.0)
    number = np.add.reduceat(np.isfinite(y).astype(float), begins)
    mean = np.add.reduceat(finite, begins) / np.where(number > 0, number, np.nan)
    axes.plot(
        x[begins], np.where(mean > 0, mean, np.nan), color=style["color"], ls=":", lw=0.8, marker="o", ms=5,
        mfc="white", label=label, zorder=4, gid=f"evaluations {curve.split}",
    )  # fmt: skip


def _mark_zeros(axes: Axes, series: LossSeries, curve: Curve, style: dict[str, Any]) -> None:
    import numpy as np

    values = np.asarray(curve.value)
    x = _apart(_abscissa(series, curve)[np.isfinite(values) & (values <= 0)], series)
    if len(x):
        axes.plot(
            x, np.full(len(x), 0.012), transform=axes.get_xaxis_transform(), color=style["color"], ls="",
            marker="v", ms=4, label="_", zorder=5, gid="zeros",
        )  # fmt: skip


def _draw_strip(axes: Axes, series: LossSeries, terms: Sequence[str]) -> None:
    """A row for each term that was not finite somewhere, a mark for every such place."""
    import numpy as np

    for row, term in enumerate(terms):
        colour = _style(series.terms.index(term))["color"]
        for curve in _of_term(series, term):
            values, x = np.asarray(curve.value), _abscissa(series, curve)
            for (kind, marker), where in zip(_KINDS, _kinds(values), strict=True):
                found = _apart(x[where], series)
                if len(found):
                    axes.plot(
                        found, np.full(len(found), row), color=colour, ls="", marker=marker, ms=5,
                        clip_on=False, gid=f"{kind} {term}",
                    )  # fmt: skip
    axes.set_yticks(range(len(terms)), terms, fontsize=8)
    axes.set_ylim(len(terms) - 0.5, -0.5)
    axes.set_facecolor("#fff1f0")
    axes.tick_params(axis="both", length=0, labelbottom=False)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)


def _apart(x: Any, series: LossSeries) -> Any:
    """At most one mark in a thousandth of the width: more would lie on one another."""
    import numpy as np

    if len(x) <= _STRETCHES:
        return x
    width = max(float(x[-1] - x[0]), 1.0) / _STRETCHES
    return x[np.unique((x - x[0]) // width, return_index=True)[1]]


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
    if longest > _FEW:
        parts.append(f"thick: moving average over about {span_of(longest)} batches")
    if longest > 2 * _STRETCHES:
        parts.append("band: smallest to largest value")
    if None in series.splits:
        parts.append("the log does not tell training from validation batches")
    elif len(series.splits) > 1:
        parts.append("circles: mean of an evaluation")
    if series.unread:
        parts.append(f"not readable: {sum(series.unread.values())}")
    return "; ".join(parts)


def _positive(curve: Curve) -> Any:
    """Values that a logarithmic axis can show, nan elsewhere."""
    import numpy as np

    values = np.asarray(curve.value)
    return np.where(np.isfinite(values) & (values > 0), values, np.nan)


def _broken(x: Any, y: Any, breaks: Sequence[int]) -> tuple[Any, Any]:
    """With a gap at each break."""
    import numpy as np

    return np.insert(x, breaks, np.nan), np.insert(y, breaks, np.nan)


def _kinds(values: Any) -> tuple[Any, Any, Any]:
    import numpy as np

    return np.isnan(values), values == math.inf, values == -math.inf


def _of_term(series: LossSeries, term: str) -> list[Curve]:
    return [curve for (name, _), curve in series.curves.items() if name == term]


def _not_finite_counts(series: LossSeries, term: str) -> dict[str, int]:
    import numpy as np

    found = {kind: 0 for kind, _ in _KINDS}
    for curve in _of_term(series, term):
        for (kind, _), where in zip(_KINDS, _kinds(np.asarray(curve.value)), strict=True):
            found[kind] += int(where.sum())
    return {kind: count for kind, count in found.items() if count}


def _has_positive(series: LossSeries) -> bool:
    return any(0 < value < math.inf for curve in series.curves.values() for value in curve.value)
