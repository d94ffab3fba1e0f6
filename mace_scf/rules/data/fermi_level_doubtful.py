"""D239: Fermi levels that look like placeholders, or are counted from several zeros."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._heads import Mapped
from ._labels import counted, inputs_reading, is_findable, read_lines, terms_reading

if TYPE_CHECKING:
    from ...dataset.calculations import Calculation

_LEVEL = "fermi_level"
_LOWEST, _HIGHEST = -15.0, 10.0  # V
_APART = 2.0  # V, between the means of two kinds of frames
_ENOUGH = 5


@final
class FermiLevelDoubtful(Rule):
    """Fermi levels that look like placeholders, or are counted from several zeros.

    What it checks: mapped Fermi levels that a term compares or the model reads: not exactly 0 in some frames
    and other numbers in the rest; between −15 and 10 V; and, with `--values`, alike for molecules, slabs and
    bulk: their means lie within 2 V, or closer than either kind spreads.

    Why it matters: a 0 of a converter is fitted as a level of 0 V. And a level means nothing without its
    zero: the vacuum of a molecule or a slab, the mean potential of bulk. Codes differ in it, so that levels of
    several kinds of frames may need a shift each before one model can fit them.

    How to fix: leave the entry out where there is no level; bring all frames to one zero, and say which.
    """

    code, slug, severity = "D239", "fermi-level-doubtful", Severity.WARNING
    after = ("D105", "D201", "D204", "D220")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Up to one finding of each kind for every file."""
        data = context.data
        for line in read_lines(context):
            used = line.name == _LEVEL and (terms_reading(context, _LEVEL) or inputs_reading(context, _LEVEL))
            for split in data.splits if used and is_findable(line) else ():
                yield from self._numbers(line, split)
                look = data.looks.get(split.name)
                yield from self._kinds(line, split, look.calculations if look is not None else ())

    def _numbers(self, line: Mapped, split: Split) -> Iterator[Diagnostic]:
        moments = split.profile.numbers.get(("info", str(line.key.value), 0))
        if moments is None or moments.minimum is None or moments.maximum is None:
            return
        ends = [moments.minimum, moments.maximum]
        if 0 < moments.zeros < moments.finite:
            yield self.finding(
                f"`{line.key.value}` is exactly 0 in {moments.zeros} of "
                f"{counted(moments.finite, f'{split.name} frame')}",
                span=line.key.span, labels=split.setting.label("read from here"),
                notes=(f"the others go from {ends[0].value:g} to {ends[1].value:g} V",),
                when="if these are placeholders, they are used as levels of 0 V; nobody complains",
                help="leave the entry out where there is no level",
            )  # fmt: skip
        beyond = [end for end in ends if not _LOWEST <= end.value <= _HIGHEST]
        if beyond:
            yield self.finding(
                f"`{line.key.value}` reaches {beyond[0].value:g} V in `{split.setting.name}`",
                span=line.key.span, labels=split.setting.label("read from here"),
                notes=tuple(f"{end.value:g} V in {end.place.shown}" for end in beyond),
                when="it is used as it is; nobody complains",
                help=f"check the unit (V) and the zero: {_LOWEST:g} to {_HIGHEST:g} V are usual",
            )  # fmt: skip

    def _kinds(
        self, line: Mapped, split: Split, calculations: tuple[Calculation, ...]
    ) -> Iterator[Diagnostic]:
        kinds: dict[str, list[float]] = {}
        for one in calculations:
            if one.fermi_level is not None:
                kinds.setdefault(one.pbc, []).append(one.fermi_level)
        large = {flags: levels for flags, levels in sorted(kinds.items()) if len(levels) >= _ENOUGH}
        if any(_are_apart(one, other) for one, other in combinations(large.values(), 2)):
            yield self.finding(
                f"`{line.key.value}` lies elsewhere for each kind of {split.name} frames", span=line.key.span,
                labels=split.setting.label("read from here"),
                notes=tuple(
                    f"{flags}: {min(levels):.3g} to {max(levels):.3g} V, mean {sum(levels) / len(levels):.3g} V, "
                    f"{counted(len(levels), 'frame')}" for flags, levels in large.items()
                ),
                when="if their zeros differ, one model cannot fit all; nobody complains",
                help="bring all frames to one zero of the potential, and say which it is",
            )  # fmt: skip


def _are_apart(one: list[float], other: list[float]) -> bool:
    """Two heaps more than 2 V apart that do not overlap."""
    gap = abs(sum(one) / len(one) - sum(other) / len(other))
    return gap > _APART and (max(one) < min(other) or max(other) < min(one))
