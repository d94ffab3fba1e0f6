"""Writes breakdowns down: the debug line that tools read, and JSON lines that survive a crash.

Breakdowns stay on the device until a window of steps is full; then one transfer brings all of them.
"""

from __future__ import annotations

import atexit
import json
import logging
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import attrs
import torch
from torch import Tensor
from torch import distributed as dist

from .breakdown import Breakdown
from .problems import RecordError

_FIELDS = ("raw", "weighted", "share", "count")


@attrs.frozen
class _Waiting:
    """One breakdown that is still on the device."""

    head: dict[str, Any]
    names: tuple[str, ...]
    weights: tuple[float, ...]
    values: Tensor  # (4, T)


@attrs.frozen
class _Travelling:
    """One window on its way to the host."""

    rows: list[_Waiting]
    values: Tensor
    arrived: Any  # event on the device, or None


class LossRecorder:
    """Records breakdowns of one rank.

    A line of the file is an object with ``step epoch stage split`` and, by term, ``raw weighted share
    count weight``. Numbers that JSON lacks are the words ``"nan" "inf" "-inf"``. Lines are written whole and
    in order; a process that is killed loses at most the window it had not written. On a restart from
    step n, lines of the same stage and split from step n on are replaced.

    Args:
        path: of the JSON lines; ``None`` for the debug line alone.
        stage: name of the stage.
        flush_every: breakdowns per window.
        logger: gets ``loss breakdown: name: value, `` at DEBUG.
        rank: only rank 0 writes; asked of torch.distributed if not given.
        fsync: ask the disk, too, at every flush: survives a crash of the machine.

    Raises:
        OSError: the file cannot be written, told before the first step.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        stage: str = "",
        flush_every: int = 50,
        logger: logging.Logger | None = None,
        rank: int | None = None,
        fsync: bool = False,
    ) -> None:
        self._path = Path(path) if path is not None else None
        self._stage = stage
        self._flush_every = flush_every
        self._logger = logger or logging.getLogger("mace_scf.loss")
        self._writes = (_own_rank() if rank is None else rank) == 0
        self._fsync = fsync
        self._window: list[_Waiting] = []
        self._travelling: list[_Travelling] = []
        self._begun: set[tuple[str, str]] = set()
        if self._path is not None and self._writes:
            self._path.open("ab").close()
        # A loop that ends without `flush` or `with` loses nothing either.
        atexit.register(self.flush)

    def record(self, breakdown: Breakdown, *, step: int, epoch: int = 0, split: str = "train") -> None:
        """Take in one breakdown; waits for nothing."""
        if not self._writes:
            return
        head = {"step": step, "epoch": epoch, "stage": self._stage, "split": split}
        values = torch.stack([getattr(breakdown, field).to(breakdown.raw.dtype) for field in _FIELDS])
        self._window.append(_Waiting(head, breakdown.names, breakdown.host_weights, values))
        self._write_arrived(wait=False)
        if len(self._window) >= self._flush_every:
            self._send()

    def flush(self) -> None:
        """Write everything down; call it where an epoch or a stage ends."""
        self._send()
        self._write_arrived(wait=True)

    def __enter__(self) -> LossRecorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flush()
        atexit.unregister(self.flush)

    def _send(self) -> None:
        """Start the one transfer of a window."""
        if not self._window:
            return
        rows, self._window = self._window, []
        values = torch.cat([row.values.reshape(-1) for row in rows])
        event = None
        if values.is_cuda:
            host = torch.empty(values.shape, dtype=values.dtype, pin_memory=True)
            values = host.copy_(values, non_blocking=True)
            event = torch.cuda.Event()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            event.record()
        self._travelling.append(_Travelling(rows, values, event))
        self._write_arrived(wait=False)

    def _write_arrived(self, *, wait: bool) -> None:
        while self._travelling:
            first = self._travelling[0]
            if first.arrived is not None and not first.arrived.query():
                if not wait:
                    return
                first.arrived.synchronize()
            self._travelling.pop(0)
            self._write(first)

    def _write(self, window: _Travelling) -> None:
        lines, start = [], 0
        numbers = window.values.tolist()
        for row in window.rows:
            width = len(row.names)
            columns = [numbers[start + place * width : start + (place + 1) * width] for place in range(4)]
            start += 4 * width
            self._log(row.names, columns[1])
            lines.append(_line(row, columns))
        self._append(lines, [row.head for row in window.rows])

    def _log(self, names: tuple[str, ...], weighted: list[float]) -> None:
        if self._logger.isEnabledFor(logging.DEBUG):
            parts = "".join(f"{name}: {value}, " for name, value in zip(names, weighted, strict=True))
            self._logger.debug("loss breakdown: %s", parts)

    def _append(self, lines: list[str], heads: list[dict[str, Any]]) -> None:
        if self._path is None or not lines:
            return
        self._begin(heads)
        # One write of whole lines: a kill leaves whole lines, or none of the window.
        with self._path.open("ab", buffering=0) as file:
            file.write("".join(lines).encode())
            if self._fsync:
                os.fsync(file.fileno())

    def _begin(self, heads: list[dict[str, Any]]) -> None:
        """Remove what an earlier run wrote from the first step of this one on, and any torn line."""
        first: dict[tuple[str, str], int] = {}
        for head in heads:
            first.setdefault((head["stage"], head["split"]), head["step"])
        new = {key: step for key, step in first.items() if key not in self._begun}
        self._begun |= new.keys()
        if new and self._path is not None and self._path.exists():
            _keep_before(self._path, new)


def _own_rank() -> int:
    return dist.get_rank() if dist.is_available() and dist.is_initialized() else 0


def read_records(path: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    """Records of a file, numbers restored; a torn last line is left out.

    Raises:
        RecordError: a line that is not the last is no record.
    """
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith("\n"):
                return
            yield _restored(_parsed(line, str(path), number))


def _line(row: _Waiting, columns: list[list[float]]) -> str:
    terms = {
        name: {
            **{field: _number(columns[place][term]) for place, field in enumerate(_FIELDS)},
            "weight": _number(row.weights[term]),
        }
        for term, name in enumerate(row.names)
    }
    return json.dumps({**row.head, "terms": terms}, separators=(",", ":"), allow_nan=False) + "\n"


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")


def _restored(record: dict[str, Any]) -> dict[str, Any]:
    terms = {
        name: {field: float(value) for field, value in fields.items()}
        for name, fields in record["terms"].items()
    }
    return {**record, "terms": terms}


def _parsed(line: str, path: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise RecordError(path, number, str(error)) from error
    if not isinstance(record, dict) or "terms" not in record:
        raise RecordError(path, number, "no `terms`")
    return record


def _keep_before(path: Path, first: Mapping[tuple[str, str], int]) -> None:
    """Rewrite a file without the lines that are about to be written again."""
    kept = path.with_name(f"{path.name}.part")
    with path.open(encoding="utf-8") as old, kept.open("w", encoding="utf-8") as new:
        for number, line in enumerate(old, start=1):
            if not line.endswith("\n"):
                break
            record = _parsed(line, str(path), number)
            limit = first.get((record["stage"], record["split"]))
            if limit is None or record["step"] < limit:
                new.write(line)
    os.replace(kept, path)
