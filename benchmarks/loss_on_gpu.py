"""Does a step of the loss wait for the GPU, and how long does it take there?

    python -m benchmarks.loss_on_gpu [--device cuda] [--sizes 8x50 64x100 512x200] [--dtype float64] [--steps 200]

Runs nine terms forward and backward with every value of the breakdown and the recorder, under
``torch.cuda.set_sync_debug_mode("error")``: the first operation that waits for the GPU ends the script with its
trace. Then times a step, by events of the GPU and by the clock of the host, with references as they come and prepared.

This script has not been run on a GPU: none was at hand. On ``--device cpu`` it runs the same steps without the two
things that only a GPU has, the debug mode and the events.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from benchmarks.loss_batches import clear, ragged_batch
from benchmarks.upstream_style_loss import TERMS
from mace_scf.loss import LossEngine, LossRecorder

WEIGHTS = {name: 1.0 + place for place, name in enumerate(TERMS)}
FIELDS = ("raw", "weighted", "share", "count", "gradient_norm", "worst_frame")


def batch_on(
    device: torch.device, size: str, dtype: torch.dtype
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Labels and predictions of a ragged batch, gradients wanted as on the CPU."""
    frames, mean = (int(part) for part in size.split("x"))

    def moved(tensor: Tensor) -> Tensor:
        kind = dtype if tensor.is_floating_point() else tensor.dtype
        return tensor.detach().to(device, kind).requires_grad_(tensor.requires_grad)

    reference, prediction = ragged_batch(frames, mean)
    return (
        {name: moved(value) for name, value in reference.items()},
        {name: moved(value) for name, value in prediction.items()},
    )


def step(
    engine: LossEngine, reference: object, prediction: dict[str, Tensor], recorder: LossRecorder, number: int
) -> None:
    """Loss, gradient and every value of the breakdown."""
    breakdown = engine(reference, prediction)
    breakdown.total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    for field in FIELDS:
        getattr(breakdown, field)
    recorder.record(breakdown, step=number)
    clear(prediction)


@contextmanager
def no_waiting(device: torch.device) -> Iterator[None]:
    """Whatever waits for the GPU is an error."""
    if device.type != "cuda":
        yield
        return
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def timed(run: Callable[[int], None], device: torch.device, steps: int) -> tuple[float, float]:
    """Mean time of a step, µs: on the GPU (the host's again on a CPU), and for the host to hand it over."""
    if device.type != "cuda":
        host = _host_time(run, steps)
        return host, host
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]  # of torch
    torch.cuda.synchronize()
    start.record()
    host = _host_time(run, steps)
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / steps * 1e3, host


def _host_time(run: Callable[[int], None], steps: int) -> float:
    start = time.perf_counter()
    for number in range(steps):
        run(number)
    return (time.perf_counter() - start) / steps * 1e6


def main(words: list[str] | None = None) -> int:
    """Print one line for each size and way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--sizes", nargs="+", default=["8x50", "64x100", "512x200"])
    parser.add_argument("--dtype", default="float64", choices=["float32", "float64"])
    parser.add_argument("--steps", type=int, default=200)
    arguments = parser.parse_args(words)
    device = torch.device(arguments.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("no GPU here: nothing was measured (--device cpu runs the same steps on the CPU)")
        return 1
    for size in arguments.sizes:
        _measure(size, device, getattr(torch, arguments.dtype), arguments.steps)
    return 0


def _measure(size: str, device: torch.device, dtype: torch.dtype, steps: int) -> None:
    engine = LossEngine.from_config(WEIGHTS).evolve(compiled=False)
    reference, prediction = batch_on(device, size, dtype)
    prepared = engine.prepare(reference)
    for name, given in (("as it comes", reference), ("prepared", prepared)):
        # The recorder's own transfer, once in a window, is the one that may wait.
        recorder = LossRecorder(None, flush_every=10**9)

        def run(number: int, given: object = given, recorder: LossRecorder = recorder) -> None:
            step(engine, given, prediction, recorder, number)

        run(0)  # kernels are loaded
        with no_waiting(device):
            run(1)
        on_device, host = timed(run, device, steps)
        recorder.flush()
        waits = "no wait in a step" if device.type == "cuda" else "waits cannot be seen on a CPU"
        print(f"{size} {name}: {on_device:.0f} µs a step, {host:.0f} µs of the host; {waits}")


if __name__ == "__main__":
    raise SystemExit(main())
