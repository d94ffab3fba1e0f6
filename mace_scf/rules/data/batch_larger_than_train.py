"""D213: fewer training frames than a batch takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..helpers import new_option, replacement
from ..rule import Context, Rule
from ._labels import option_place
from ._split_sizes import train_size


@final
class BatchLargerThanTrain(Rule):
    """Fewer training frames than a batch takes.

    What it checks: `batch_size` against the number of training frames: without isolated atoms, and without
    the share that `valid_fraction` sets aside. With `distributed` every rank gets its share of them, and
    how many ranks there will be is not known: the largest number that works is told. The same holds for
    `valid_batch_size` and the frames of a `valid_file`.

    Why it matters: the trainer drops the last incomplete batch of an epoch. With no complete one it stops
    while it averages the neighbours, or, without that average, runs through all epochs without one step.
    With `distributed` it drops incomplete batches of validation frames, too.

    How to fix: a smaller `batch_size`, or `valid_batch_size`.
    """

    code, slug, severity = "D213", "batch-larger-than-train", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding about training, one about validation."""
        train, valid = context.data.train, context.data.split("valid")
        if train is not None:
            yield from self._training(context, train)
        if valid is not None and context.run.option("distributed").is_known(True):
            yield from self._validation(context, valid)

    def _validation(self, context: Context, valid: Split) -> Iterator[Diagnostic]:
        batch, frames = context.run.option("valid_batch_size"), valid.profile.frames
        if batch.known and isinstance(batch.value, int) and 0 < frames < 2 * batch.value:
            left = "no complete batch" if frames < batch.value else "one complete batch on one rank only"
            yield self.finding(
                f"{batch.shown} leaves {frames} validation frames {left}",
                severity=Severity.WARNING, span=option_place(valid, batch).span,
                labels=context.run.option("distributed").label(),
                notes=(f"{valid.profile.frames} frames in `valid_file`",),
                when="with two ranks or more, none has a complete batch, and incomplete ones are left out",
                help=f"at most {max(1, frames // 2)} for two ranks",
            )  # fmt: skip

    def _training(self, context: Context, train: Split) -> Iterator[Diagnostic]:
        batch, size = context.run.option("batch_size"), train_size(context)
        if size is None or not batch.known or not isinstance(batch.value, int):
            return
        frames, how = size
        distributed = context.run.option("distributed").is_known(True)
        if 0 < frames < batch.value:
            yield self._too_large(context, train, batch, frames, how)
        elif distributed and 0 < frames < 2 * batch.value:
            yield self.finding(
                f"`batch_size: {batch.value}` leaves {frames} training frames one complete batch on one rank only",
                severity=Severity.WARNING, span=option_place(train, batch).span,
                labels=context.run.option("distributed").label(), notes=(how,),
                when="with two ranks or more, none has a complete batch",
                help=f"at most {max(1, frames // 2)} for two ranks",
            )  # fmt: skip

    def _too_large(
        self, context: Context, train: Split, batch: Setting[int], frames: int, how: str
    ) -> Diagnostic:
        return self.finding(
            f"{batch.shown} is more than the {frames} training frames",
            span=option_place(train, batch).span,
            labels=train.setting.label("they are read from here") if batch.given else (),
            notes=(how,),
            when="no batch is complete: training stops before its first step, or runs without one",
            help=f"set `batch_size` to {frames} at most",
            fix=replacement(context, batch, frames, safe=False) if batch.given else
                new_option(context, {"batch_size": str(frames)}, f"add `batch_size: {frames}`"),
        )  # fmt: skip
