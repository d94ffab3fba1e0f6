"""What one line of a training log says, as typed values."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

RECORD_VERSION = 1
"""Raised when a field of a record changes its meaning or goes away."""


@attrs.frozen
class BatchLoss:
    """The loss of one batch, term by term.

    Attributes:
        line: of the file, from 1.
        batch: ordinal in the file, from 0, over all runs and splits.
        run: from 0; counted up where a restart is recognised.
        weighted: value of each term times its weight; nan and inf are kept.
        raw: value before the weight, of the terms where that is known.
        count: labelled elements, of the terms where that is known.
        weight: of the stage, of the terms where the line tells it.
        step: optimiser step, where the log tells it.
        epoch: where the log tells it; in plain logs the epoch whose evaluation comes next in the run.
        stage: name or number; in plain logs counted from 0, ``None`` before the first stage is announced.
        split: "train", "valid" …; ``None`` in plain logs, which do not tell training from validation.
        complete: false where the line is cut, so that terms may be lacking.
    """

    line: int
    batch: int
    run: int
    weighted: Mapping[str, float]
    raw: Mapping[str, float] = {}
    count: Mapping[str, int] = {}
    weight: Mapping[str, float] = {}
    step: int | None = None
    epoch: int | None = None
    stage: str | None = None
    split: str | None = None
    complete: bool = True


@attrs.frozen
class EpochMark:
    """An evaluation at the end of an epoch.

    Attributes:
        line, run: as in :class:`BatchLoss`.
        batch: batches before it.
        epoch: its number.
        loss: validation loss; ``None`` where it cannot be read.
    """

    line: int
    run: int
    batch: int
    epoch: int
    loss: float | None


@attrs.frozen
class StageStart:
    """A stage begins; ``weights`` by term, empty where the log does not tell them."""

    line: int
    run: int
    batch: int
    stage: str
    weights: Mapping[str, float]


@attrs.frozen
class RunStart:
    """A further run begins in the same file; ``reason`` says how that was recognised."""

    line: int
    run: int
    batch: int
    reason: str


@attrs.frozen
class Unread:
    """Something that should have been a loss but could not be read.

    Attributes:
        line: of the file, from 1.
        reason: one phrase.
        text: at most 80 characters of it.
    """

    line: int
    reason: str
    text: str


Record = BatchLoss | EpochMark | StageStart | RunStart | Unread
