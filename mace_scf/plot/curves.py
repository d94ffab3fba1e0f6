"""One term of a log in a picture: its line or band, its evaluations, and marks for what no line can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..render.breakdown import unit_of
from .series import Curve, LossSeries, moving_average

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9",
    "#E69F00", "#222222", "#7F3C8D", "#8C564B", "#999933",
)  # fmt: skip
_LINES = ("-", "--", ":")  # after every colour was used once
STRETCHES = 1000
"""Of a curve that is drawn as a band; more than the picture has columns for."""
FEW = 30
"""Values that need no average."""
_KINDS = (("nan", "x"), ("inf", "^"), ("-inf", "v"))


def draw_term(axes: Axes, series: LossSeries, term: str, place: int) -> None:
    """Everything of one term that a logarithmic axis can show; its place decides its looks."""
    style, label = _style(place), _label(series, term)
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


def draw_strip(axes: Axes, series: LossSeries, terms: Sequence[str]) -> None:
    """A row for each term that was not finite somewhere, a mark for every such place."""
    import numpy as np

    for row, term in enumerate(terms):
        colour = _style(series.terms.index(term))["color"]
        for curve in _of_term(series, term):
            values, x = np.asarray(curve.value), _abscissa(series, curve)
            for (kind, marker), where in zip(_KINDS, _kinds(values), strict=True):
                found = _apart(x[where])
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


def not_finite_counts(series: LossSeries, term: str) -> dict[str, int]:
    """How often a term was nan, inf or -inf; kinds that do not occur are left out."""
    import numpy as np

    found = {kind: 0 for kind, _ in _KINDS}
    for curve in _of_term(series, term):
        for (kind, _), where in zip(_KINDS, _kinds(np.asarray(curve.value)), strict=True):
            found[kind] += int(where.sum())
    return {kind: count for kind, count in found.items() if count}


def span_of(length: int) -> int:
    """How many values the moving average of a curve spans."""
    return min(max(length // 50, 10), 500)


def _style(place: int) -> dict[str, Any]:
    turn, colour = divmod(place, len(_COLOURS))
    return {"color": _COLOURS[colour], "linestyle": _LINES[turn % len(_LINES)]}


def _label(series: LossSeries, term: str) -> str:
    unit, lost = unit_of(term), not_finite_counts(series, term)
    zeros = sum(
        value <= 0 for curve in _of_term(series, term) for value in curve.value if math.isfinite(value)
    )
    notes = [*(f"{count} × {kind}" for kind, count in lost.items()), *([f"{zeros} × ≤ 0"] if zeros else [])]
    return term + (f"  [{unit}]" if unit else "") + ("\n    " + ", ".join(notes) if notes else "")


def _abscissa(series: LossSeries, curve: Curve) -> Any:
    import numpy as np

    return np.asarray(curve.step if series.by_step else curve.batch, dtype=float)


def _draw_curve(axes: Axes, series: LossSeries, curve: Curve, style: dict[str, Any], label: str) -> None:
    """Single values thin, or the band of many; their average thick."""
    import numpy as np

    x, y = _abscissa(series, curve), _positive(curve)
    few = len(y) <= FEW
    if few:
        axes.plot(*_broken(x, y, curve.breaks), **style, lw=1.6, marker="o", ms=3, label=label, gid="values")
        return
    if len(y) > 2 * STRETCHES:
        _draw_band(axes, x, y, style)
    else:
        axes.plot(*_broken(x, y, curve.breaks), **style, lw=0.6, alpha=0.35, label="_", gid="values")
    average = np.asarray(moving_average(curve, span_of(len(y))))
    x, average = _broken(x, average, curve.breaks)
    kept = _thinned(average)
    axes.plot(x[kept], average[kept], **style, lw=1.6, label=label, gid="average")


def _draw_band(axes: Axes, x: Any, y: Any, style: dict[str, Any]) -> None:
    import numpy as np

    edges = np.linspace(0, len(y), STRETCHES + 1).astype(int)[:-1]
    middle = x[np.minimum(edges + len(y) // (2 * STRETCHES), len(y) - 1)]
    # fmin and fmax pass over nan; a stretch of nothing else stays nan and leaves a gap
    low, high = np.fmin.reduceat(y, edges), np.fmax.reduceat(y, edges)
    axes.fill_between(middle, low, high, color=style["color"], alpha=0.22, lw=0, zorder=1.5, gid="band")


def _thinned(values: Any) -> Any:
    """Indices of a smooth curve that are worth drawing; gaps are kept."""
    import numpy as np

    step = max(1, len(values) // (2 * STRETCHES))
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
    breaks = np.searchsorted(begins, curve.breaks).tolist()
    axes.plot(
        *_broken(x[begins], np.where(mean > 0, mean, np.nan), breaks), color=style["color"], ls=":", lw=0.8,
        marker="o", ms=5 if len(begins) <= 2 * FEW else 3, mfc="white", mew=0.8, label=label, zorder=4,
        gid=f"evaluations {curve.split}",
    )  # fmt: skip


def _mark_zeros(axes: Axes, series: LossSeries, curve: Curve, style: dict[str, Any]) -> None:
    import numpy as np

    values = np.asarray(curve.value)
    x = _apart(_abscissa(series, curve)[np.isfinite(values) & (values <= 0)])
    if len(x):
        axes.plot(
            x, np.full(len(x), 0.012), transform=axes.get_xaxis_transform(), color=style["color"], ls="",
            marker="v", ms=4, label="_", zorder=5, gid="zeros",
        )  # fmt: skip


def _apart(x: Any) -> Any:
    """At most one mark in a thousandth of the width: more would lie on one another."""
    import numpy as np

    if len(x) <= STRETCHES:
        return x
    width = max(float(x[-1] - x[0]), 1.0) / STRETCHES
    return x[np.unique((x - x[0]) // width, return_index=True)[1]]


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
