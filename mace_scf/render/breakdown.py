"""The parts of a loss for people: a table with aligned numbers, share bars, units and flags, also live."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from types import TracebackType

import attrs
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..catalog.registry import trainers

DOMINATES = 0.9
"""Share of the total above which a term leaves next to nothing to the others."""
DEAD = 0.001
"""Share of the total below which a term hardly trains anything."""

_BAR = 10  # cells
_GAP = 2
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEVELS = "▁▂▃▄▅▆▇█"
_FLAG_STYLES = {"not finite": "bold red", "dominates": "yellow", "dead": "cyan", "no labels": "dim"}


@attrs.frozen
class TermLine:
    """One term, as plain numbers.

    Attributes:
        name: of the term.
        weighted: raw value times weight.
        raw: before the weight, in the catalog's unit; ``None`` if unknown.
        weight: of the stage; ``None`` if unknown.
        share: part of the total; computed from the weighted values where it is not given.
        count: labelled elements; ``None`` if unknown.
        gradient_norm: of the weighted term with respect to the predictions; ``None`` if unknown.
        not_finite: batches in which it was nan or infinite, where the line stands for several.
        trend: earlier values, oldest first.
        change: relative change over them; ``None`` if that cannot be said.
    """

    name: str
    weighted: float
    raw: float | None = None
    weight: float | None = None
    share: float | None = None
    count: int | None = None
    gradient_norm: float | None = None
    not_finite: int = 0
    trend: Sequence[float] = ()
    change: float | None = None


@attrs.frozen
class BreakdownView:
    """A row a term and one for the total, as wide as there is room for.

    Columns that nothing is known for are left out. Where room is short whole columns go, so that no
    number is ever cut.
    """

    terms: Sequence[TermLine]
    title: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, through rich's protocol."""
        yield breakdown_table(self.terms, title=self.title, width=options.max_width)


def breakdown_table(terms: Sequence[TermLine], *, title: str = "", width: int = 160) -> Table:
    """The table of a :class:`BreakdownView` for a width in characters."""
    table = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
    columns = _fitting(_columns(terms), width)
    for column in columns:
        table.add_column(
            column.title, justify=column.justify, no_wrap=column.title != "flag", header_style="bold"
        )
    for place in range(len(terms) + 1):
        style = "bold" if place == len(terms) else ""
        table.add_row(*(column.cells[place] for column in columns), style=style)
    return table


def shares(terms: Sequence[TermLine]) -> tuple[float, ...]:
    """Part of each term in the sum of those that are finite; nan for one that is not, 0 where the sum is 0.

    >>> shares([TermLine("forces", 3.0), TermLine("esps", 1.0), TermLine("dipole", float("nan"))])
    (0.75, 0.25, nan)
    """
    total = sum(term.weighted for term in terms if math.isfinite(term.weighted))
    return tuple(_share(term, total) for term in terms)


def flags(terms: Sequence[TermLine]) -> tuple[str, ...]:
    """What is odd about each term: "not finite", "dominates", "dead", "no labels" or nothing."""
    alone = len(terms) == 1
    return tuple("" if alone and word == "dominates" else word for word in map(_flag, terms, shares(terms)))


@cache
def unit_of(name: str) -> str:
    """Unit of a term's raw value in the catalog; "" for a term that has none or is not there."""
    found = (version.term_by_name.get(name) for version in trainers())
    return next((term.unit for term in found if term is not None), "")


