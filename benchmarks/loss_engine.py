"""Nine loss terms, forward and backward with the whole breakdown, against an upstream-style loss.

    python -m benchmarks.loss_engine [--sizes 8x50 64x100 512x200] [--rounds 25] [--mace-python PYTHON]

One thread, float64, frames of uneven sizes, molecules of ten atoms. Least CPU time over interleaved rounds.
References come as a collate function hands them over (``as it comes``), with the molecule index made in the loader
(``indexed``), or wholly read in the loader (``prepared``). ``bare`` is the same call without a look at the breakdown;
what a look costs is spent when somebody looks. ``torch`` is without compiled kernels, as on a GPU. The floor reads
every input once and writes every gradient once, at the bandwidth of main memory, which caches can beat.

mace-torch may need another torch, so its loss is timed in an interpreter that has it: ``--mace-python``.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Callable

import torch

from benchmarks.loss_batches import Tensors, bandwidth, clear, counted, ragged_batch, timed
from benchmarks.upstream_style_loss import TERMS, upstream_style_loss
from mace_scf.loss import LossEngine, with_molecules
from mace_scf.loss.adapters import references_from
from mace_scf.loss.compiled import available

WEIGHTS = {name: 1.0 + place for place, name in enumerate(TERMS)}
FIELDS = ("raw", "weighted", "share", "count", "gradient_norm", "worst_frame")
GOALS = {"8x50": (3.5, 8), "64x100": (15, 38), "512x200": (25, 48)}

Step = Callable[[], None]


def ways(reference: Tensors, prediction: Tensors) -> dict[str, Step]:
    """A step of each kind, gradients cleared afterwards."""

    def upstream() -> None:
        upstream_style_loss(reference, prediction, WEIGHTS).backward()  # type: ignore[no-untyped-call]  # of torch
        clear(prediction)

    steps: dict[str, Step] = {"upstream-style": upstream}
    kinds = (("", True), (", torch", False)) if available() else ((", torch", False),)
    for suffix, compiled in kinds:
        engine = LossEngine.from_config(WEIGHTS).evolve(compiled=compiled)
        prepared = engine.prepare(reference)
        given = {
            "as it comes": reference,
            "indexed": with_molecules(references_from(reference)),
            "prepared": prepared,
        }
        for name, batch in given.items():
            steps[name + suffix] = _step(engine, batch, prediction, look=True)
        steps[f"as it comes, bare{suffix}"] = _step(engine, reference, prediction, look=False)
        steps[f"prepared, bare{suffix}"] = _step(engine, prepared, prediction, look=False)
    return steps


def _step(engine: LossEngine, batch: object, prediction: Tensors, *, look: bool) -> Step:
    def run() -> None:
        breakdown = engine(batch, prediction)
        breakdown.total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        for field in FIELDS if look else ():
            getattr(breakdown, field)
        clear(prediction)

    return run


def floor(reference: Tensors, prediction: Tensors, rate: float) -> float:
    """Time to read every input once and to write every gradient once, µs."""
    read = [*reference.values(), *prediction.values()]
    written = [value for value in prediction.values() if value.requires_grad]
    return sum(value.nbytes for value in (*read, *written)) / rate * 1e6


def main() -> None:
    """Print one table for each size, then what mace-torch's own loss and step cost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--sizes", nargs="+", default=list(GOALS))
    parser.add_argument("--mace-python", help="an interpreter that has mace-torch and this package")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rate = bandwidth()
    print(
        f"main memory: {rate / 1e9:.1f} GB/s; compiled kernels: {'yes' if available() else 'no numba here'}"
    )
    for size in arguments.sizes:
        _table(size, arguments.rounds, rate)
    if arguments.mace_python is None:
        print("NOT MEASURED: mace-torch's loss and a real step; give --mace-python PYTHON")
        return
    command = [arguments.mace_python, "-m", "benchmarks.mace_loss", "--rounds", str(arguments.rounds)]
    subprocess.run([*command, "--sizes", *arguments.sizes], check=True)


def _table(size: str, rounds: int, rate: float) -> None:
    frames, mean = (int(part) for part in size.split("x"))
    reference, prediction = ragged_batch(frames, mean)
    _check(reference, prediction)
    steps = ways(reference, prediction)
    best = timed(steps, rounds)
    least = floor(reference, prediction, rate)
    print(f"\n{size}: floor {least:.1f} µs; goal and stretch {GOALS.get(size, ('none', 'none'))}")
    print(f"  {'':24} {'µs':>9} {'faster':>8} {'of floor':>9} {'leaf ops':>9} {'waits':>6}")
    for name, value in best.items():
        counter = counted(steps[name])
        row = f"{value:9.0f} {best['upstream-style'] / value:7.1f}× {value / least:8.1f}×"
        print(f"  {name:24} {row} {counter.ops:9} {counter.syncs.total():6}")
    for suffix in ("", ", torch"):
        for way in ("as it comes", "prepared"):
            if f"{way}{suffix}" in best:
                cost = best[f"{way}{suffix}"] / best[f"{way}, bare{suffix}"] - 1
                print(f"  the breakdown costs {cost:.0%} over bare: {way}{suffix}")


def _check(reference: Tensors, prediction: Tensors) -> None:
    """All compute the same numbers."""
    wanted = upstream_style_loss(reference, prediction, WEIGHTS).detach()
    engine = LossEngine.from_config(WEIGHTS, compat="upstream")
    for compiled in (False, True):
        found = engine.evolve(compiled=compiled)(reference, prediction).total.detach()
        torch.testing.assert_close(found, wanted, rtol=1e-12, atol=0.0)


if __name__ == "__main__":
    main()
