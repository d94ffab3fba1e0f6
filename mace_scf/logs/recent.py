"""The last batches of every stage: mean, share and trend of each term, in constant memory."""

from __future__ import annotations

import math
import statistics
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from itertools import pairwise

import attrs

from .records import BatchLoss, Record, RunStart, StageStart, Unread

_POINTS = 16  # of a trend
_TRAINING = (None, "train")  # plain logs do not tell, so that nothing can be left out there
_Place = tuple[str | None, str | None]
"""Stage and split; training and what is not told apart from it have the split ``None``."""


@attrs.frozen
class TermWindow:
    """One term over the last batches of a stage.

    Attributes:
        name: of the term.
        batches: that have it.
        weighted: mean over the batches where it is finite; nan if none is.
        raw: the same before the weight; ``None`` where weights are unknown.
        weight: of the stage; ``None`` if unknown.
        count: labelled elements of all those batches together; ``None`` if unknown.
        not_finite: batches where it is nan or infinite.
        trend: medians of consecutive parts of the window, oldest first.
        change: relative change from the first half's median to the second's; ``None`` if that cannot be said.
    """

    name: str
    batches: int
    weighted: float
    raw: float | None
    weight: float | None
    count: int | None
    not_finite: int
    trend: tuple[float, ...]
    change: float | None


@attrs.frozen
class StageWindow:
    """The last batches of one stage.

    Attributes:
        stage: name or number; ``None`` if the log names none.
        batches: of the stage in the whole log, as far as they are counted here.
        shown: of those, how many the window holds.
        epochs: first and last epoch of the window; ``None`` if unknown.
        split_known: whether validation batches are told apart, and left out.
        split: of the batches where they are no training batches, because the log has none; else ``None``.
        terms: in the order of the log.
    """

    stage: str | None
    batches: int
    shown: int
    epochs: tuple[int, int] | None
    split_known: bool
    terms: tuple[TermWindow, ...]
    split: str | None = None


@attrs.define
class Recent:
    """Gathers records; at any time :meth:`stages` tells the last batches of each stage.

    Attributes:
        size: batches of a window.
        batches: read so far, of every split.
        runs: seen so far.
        unread: how often something could not be read, by reason.
        first_unread: the first such place.
    """

    size: int = 100
    batches: int = 0
    runs: int = 1
    unread: Counter[str] = attrs.Factory(Counter)
    first_unread: Unread | None = None
    _windows: dict[_Place, deque[BatchLoss]] = attrs.Factory(dict)
    _seen: Counter[_Place] = attrs.Factory(Counter)
    _weights: dict[str | None, dict[str, float]] = attrs.Factory(dict)

    def add_all(self, records: Iterable[Record]) -> Recent:
        """Take all records; returns itself."""
        for record in records:
            self.add(record)
        return self

    def add(self, record: Record) -> None:
        """Take one record."""
        if isinstance(record, BatchLoss):
            self._add_batch(record)
        elif isinstance(record, RunStart):
            self.runs = record.run + 1
        elif isinstance(record, StageStart):
            self._weights[record.stage] = dict(record.weights)
        elif isinstance(record, Unread):
            self.unread[record.reason] += 1
            self.first_unread = self.first_unread or record

    def stages(self) -> tuple[StageWindow, ...]:
        """One window a stage, in the order of the log; without any training batch, one a stage and split."""
        training = {place: window for place, window in self._windows.items() if place[1] is None}
        return tuple(
            self._stage(place, list(window)) for place, window in (training or self._windows).items()
        )

    def _add_batch(self, batch: BatchLoss) -> None:
        self.batches += 1
        # a cut line lacks terms, and shares of the rest would be wrong
        if batch.complete:
            place = (batch.stage, None if batch.split in _TRAINING else batch.split)
            self._seen[place] += 1
            self._windows.setdefault(place, deque(maxlen=self.size)).append(batch)

    def _stage(self, place: _Place, window: Sequence[BatchLoss]) -> StageWindow:
        stage, split = place
        names = dict.fromkeys(name for batch in window for name in batch.weighted)
        epochs = [batch.epoch for batch in window if batch.epoch is not None]
        weights = self._weights.get(stage, {})
        return StageWindow(
            stage, self._seen[place], len(window),
            epochs=(min(epochs), max(epochs)) if epochs else None,
            split_known=all(batch.split is not None for batch in window),
            terms=tuple(_term(name, window, weights.get(name)) for name in names),
            split=split,
        )  # fmt: skip


def _term(name: str, window: Sequence[BatchLoss], weight: float | None) -> TermWindow:
    having = [batch for batch in window if name in batch.weighted]
    values = [batch.weighted[name] for batch in having]
    finite = [value for value in values if math.isfinite(value)]
    raw = [batch.raw[name] for batch in having if math.isfinite(batch.raw.get(name, math.nan))]
    counts = [batch.count[name] for batch in having if name in batch.count]
    return TermWindow(
        name, len(having), _mean(finite), _mean(raw) if raw else None,
        _weight(weight, having, name), sum(counts) if counts else None, len(values) - len(finite),
        trend=_medians(values), change=_change(finite),
    )  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return math.fsum(value / len(values) for value in values) if values else math.nan


def _weight(announced: float | None, window: Sequence[BatchLoss], name: str) -> float | None:
    """As announced, else as the newest line says that tells it, or both values, the raw one not 0."""
    if announced is not None:
        return announced
    told = (_told_weight(batch, name) for batch in reversed(window))
    return next((weight for weight in told if weight is not None), None)


def _told_weight(batch: BatchLoss, name: str) -> float | None:
    if name in batch.weight:
        return batch.weight[name]
    raw, weighted = batch.raw.get(name), batch.weighted[name]
    return weighted / raw if raw and math.isfinite(weighted / raw) else None


def _medians(values: Sequence[float]) -> tuple[float, ...]:
    """A part with any value that is not finite is nan, so that a picture can show the gap."""
    parts = min(_POINTS, len(values))
    edges = [part * len(values) // parts for part in range(parts + 1)] if parts else []
    return tuple(_median(values[first:last]) for first, last in pairwise(edges))


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if all(map(math.isfinite, values)) else math.nan


def _change(values: Sequence[float]) -> float | None:
    if len(values) < 4:
        return None
    half = len(values) // 2
    before, after = statistics.median(values[:half]), statistics.median(values[half:])
    return after / before - 1 if before > 0 else None
