"""D205: a dipole without its three weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._heads import Mapped
from ._labels import counted, is_findable, read_lines, verb

if TYPE_CHECKING:
    from ...dataset.frame import Item

_WEIGHT = "config_dipole_weight"


@final
class DipoleWeightsMissing(Rule):
    """A dipole without its three weights.

    What it checks: every frame that carries the mapped dipole also has `config_dipole_weight` with three
    numbers, in the training, validation and test file.

    Why it matters: along a periodic direction a dipole is not defined, so the trainer insists on one weight
    per axis: it stops with a ValueError while the data are loaded. One number for all three is refused too.

    How to fix: write `config_dipole_weight="1 1 1"` for molecules, `"0 0 1"` for slabs, `"0 0 0"` for bulk.
    """

    code, slug, severity = "D205", "dipole-weights-missing", Severity.ERROR
    after = ("D105",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding with the counts of every split."""
        for line in read_lines(context):
            if line.name == "dipole" and is_findable(line):
                counts = [(split, _unweighted(split, str(line.key.value))) for split in context.data.splits]
                bad = [(split, count) for split, count in counts if count]
                if bad:
                    yield self._missing(line, bad)

    def _missing(self, line: Mapped, bad: list[tuple[Split, int]]) -> Diagnostic:
        total = sum(count for _, count in bad)
        return self.finding(
            f"{counted(total, 'frame')} with `{line.key.value}` {verb(total, 'lack')} three numbers in `{_WEIGHT}`",
            span=line.key.span, labels=bad[0][0].setting.label("read from here"),
            notes=(
                "; ".join(f"{split.name}: {count} of {counted(split.profile.frames, 'frame')}" for split, count in bad),
                *_firsts([split for split, _ in bad], str(line.key.value)),
                *(_forms(bad[0][0])),
            ),
            when="the trainer stops when it loads the data",
            help='write `config_dipole_weight="1 1 1"` for molecules, `"0 0 1"` for slabs, `"0 0 0"` for bulk',
        )  # fmt: skip


def _unweighted(split: Split, key: str) -> int:
    from ...dataset.answers import frames_with

    return frames_with(split.profile, _lacking(key)) or 0


def _firsts(splits: list[Split], key: str) -> tuple[str, ...]:
    """The first such frame of each split; a card by hand knows none."""
    from ...dataset.answers import first_frames_with

    found = [first_frames_with(split.profile, _lacking(key), limit=1) for split in splits]
    shown = [place.shown for places in found for place in places]
    return (f"the first: {'; '.join(shown)}",) if shown else ()


def _lacking(key: str) -> Callable[[frozenset[Item]], bool]:
    from ...dataset.answers import carries

    def lacks(items: frozenset[Item]) -> bool:
        return carries(items, "info", key) and not any(_is_weight(item) for item in items)

    return lacks


def _is_weight(item: Item) -> bool:
    return item.location == "info" and item.key == _WEIGHT and item.reading.numeric and item.reading.size == 3


def _forms(split: Split) -> list[str]:
    """What the entry holds where it is there."""
    from ...dataset.answers import find_key

    facts = find_key(split.profile, "info", _WEIGHT)
    return [] if facts is None else [f"`{_WEIGHT}` holds {facts.reading.shown} in {facts.frames}"]
