"""The benchmarks of the loss say what they measured: the baseline is the one that is meant, and nothing is passed over."""

from __future__ import annotations

import pytest
import torch

from benchmarks import loss_engine, loss_on_gpu
from benchmarks.loss_batches import counted, ragged_batch


def test_the_baseline_is_the_one_that_is_meant() -> None:
    steps = loss_engine.ways(*ragged_batch(3, 20))

    counter = counted(steps["upstream-style"])

    assert 195 <= counter.ops <= 235
    assert counter.syncs.total() == 14


def test_no_way_of_the_engine_waits() -> None:
    steps = loss_engine.ways(*ragged_batch(3, 20))

    waits = {name: counted(step).syncs.total() for name, step in steps.items() if name != "upstream-style"}

    assert len(waits) >= 4
    assert set(waits.values()) == {0}


def test_a_missing_peer_is_told_aloud(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["loss_engine", "--sizes", "2x10", "--rounds", "1"])
    monkeypatch.setattr(loss_engine, "bandwidth", lambda: 1e10)

    loss_engine.main()

    printed = capsys.readouterr().out
    assert "2x10: floor" in printed
    assert "NOT MEASURED: mace-torch's loss and a real step" in printed


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_script_for_a_gpu_runs_its_steps_on_a_cpu(dtype: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--device", "cpu", "--sizes", "2x10", "--steps", "2", "--dtype", dtype]

    assert loss_on_gpu.main(words) == 0

    printed = capsys.readouterr().out
    assert printed.count("2x10") == 2
    assert "waits cannot be seen on a CPU" in printed


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_the_script_for_a_gpu_says_so_without_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert loss_on_gpu.main([]) == 1
    assert "nothing was measured" in capsys.readouterr().out
