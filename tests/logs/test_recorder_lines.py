"""What the loss recorder writes is what the reader reads, in both of its forms."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mace_scf.logs import BatchLoss, RunStart, Unread, read_log

torch = pytest.importorskip("torch", reason="the recorder needs the extra [loss]")


def _breakdown(forces: float, esps: float) -> Any:
    raw = torch.tensor([forces, esps], dtype=torch.float64)
    weights = torch.tensor([100.0, 1.0], dtype=torch.float64)
    weighted = raw * weights
    return SimpleNamespace(
        names=("forces", "esps"), host_weights=(100.0, 1.0), raw=raw, weighted=weighted, share=weighted / weighted.sum(), count=torch.tensor([30, 10])
    )  # fmt: skip


def _record(path: Path, steps: range, **options: Any) -> None:
    from mace_scf.loss.record import LossRecorder

    with LossRecorder(path, stage="unroll", **options) as recorder:
        for step in steps:
            recorder.record(_breakdown(0.5 / (step + 1), float("nan")), step=step, epoch=step // 2)


def _batches(path: Path) -> list[BatchLoss]:
    return [record for record in read_log(path) if isinstance(record, BatchLoss)]


def test_json_lines_of_the_recorder_come_back(tmp_path: Path) -> None:
    path = tmp_path / "losses.jsonl"
    _record(path, range(5))

    found = _batches(path)

    assert [record.step for record in found] == [0, 1, 2, 3, 4]
    assert [record.epoch for record in found] == [0, 0, 1, 1, 2]
    assert [record.weighted["forces"] for record in found] == [0.5 / (step + 1) * 100.0 for step in range(5)]
    assert all(str(record.weighted["esps"]) == "nan" for record in found)
    assert found[0].raw["forces"] == 0.5
    assert found[0].count == {"forces": 30, "esps": 10}
    assert found[0].weight == {"forces": 100.0, "esps": 1.0}
    assert {(record.stage, record.split) for record in found} == {("unroll", "train")}


def test_a_restart_of_the_recorder_is_one_run_without_duplicates(tmp_path: Path) -> None:
    path = tmp_path / "losses.jsonl"
    _record(path, range(6))
    _record(path, range(4, 8))

    records = list(read_log(path))

    assert [record.step for record in records if isinstance(record, BatchLoss)] == list(range(8))
    assert not [record for record in records if isinstance(record, (RunStart, Unread))]


def test_debug_lines_of_the_recorder_come_back(tmp_path: Path) -> None:
    path = tmp_path / "run_debug.log"
    logger = logging.Logger("balance", logging.DEBUG)
    handler = logging.FileHandler(path)
    handler.setFormatter(
        logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    logger.addHandler(handler)
    _record(tmp_path / "losses.jsonl", range(3), logger=logger)
    handler.close()

    found = _batches(path)

    assert [repr(record.weighted) for record in found] == [
        repr({"forces": 0.5 / (step + 1) * 100.0, "esps": float("nan")}) for step in range(3)
    ]
    assert all(record.complete for record in found)
