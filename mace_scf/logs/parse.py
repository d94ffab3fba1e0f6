"""Logs as a stream of records: plain logs of this package and of the upstream trainer, and JSON lines.

Nothing is kept but the state of the run, so that memory does not grow with the file. Restarts are
recognised by a header that comes again, by an epoch or step that goes back, and by a stage that is
announced while the next epoch goes back. What a plain log does not tell stays ``None``: it writes
training and validation batches alike, and no line stands between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from .json_lines import JsonBatch, json_batch
from .lines import (
    MARKER,
    breakdown_items,
    epoch_and_loss,
    glued,
    is_cut_marker,
    is_cut_stage,
    is_header,
    stage_weights,
)
from .records import BatchLoss, EpochMark, Record, RunStart, StageStart, Unread

_SHOWN = 80

_Place = tuple[int, int]
"""Line of the file, and which of the log lines that share it."""


class Marks:
    """What comes next in a file: the coming epoch, unless the run ends before.

    Args:
        lines: of the same file, read apart from the reader and never further than one mark ahead of it.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._found = _marks(lines)
        self._next: tuple[_Place, int | None] = ((0, 0), None)

    def epoch_after(self, place: _Place) -> int | None:
        """The epoch of the first mark after that place; ``None`` if a new run or the end comes first."""
        while self._next[0] <= place:
            self._next = next(self._found, ((1 << 62, 0), None))
        return self._next[1]


def parse_lines(lines: Iterable[bytes], marks: Marks | None = None) -> Iterator[Record]:
    """Records of log lines as they stand in a file, each with its line end.

    Args:
        lines: of the log; one without a line end is an unfinished one.
        marks: what comes next, if that can be known; without it the epoch of a batch before the first
            evaluation of a run is unknown.
    """
    state = _State(marks)
    for number, raw in enumerate(lines, start=1):
        state.line = number
        whole = raw.endswith(b"\n")
        if whole and not _is_of_interest(raw):
            continue
        for state.part, (text, cut) in enumerate(glued(_text(raw))):
            yield from _parse(text, state, whole=whole and not cut)


@attrs.define
class _State:
    """Where the reader stands."""

    marks: Marks | None
    line: int = 0
    part: int = 0
    batches: int = 0
    run: int = 0
    run_has_batches: bool = False
    epoch: int | None = None
    stage: str | None = None
    stage_has_batches: bool = False
    weights: dict[str, float] = attrs.Factory(dict)
    known_stages: list[dict[str, float]] = attrs.Factory(list)
    steps: dict[tuple[str | None, str | None], int] = attrs.Factory(dict)

    def epoch_ahead(self) -> int | None:
        """The next epoch that this run evaluates, if that can be known."""
        return None if self.marks is None else self.marks.epoch_after((self.line, self.part))

    def coming_epoch(self) -> int | None:
        """The epoch that the present batch belongs to, if that can be told."""
        ahead = self.epoch_ahead()
        if ahead is not None:
            return ahead
        return None if self.epoch is None else self.epoch + 1

    def new_run(self, reason: str) -> Iterator[RunStart]:
        """Forget what belongs to the run before; nothing if this one has not trained yet."""
        if self.run_has_batches:
            self.run, self.run_has_batches = self.run + 1, False
            self.epoch, self.stage, self.weights = None, None, {}
            self.steps.clear()
            yield RunStart(self.line, self.run, self.batches, reason)

    def counted(self) -> int:
        """Ordinal of a batch that was just read."""
        self.run_has_batches = self.stage_has_batches = True
        self.batches += 1
        return self.batches - 1


def _parse(text: str, state: _State, *, whole: bool) -> Iterator[Record]:
    if text.startswith('{"'):
        yield from _parse_json(text, state)
    elif MARKER in text:
        yield from _parse_breakdown(text.partition(MARKER)[2], state, whole=whole)
    elif (mark := epoch_and_loss(text)) is not None:
        yield from _parse_epoch(*mark, state, whole=whole)
    elif (weights := stage_weights(text)) is not None:
        yield from _parse_stage(weights, state)
    elif is_header(text):
        yield from state.new_run("a run writes its header")
    elif is_cut_stage(text) or (not whole and is_cut_marker(text)):
        yield _unread(state, "cut line", text)


