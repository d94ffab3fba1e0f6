"""D221: too few frames to set some aside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._labels import counted, isolated_frames


@final
class SplitTooSmall(Rule):
    """Too few frames to set some aside.

    What it checks: without a `valid_file` the training file has two frames at least, isolated atoms aside.

    Why it matters: one frame goes to validation and none is left: the trainer stops while it loads the data.

    How to fix: give a `valid_file`, or more frames.
    """

    code, slug, severity = "D221", "split-too-small", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        train = context.data.train
        valid = context.run.option("valid_file")
        if train is None or not valid.known or valid.value is not None or train.profile.damage:
            return
        frames = train.profile.frames - isolated_frames(train.profile)
        if frames < 2:
            yield self.finding(
                f"`train_file` has {counted(frames, 'frame')}: too few to set some aside", span=train.setting.span,
                when="the trainer stops when it loads the data", help="give a `valid_file`, or more frames",
            )  # fmt: skip
