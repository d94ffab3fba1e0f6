"""Curves by term out of the records of a log, with the places that a reader of them wants marked."""

from __future__ import annotations

import csv
import math
from array import array
from collections import Counter
from collections.abc import Iterable
from typing import TextIO

import attrs

from ..logs import BatchLoss, EpochMark, Record, RunStart, StageStart, Unread


@attrs.define(eq=False)
class Curve:
    """Weighted values of one term in one split, in the order of the log.

    Attributes:
        term: its name.
        split: "train", "valid" …; ``None`` where the log does not tell.
        batch: ordinal in the log of each value.
        step: optimiser step of each value, -1 where the log does not tell.
        value: nan and inf included.
        breaks: indices where another run or stage begins, so that no line joins the two.
    """

    term: str
    split: str | None
    batch: array[int] = attrs.Factory(lambda: array("q"))
    step: array[int] = attrs.Factory(lambda: array("q"))
    value: array[float] = attrs.Factory(lambda: array("d"))
    breaks: list[int] = attrs.Factory(list)
    segment: tuple[int, str | None] | None = None

    def add(self, record: BatchLoss) -> None:
        """Append the value of a batch."""
        segment = record.run, record.stage
        if self.segment not in (None, segment):
            self.breaks.append(len(self.value))
        self.segment = segment
        self.batch.append(record.batch)
        self.step.append(-1 if record.step is None else record.step)
        self.value.append(record.weighted[self.term])


@attrs.define(eq=False)
class LossSeries:
    """Everything of a log that a picture shows.

    Attributes:
        curves: by term and split, in the order of the log.
        epochs: batch and number of each evaluation.
        runs: batch at which a further run begins.
        stages: batch at which a stage begins, and its name.
        batches: first and last batch shown, and how many lie between, both included.
        left_out: batches outside the epochs asked for, or of unknown epoch where some were asked for.
        unread: how often something could not be read, by reason.
        first_unread: the first such place.
        by_step: whether steps are known everywhere and never go back, so that they may be the abscissa.
    """

    curves: dict[tuple[str, str | None], Curve] = attrs.Factory(dict)
    epochs: list[tuple[int, int]] = attrs.Factory(list)
    runs: list[int] = attrs.Factory(list)
    stages: list[tuple[int, str]] = attrs.Factory(list)
    first: int = -1
    last: int = -1
    batches: int = 0
    left_out: int = 0
    unread: Counter[str] = attrs.Factory(Counter)
    first_unread: Unread | None = None
    by_step: bool = True
    step_of: dict[int, int] = attrs.Factory(dict)

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms, in the order of the log."""
        return tuple(dict.fromkeys(term for term, _ in self.curves))

    @property
    def splits(self) -> tuple[str | None, ...]:
        """Splits that occur."""
        return tuple(dict.fromkeys(split for _, split in self.curves))

    def place(self, batch: int) -> float:
        """Where the beginning of a batch stands on the abscissa."""
        if not self.by_step:
            return batch - 0.5
        return self.step_of.get(batch, self.step_of.get(-1, 0) + 1) - 0.5


def collect(
    records: Iterable[Record], *, min_epoch: int | None = None, max_epoch: int | None = None
) -> LossSeries:
    """Curves of the batches whose epoch lies in a range, both ends included."""
    series, last_step, pending = LossSeries(), -1, _Pending()
    for record in records:
        if isinstance(record, BatchLoss):
            if not _is_asked_for(record.epoch, min_epoch, max_epoch):
                series.left_out += 1
                continue
            pending.release(series, record)
            last_step = _add_batch(series, record, last_step)
        elif isinstance(record, Unread):
            series.unread[record.reason] += 1
            series.first_unread = series.first_unread or record
        else:
            pending.take(series, record)
    pending.close(series)
    series.step_of[-1] = last_step
    return series


@attrs.define
class _Pending:
    """Marks since the last batch shown; they stand before the next one, at its step."""

    records: list[EpochMark | RunStart | StageStart] = attrs.Factory(list)

    def take(self, series: LossSeries, record: EpochMark | RunStart | StageStart) -> None:
        # an epoch or a restart before the first batch shown divides nothing
        if series.batches or isinstance(record, StageStart):
            self.records.append(record)

    def release(self, series: LossSeries, batch: BatchLoss) -> None:
        for record in self.records:
            _add_mark(series, record, batch.batch)
        if self.records and batch.step is not None:
            series.step_of[batch.batch] = batch.step
        self.records = []

    def close(self, series: LossSeries) -> None:
        if series.batches and self.records and isinstance(self.records[0], EpochMark):
            _add_mark(series, self.records[0], series.last + 1)


def _add_mark(series: LossSeries, record: EpochMark | RunStart | StageStart, batch: int) -> None:
    if isinstance(record, StageStart):
        series.stages.append((batch, record.stage))
    elif isinstance(record, EpochMark):
        series.epochs.append((batch, record.epoch))
    else:
        series.runs.append(batch)


def _add_batch(series: LossSeries, record: BatchLoss, last_step: int) -> int:
    series.batches += 1
    series.first = record.batch if series.first < 0 else series.first
    series.last = record.batch
    series.by_step &= record.step is not None and record.step >= last_step
    for term in record.weighted:
        key = term, record.split
        if key not in series.curves:
            series.curves[key] = Curve(term, record.split)
        series.curves[key].add(record)
    return last_step if record.step is None else record.step


def _is_asked_for(epoch: int | None, first: int | None, last: int | None) -> bool:
    if first is None and last is None:
        return True
    return epoch is not None and (first is None or epoch >= first) and (last is None or epoch <= last)


def write_csv(
    records: Iterable[Record], file: TextIO, *, min_epoch: int | None = None, max_epoch: int | None = None
) -> None:
    """One row a batch and term, in constant memory; what the log does not tell stays empty."""
    writer = csv.writer(file)
    writer.writerow(
        ["line", "batch", "run", "step", "epoch", "stage", "split", "term", "weighted", "raw", "complete"]
    )
    for record in records:
        if isinstance(record, BatchLoss) and _is_asked_for(record.epoch, min_epoch, max_epoch):
            head = [
                record.line,
                record.batch,
                record.run,
                record.step,
                record.epoch,
                record.stage,
                record.split,
            ]
            writer.writerows(
                [*head, term, value, record.raw.get(term), int(record.complete)]
                for term, value in record.weighted.items()
            )


def moving_average(curve: Curve, span: int) -> list[float]:
    """Exponential moving average over about ``span`` values, corrected for its start.

    It begins anew at every break and takes in what a logarithmic axis can show: values that are zero or
    not finite are passed over, and where more than ``span`` of them follow one another it is nan.
    """
    keep, result = 1 - 2 / (span + 1), []
    average, weight, passed, breaks = 0.0, 0.0, 0, set(curve.breaks)
    for place, value in enumerate(curve.value):
        if place in breaks:
            average = weight = 0.0
        passed += 1
        if 0 < value < math.inf:
            average, weight, passed = keep * average + (1 - keep) * value, keep * weight + (1 - keep), 0
        result.append(average / weight if weight and passed <= span else math.nan)
    return result
