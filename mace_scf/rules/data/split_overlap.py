"""D218: frames that two splits share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._labels import counted


@final
class SplitOverlap(Rule):
    """Frames that two splits share.

    What it checks: by hashes of their content, that no frame of the validation or test file is also a
    training frame, and none of the test file a validation frame. Frames with equal atom lines and another
    comment line are told too; with `--values`, also those with an equal geometry.

    Why it matters: errors on frames that were trained on fall with every overfit epoch, choose the wrong
    checkpoint and look better than the model is. The trainer does not look.

    How to fix: take the shared frames out of one of the files.
    """

    code, slug, severity = "D218", "split-overlap", Severity.WARNING
    after = ("D114",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each pair of files."""
        for first, second in combinations(context.data.splits, 2):
            if first.path != second.path:
                yield from self._shared(context, first, second)

    def _same_geometry(self, context: Context, first: Split, second: Split) -> Iterator[Diagnostic]:
        """Frames whose columns or numbers are written otherwise; known where values were read."""
        looks = context.data.looks
        if first.name not in looks or second.name not in looks:
            return
        known = {one.geometry: one.frame for one in reversed(looks[first.name].calculations)}
        shared = [one for one in looks[second.name].calculations if one.geometry in known]
        if shared:
            other = shared[0]
            yield self.finding(
                f"{counted(len(shared), f'{second.name} frame')} also stand{'s' if len(shared) == 1 else ''} "
                f"among the {first.name} frames",
                span=second.setting.span, labels=first.setting.label(f"`{first.setting.name}`"),
                notes=(
                    "equal geometries, written otherwise or with other labels",
                    f"such as {first.path}, frame {known[other.geometry]}, and {second.path}, frame {other.frame}",
                ),
                when="errors on them tell nothing about new frames; nobody complains",
                help="take them out of one of the files",
            )  # fmt: skip

    def _shared(self, context: Context, first: Split, second: Split) -> Iterator[Diagnostic]:
        from ...dataset.answers import overlap

        whole = overlap(first.profile, second.profile)
        blocks = overlap(first.profile, second.profile, blocks=True)
        found = whole if whole is not None and whole.frames else blocks
        if found is None or not found.frames:
            yield from self._same_geometry(context, first, second)
            return
        kind = "equal frames" if found is whole else "equal atom lines, with other comment lines"
        sample = "" if found.complete else f" among {found.looked_at} that were compared, a fair sample"
        one, other = found.examples[0]
        yield self.finding(
            f"{counted(found.frames, f'{second.name} frame')}{'' if found.complete else ' or more'} also stand"
            f"{'s' if found.frames == 1 else ''} among the {first.name} frames",
            span=second.setting.span, labels=first.setting.label(f"`{first.setting.name}`"),
            notes=(f"{kind}{sample}", f"such as {other.shown}, and {one.shown}"),
            when="errors on them tell nothing about new frames; nobody complains",
            help="take them out of one of the files",
        )  # fmt: skip