def _parse_breakdown(text: str, state: _State, *, whole: bool) -> Iterator[Record]:
    weighted, left = breakdown_items(text)
    if weighted:
        raw = {
            name: value / state.weights[name] for name, value in weighted.items() if state.weights.get(name)
        }
        yield BatchLoss(
            state.line, state.counted(), state.run, weighted, raw,
            epoch=state.coming_epoch(), stage=state.stage, complete=whole and not left,
        )  # fmt: skip
    if left or not weighted:
        reason = "not a number" if whole else "cut line"
        yield _unread(state, reason if left else "no term in it", left)


def _parse_epoch(epoch: int, loss: float | None, state: _State, *, whole: bool) -> Iterator[Record]:
    # the same epoch again may be a further head; a lower one can only be another run
    if state.epoch is not None and epoch < state.epoch:
        yield from state.new_run(f"epoch {epoch} after epoch {state.epoch}")
    state.epoch = epoch
    yield EpochMark(state.line, state.run, state.batches, epoch, loss if whole else None)


def _parse_stage(weights: dict[str, float], state: _State) -> Iterator[Record]:
    ahead = state.epoch_ahead()
    if state.epoch is not None and ahead is not None and ahead <= state.epoch:
        yield from state.new_run(f"epoch {ahead} after epoch {state.epoch}")
    if state.stage is not None and not state.stage_has_batches and weights == state.weights:
        return
    state.stage, state.weights, state.stage_has_batches = _stage_number(weights, state), weights, False
    yield StageStart(state.line, state.run, state.batches, state.stage, weights)


def _stage_number(weights: dict[str, float], state: _State) -> str:
    """The next number; in a run that goes on, that of the earlier stage with the same weights."""
    if state.stage is None and weights in state.known_stages:
        return str(state.known_stages.index(weights))
    state.known_stages.append(weights)
    return str(len(state.known_stages) - 1)


def _parse_json(text: str, state: _State) -> Iterator[Record]:
    found = json_batch(text)
    if isinstance(found, str):
        yield _unread(state, found, text)
    elif found is not None:
        yield from _batch_of_json(found, state)


def _batch_of_json(found: JsonBatch, state: _State) -> Iterator[Record]:
    yield from state.new_run(reason) if (reason := _going_back(found, state)) else ()
    if found.step is not None:
        state.steps[found.stage, found.split] = found.step
    if found.stage is not None and found.stage != state.stage:
        state.stage, state.epoch = found.stage, None
        yield StageStart(state.line, state.run, state.batches, found.stage, {})
    if found.epoch is not None and found.epoch != state.epoch:
        if state.epoch is not None:
            yield EpochMark(state.line, state.run, state.batches, state.epoch, None)
        state.epoch = found.epoch
    yield BatchLoss(
        state.line, state.counted(), state.run, found.weighted, found.raw, found.count, found.weight,
        step=found.step, epoch=found.epoch, stage=found.stage, split=found.split,
    )  # fmt: skip


def _going_back(found: JsonBatch, state: _State) -> str:
    """Why a record belongs to another run; a new stage may count from 0 again."""
    last = state.steps.get((found.stage, found.split))
    if found.step is not None and last is not None and found.step < last:
        return f"step {found.step} after step {last}"
    same_stage = found.stage == state.stage
    if same_stage and found.epoch is not None and state.epoch is not None and found.epoch < state.epoch:
        return f"epoch {found.epoch} after epoch {state.epoch}"
    return ""


def _unread(state: _State, reason: str, text: str) -> Unread:
    return Unread(state.line, reason, text[:_SHOWN])


def _is_of_interest(raw: bytes) -> bool:
    """Whether to look closer: nearly all lines of a verbose log are something else."""
    return b"oss" in raw or raw[:2] == b'{"' or b"DEBUG: l" in raw or _may_be_header(raw)


def _may_be_header(raw: bytes) -> bool:
    return b"AtomicNumberTable" in raw or b"Total number" in raw or b"VERIFYING" in raw


def _marks(lines: Iterable[bytes]) -> Iterator[tuple[_Place, int | None]]:
    for number, raw in enumerate(lines, start=1):
        if b"Epoch" not in raw and not _may_be_header(raw):
            continue
        for part, (text, _) in enumerate(glued(_text(raw))):
            mark = epoch_and_loss(text)
            if mark is not None or is_header(text):
                yield (number, part), None if mark is None else mark[0]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r\n")
