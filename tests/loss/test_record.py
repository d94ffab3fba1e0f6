"""What is written down: the exact debug line, and JSON lines that survive restarts and kills."""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mace_scf.loss import Breakdown, LossEngine, LossRecorder, RecordError, read_records

from .batches import complete_batch, tensors
from .opcounter import counted

ENGINE = LossEngine.from_config({"energy_per_atom": 2.0, "forces": 10.0})


def breakdown_of(scale: float = 1.0) -> Breakdown:
    reference, prediction = complete_batch()
    prediction["forces"] = prediction["forces"] * scale
    return ENGINE(tensors(reference), tensors(prediction))


def test_the_debug_line_is_exactly_what_tools_read(caplog: pytest.LogCaptureFixture) -> None:
    breakdown = breakdown_of()
    recorder = LossRecorder(flush_every=1)

    with caplog.at_level(logging.DEBUG):
        recorder.record(breakdown, step=1)

    energy, forces = breakdown.weighted.tolist()
    assert caplog.messages == [f"loss breakdown: energy_per_atom: {energy}, forces: {forces}, "]
    assert caplog.records[0].levelno == logging.DEBUG


def test_other_ranks_write_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "loss.jsonl"

    with caplog.at_level(logging.DEBUG), LossRecorder(path, rank=1, flush_every=1) as recorder:
        recorder.record(breakdown_of(), step=1)

    assert not path.exists()
    assert caplog.messages == []


def test_records_hold_every_number(tmp_path: Path) -> None:
    path = tmp_path / "loss.jsonl"
    breakdown = breakdown_of()

    with LossRecorder(path, stage="direct") as recorder:
        recorder.record(breakdown, step=7, epoch=2, split="valid")

    (record,) = read_records(path)
    assert {key: record[key] for key in ("step", "epoch", "stage", "split")} == {
        "step": 7,
        "epoch": 2,
        "stage": "direct",
        "split": "valid",
    }
    assert record["terms"]["forces"] == {
        field: float(getattr(breakdown.terms["forces"], field))
        for field in ("raw", "weighted", "share", "count", "weight")
    }


def test_nan_and_inf_are_kept_in_valid_json(tmp_path: Path) -> None:
    path = tmp_path / "loss.jsonl"
    recorder = LossRecorder(path, flush_every=2)

    recorder.record(breakdown_of(math.nan), step=1)
    recorder.record(breakdown_of(1e200), step=2)

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["terms"]["forces"]["raw"] for line in lines] == ["nan", "inf"]
    restored = [record["terms"]["forces"]["raw"] for record in read_records(path)]
    assert math.isnan(restored[0])
    assert restored[1] == math.inf


def test_nothing_is_written_before_the_window_is_full(tmp_path: Path) -> None:
    path = tmp_path / "loss.jsonl"
    recorder = LossRecorder(path, flush_every=3)

    sizes = []
    for step in range(4):
        recorder.record(breakdown_of(), step=step)
        sizes.append(len(path.read_text().splitlines()) if path.exists() else 0)

    assert sizes == [0, 0, 3, 3]


def test_recording_never_waits_for_the_device(tmp_path: Path) -> None:
    recorder = LossRecorder(tmp_path / "loss.jsonl", flush_every=50)
    breakdown = breakdown_of()

    assert counted(lambda: recorder.record(breakdown, step=1)).waits == []


def test_a_restart_replaces_the_steps_that_it_repeats(tmp_path: Path) -> None:
    path = tmp_path / "loss.jsonl"
    with LossRecorder(path, stage="one") as recorder:
        for step in range(6):
            recorder.record(breakdown_of(), step=step)
        recorder.record(breakdown_of(), step=5, split="valid")

    with LossRecorder(path, stage="one") as recorder:
        for step in range(4, 8):
            recorder.record(breakdown_of(2.0), step=step)

    records = list(read_records(path))
    assert [(record["step"], record["split"]) for record in records] == [
        *((step, "train") for step in range(4)),
        (5, "valid"),
        *((step, "train") for step in range(4, 8)),
    ]


def test_a_torn_last_line_is_dropped_on_restart(tmp_path: Path) -> None:
    path = tmp_path / "loss.jsonl"
    with LossRecorder(path) as recorder:
        recorder.record(breakdown_of(), step=0)
    with path.open("a") as file:
        file.write('{"step": 1, "ep')

    assert len(list(read_records(path))) == 1
    with LossRecorder(path) as recorder:
        recorder.record(breakdown_of(), step=1)

    assert [record["step"] for record in read_records(path)] == [0, 1]


def test_a_line_in_the_middle_that_is_no_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loss.jsonl"
    path.write_text("nonsense\n{}\n")

    with pytest.raises(RecordError, match=r"loss.jsonl:1"):
        list(read_records(path))


@pytest.mark.slow
def test_a_killed_process_loses_at_most_its_window(tmp_path: Path) -> None:
    path = tmp_path / "loss.jsonl"
    script = (
        "import sys, time\n"
        "from mace_scf.loss import LossRecorder\n"
        "from tests.loss.test_record import breakdown_of\n"
        "recorder = LossRecorder(sys.argv[1], flush_every=5)\n"
        "for step in range(10**6):\n"
        "    recorder.record(breakdown_of(), step=step)\n"
        "    print(step, flush=True)\n"
    )
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert process.stdout is not None
    recorded = [int(process.stdout.readline()) for _ in range(23)]

    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()

    steps = [record["step"] for record in read_records(path)]
    assert steps == list(range(len(steps)))
    assert len(steps) > recorded[-1] - 5


def test_windows_on_the_device_are_stacked_once() -> None:
    recorder = LossRecorder(flush_every=4, logger=logging.getLogger("silent"))
    breakdown = breakdown_of()

    for step in range(3):
        recorder.record(breakdown, step=step)
    counter = counted(lambda: recorder.record(breakdown, step=3))

    assert counter.names["aten::cat"] == 1


@pytest.mark.parametrize("end", ["", "del recorder", "raise SystemExit(3)", "raise ValueError"])
def test_a_loop_that_ends_without_a_flush_loses_nothing(end: str, tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    script = f"""
import torch
from mace_scf.loss import LossEngine, LossRecorder
engine = LossEngine.from_config({{"energy_per_atom": 1.0}})
recorder = LossRecorder({str(log)!r})
for step in range(7):
    recorder.record(engine({{"ptr": torch.tensor([0, 2]), "energy": torch.zeros(1)}}, {{"energy": torch.ones(1)}}), step=step)
{end}
"""
    subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)

    assert [each["step"] for each in read_records(log)] == list(range(7))


def test_only_the_first_rank_of_a_group_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.distributed.is_initialized", lambda: True)
    monkeypatch.setattr("torch.distributed.get_rank", lambda: 1)

    with LossRecorder(tmp_path / "run.jsonl") as recorder:
        recorder.record(breakdown_of(), step=0)

    assert not (tmp_path / "run.jsonl").exists()