class LiveBreakdown:
    """A table on the terminal that is replaced whenever there are new numbers; a context manager."""

    def __init__(self, console: Console | None = None, *, per_second: float = 4.0) -> None:
        self._live = Live(console=console, refresh_per_second=per_second, transient=False)

    def __enter__(self) -> LiveBreakdown:
        self._live.start()
        return self

    def show(self, terms: Sequence[TermLine], *, title: str = "") -> None:
        """Show these numbers from now on."""
        self._live.update(BreakdownView(terms, title), refresh=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()


@attrs.frozen
class _Column:
    """Cells from top to bottom, that of the total last; the higher its order the sooner it goes."""

    title: str
    cells: Sequence[Text]
    justify: JustifyMethod = "right"
    order: int = 0

    def width(self) -> int:
        return max(cell.cell_len for cell in (Text(self.title), *self.cells))


def _columns(terms: Sequence[TermLine]) -> Iterator[_Column]:
    given, words = shares(terms), flags(terms)
    total, empty = sum(term.weighted for term in terms), Text("")
    yield _Column("term", [*(Text(term.name) for term in terms), Text("total")], "left")
    yield _Column("raw", [*(_number(term.raw) for term in terms), empty], order=5)
    yield _Column(
        "unit", [*(Text(unit_of(term.name), style="dim") for term in terms), empty], "left", order=6
    )
    yield _Column("weight", [*(_weight(term.weight) for term in terms), empty], order=3)
    yield _Column("weighted", [*(_number(term.weighted) for term in terms), _number(total)])
    yield _Column("share", [*(_percent(share) for share in given), empty], order=1)
    yield _Column(
        "", [*(_bar(share, word) for share, word in zip(given, words, strict=True)), empty], "left", order=4
    )
    yield _Column("labels", [*(_count(term.count) for term in terms), empty], order=7)
    yield _Column("gradient", [*(_number(term.gradient_norm) for term in terms), empty], order=9)
    yield _Column("trend", [*(Text(sparkline(term.trend)) for term in terms), empty], "left", order=8)
    yield _Column("change", [*(_change(term.change) for term in terms), empty], order=2)
    yield _Column(
        "flag", [*(_flag_text(term, word) for term, word in zip(terms, words, strict=True)), empty], "left"
    )


def _fitting(columns: Iterable[_Column], width: int) -> list[_Column]:
    left = [column for column in columns if any(cell.plain.strip() for cell in column.cells)]
    while sum(column.width() + _GAP for column in left) - _GAP > width:
        last = max(left, key=lambda column: column.order)
        if not last.order:
            break
        left.remove(last)
    return left


def sparkline(values: Sequence[float]) -> str:
    """Values on a logarithmic scale in one character each: × not finite, · not positive.

    >>> sparkline([1.0, 10.0, float("nan"), 100.0, 0.0])
    '▁▅×█·'
    """
    logs = [math.log(value) for value in values if 0 < value < math.inf]
    low, span = (min(logs), max(logs) - min(logs)) if logs else (0.0, 0.0)
    return "".join(_level(value, low, span) for value in values)


def _level(value: float, low: float, span: float) -> str:
    if not math.isfinite(value):
        return "×"
    if value <= 0:
        return "·"
    # a change of less than a percent is noise and shall not fill the whole height
    height = (math.log(value) - low) / max(span, 0.01)
    return _LEVELS[min(round(height * 7), 7)]


def _flag(term: TermLine, share: float) -> str:
    if term.not_finite or not math.isfinite(term.weighted):
        return "not finite"
    if term.count == 0:
        return "no labels"
    if share > DOMINATES:
        return "dominates"
    return "dead" if share < DEAD else ""


def _share(term: TermLine, total: float) -> float:
    if term.share is not None:
        return term.share
    if not math.isfinite(term.weighted):
        return math.nan
    return term.weighted / total if total else 0.0


def _number(value: float | None) -> Text:
    if value is None:
        return Text("")
    return Text(f"{value:.3e}", style="" if math.isfinite(value) else "bold red")


def _weight(value: float | None) -> Text:
    return Text("" if value is None else f"{value:g}")


def _count(value: int | None) -> Text:
    return Text("" if value is None else f"{value}")


def _percent(share: float) -> Text:
    if not math.isfinite(share):
        return Text("–")
    return Text("< 0.1 %" if 0 < share < DEAD else f"{share:.1%}".replace("%", " %"))


def _bar(share: float, word: str) -> Text:
    if not math.isfinite(share):
        return Text("")
    eighths = min(max(round(share * _BAR * 8), 0), _BAR * 8)
    text = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
    return Text(text.ljust(_BAR), style=_FLAG_STYLES.get(word, "green"))


def _change(value: float | None) -> Text:
    if value is None or not math.isfinite(value):
        return Text("")
    return Text(f"{value:+.0%}".replace("%", " %") if value < 10 else f"×{value + 1:.0f}")


def _flag_text(term: TermLine, word: str) -> Text:
    batches = f"{term.not_finite} batch{'' if term.not_finite == 1 else 'es'}"
    times = f" in {batches}" if word == "not finite" and term.not_finite else ""
    return Text(word + times, style=_FLAG_STYLES.get(word, ""))
