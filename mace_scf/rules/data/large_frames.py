"""D240: a few frames that are much larger than the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._labels import counted

_MUCH = 10.0  # times the mean batch


@final
class LargeFrames(Rule):
    """A few frames that are much larger than the others.

    What it checks: the atoms of a batch of the largest frames of a file, against those of a mean batch: not
    ten times as many.

    Why it matters: batches are drawn by frames, not by atoms. A run that fits into memory for epochs stops
    when the largest frames meet in one batch, hours later.

    How to fix: a smaller `batch_size` (or `valid_batch_size`) that the largest frames fit into together; or
    take them out.
    """

    code, slug, severity = "D240", "large-frames", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file."""
        for split in context.data.splits:
            option = "batch_size" if split.name == "train" else "valid_batch_size"
            batch = context.run.option(option)
            if not batch.known or not isinstance(batch.value, int) or batch.value < 1:
                continue
            worst, mean = _worst(split, batch.value), _mean(split, batch.value)
            if mean and worst > _MUCH * mean:
                size, place = split.profile.largest[0]
                yield self.finding(
                    f"a batch of the largest {split.name} frames has {counted(worst, 'atom')}, "
                    f"{worst / mean:.0f} times the mean",
                    span=split.setting.span, labels=batch.label() if batch.given else (),
                    notes=(
                        f"`{option}: {batch.value}`; a mean batch has {mean:.0f} atoms",
                        f"the largest is {place.shown}, with {counted(-size, 'atom')}",
                    ),
                    when="memory may run out in whichever epoch they meet",
                    help="try a batch of the largest frames first, or make batches smaller",
                )  # fmt: skip


def _worst(split: Split, batch: int) -> int:
    """Atoms of the largest frames together; 0 where sizes are not kept."""
    left, atoms = batch, 0
    for size, count in sorted(split.profile.sizes.counts.items(), reverse=True):
        taken = min(left, count)
        left, atoms = left - taken, atoms + taken * size
    return atoms


def _mean(split: Split, batch: int) -> float:
    profile = split.profile
    return min(batch, profile.frames) * profile.atoms / profile.frames if profile.frames else 0.0
