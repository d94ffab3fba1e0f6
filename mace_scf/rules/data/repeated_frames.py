"""D224: frames that a file holds more than once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._labels import counted, verb

if TYPE_CHECKING:
    from ...dataset.facts import HashSketch


@final
class RepeatedFrames(Rule):
    """Frames that a file holds more than once.

    What it checks: by hashes of their content, that no file holds a frame twice; and that no two frames with
    other comment lines have the same atom lines, forces and all.

    Why it matters: a repeated frame counts twice in every epoch, which may be meant (then this is a fact to
    confirm) or the trace of files that were joined twice; and a random split puts one copy into the
    validation frames. Equal atom lines under other comment lines are one calculation with two sets of
    labels: if energies differ, they contradict each other, and no model can fit both. With `--values`, labels are
    compared one by one instead (`geometry-relabelled`).

    How to fix: keep one copy of each; a frame that should count more gets a larger `config_weight`.
    """

    code, slug, severity = "D224", "repeated-frames", Severity.INFO
    after = ("D114",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file and kind of repetition."""
        for split in context.data.splits:
            frames, blocks = split.profile.frame_hashes, split.profile.block_hashes
            if frames.duplicates:
                yield self._repeated(split, frames)
            again = _rewritten(context, split) - frames.duplicates
            if again > 0:
                yield self._rewritten(split, again)
            if _is_compared(context, split):
                continue  # D233 says which labels differ, if any do
            if blocks.duplicates > frames.duplicates and frames.complete and blocks.complete:
                yield self._relabelled(split, blocks.duplicates - frames.duplicates)

    def _repeated(self, split: Split, frames: HashSketch) -> Diagnostic:
        count = frames.duplicates
        most, first = max((seen[0], seen[1]) for seen in frames.seen.values())
        total = sum(seen[0] for seen in frames.seen.values())
        sample = () if frames.complete else (f"among {total} that were compared, a fair sample",)
        return self.finding(
            f"{counted(count, 'frame')} of `{split.setting.name}` {verb(count, 'repeat', 'repeats')} "
            "an earlier one",
            span=split.setting.span,
            notes=(*sample, f"{first.shown} is there {most} times"),
            when="every copy counts in every epoch; nobody complains",
            help="keep one of each, unless they are meant to count more",
        )  # fmt: skip

    def _rewritten(self, split: Split, count: int) -> Diagnostic:
        return self.finding(
            f"{counted(count, 'frame')} of `{split.setting.name}` {verb(count, 'are', 'is')} an earlier one, "
            "written otherwise",
            span=split.setting.span,
            notes=("elements, positions, cell, charge and labels are the same, the texts are not",),
            when="every copy counts in every epoch; nobody complains",
            help="keep one of each, unless they are meant to count more",
        )  # fmt: skip

    def _relabelled(self, split: Split, count: int) -> Diagnostic:
        return self.finding(
            f"{counted(count, 'frame')} of `{split.setting.name}` {verb(count, 'have', 'has')} the atom lines "
            "of an earlier one under another comment line",
            span=split.setting.span, severity=Severity.WARNING,
            notes=("positions and forces are the same to the last digit",),
            when="where their energies differ, no model can fit both; nobody complains",
            help="keep the calculation that is meant",
        )  # fmt: skip


def _is_compared(context: Context, split: Split) -> bool:
    """Every frame of the split was compared label by label."""
    look = context.data.looks.get(split.name)
    return look is not None and look.complete


def _rewritten(context: Context, split: Split) -> int:
    """Frames whose geometry and labels an earlier one has, where all were compared."""
    from ...dataset.calculations import contradictions

    if not _is_compared(context, split):
        return 0
    calculations = context.data.looks[split.name].calculations
    repeated = len(calculations) - len({one.geometry for one in calculations})
    return max(0, repeated - len(list(contradictions(calculations))))
