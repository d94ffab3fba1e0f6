"""Real processes over gloo, with DDP around a real module: the gradient is that of the one big batch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from .worker import big_batch_gradients, big_batch_total


@pytest.mark.slow
@pytest.mark.parametrize("world_size", [2, 3])
def test_ddp_gradients_equal_those_of_the_big_batch(tmp_path: Path, world_size: int) -> None:
    _run(tmp_path, world_size)

    results = [torch.load(tmp_path / f"rank{rank}.pt") for rank in range(world_size)]

    wanted = big_batch_gradients()
    for result in results:
        for way in ("planned", "collective", "dropin"):
            for found, want in zip(result[way], wanted, strict=True):
                torch.testing.assert_close(found, want, rtol=1e-13, atol=1e-13)
    assert {result["collectives"] for result in results} == {0}
    mean = sum(result["total"] for result in results) / world_size
    assert abs(mean / big_batch_total() - 1) < 1e-13
    evaluated = {result["evaluated"] for result in results}
    assert len(evaluated) == 1
    assert abs(evaluated.pop() / big_batch_total() - 1) < 1e-13


def _run(folder: Path, world_size: int) -> None:
    command = [sys.executable, "-m", "tests.loss.worker", str(folder), str(world_size)]
    root = Path(__file__).resolve().parents[2]
    workers = [subprocess.Popen([*command, str(rank)], cwd=root) for rank in range(world_size)]
    try:
        assert [worker.wait(timeout=120) for worker in workers] == [0] * world_size
    finally:
        for worker in workers:
            worker.kill()
