"""What mace-torch's energy-forces-stress loss costs beside the engine, and what both are of a training step.

    python -m benchmarks.mace_loss [--sizes 8x50 64x100 512x200] [--rounds 25]

Needs mace-torch (`examples/train_mace/requirements.txt`). The step is one of `examples/train_mace/config.yaml`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch

import mace_scf
from benchmarks.loss_batches import clear, counted, ragged_batch, timed
from mace_scf.loss import LossEngine

EXAMPLE = Path(__file__).parents[1] / "examples" / "train_mace"
WEIGHTS = {"energy_per_atom": 10.0, "forces": 100.0, "stress": 1000.0}
FIELDS = ("raw", "weighted", "share", "count", "gradient_norm", "worst_frame")


class Batch(SimpleNamespace):
    """Answers to attributes and to items, as mace-torch's batches do."""

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


def energy_forces_stress(n_frames: int, mean_size: int) -> dict[str, Callable[[], None]]:
    """A step of mace-torch's loss and one of the engine with its whole breakdown."""
    theirs = import_module("mace.modules.loss").WeightedEnergyForcesStressLoss(*WEIGHTS.values())
    reference, prediction = ragged_batch(n_frames, mean_size)
    stress = torch.randn(2, n_frames, 3, 3, dtype=torch.float64)
    weight = torch.rand(n_frames, dtype=torch.float64)
    batch = Batch(**reference, stress=stress[0], stress_weight=weight)
    output = {
        "energy": prediction["energy"],
        "forces": prediction["forces"],
        "stress": stress[1].requires_grad_(),
    }
    ours = LossEngine.from_config(WEIGHTS)
    prepared = ours.prepare(batch)
    torch.testing.assert_close(ours(batch, output).total, theirs(batch, output), rtol=1e-12, atol=0.0)

    def mace() -> None:
        theirs(batch, output).backward()
        clear(output)

    def engine(given: object) -> Callable[[], None]:
        def run() -> None:
            breakdown = ours(given, output)
            breakdown.total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            for field in FIELDS:
                getattr(breakdown, field)
            clear(output)

        return run

    return {"mace-torch": mace, "engine, as it comes": engine(batch), "engine, prepared": engine(prepared)}


def share_of_a_step(steps: int = 6) -> tuple[float, float]:
    """Seconds of a training step of the example, and of the loss in it, forward and backward."""
    sys.path.insert(0, str(EXAMPLE))
    parts = import_module("parts")
    stage = mace_scf.validate(EXAMPLE / "config.yaml", complete=True).stages[1]
    settings = {name: each.value for name, each in stage.settings.items() if each.known}
    batches = parts.load_batches(EXAMPLE / "config.yaml", settings, stage.heads)
    model, batch = parts.build_model(settings, batches["train"]), next(iter(batches["train"]))
    engine, optimizer = LossEngine.from_stage(stage), torch.optim.Adam(model.parameters())

    def output() -> dict[str, Any]:
        found: dict[str, Any] = model(batch.to_dict(), training=True, compute_force=True)
        return found

    def step() -> None:
        optimizer.zero_grad()
        engine(batch, output()).total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()

    found = output()
    leaves = {name: found[name].detach().requires_grad_() for name in ("energy", "forces")}

    def loss() -> None:
        engine(batch, leaves).total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        clear(leaves)

    return _seconds(step, steps), _seconds(loss, 20 * steps)


def _seconds(step: Callable[[], None], calls: int) -> float:
    step()
    best = float("inf")
    for _ in range(calls):
        start = time.thread_time()
        step()
        best = min(best, time.thread_time() - start)
    return best


def main() -> None:
    """Print one line for each size, and one for the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--sizes", nargs="+", default=["8x50", "64x100", "512x200"])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    print("\nenergy, forces, stress: forward and backward")
    for size in arguments.sizes:
        steps = energy_forces_stress(*(int(part) for part in size.split("x")))
        best = timed(steps, arguments.rounds)
        row = ", ".join(
            f"{name} {value:.0f} µs ({best['mace-torch'] / value:.2f}×, {counted(steps[name]).ops} leaf ops)"
            for name, value in best.items()
        )
        print(f"  {size}: {row}")
    step, loss = share_of_a_step()
    part = f"{loss * 1e6:.0f} µs, {loss / step:.2%}"
    print(f"\na step of MACE on ten water clusters: {step * 1e3:.0f} ms, the loss in it {part}")


if __name__ == "__main__":
    main()
