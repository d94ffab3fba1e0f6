"""Nine loss terms, forward and backward with the whole breakdown, against an upstream-style loss.

    python -m benchmarks.loss_engine [--rounds 12] [--sizes 8x50 64x100 512x200]

One thread, float64, frames of uneven sizes, molecules of ten atoms. Minimum of CPU time over interleaved
rounds. Three ways to hand the references over: as they come (``mapping``), with the molecule index made in the
loader (``indexed``), and packed in the loader (``prepared``); ``bare`` is prepared without looking at the breakdown.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from benchmarks.upstream_style_loss import TERMS, upstream_style_loss
from mace_scf.loss import LossEngine, with_molecules
from mace_scf.loss.adapters import references_from

WEIGHTS = {name: 1.0 + place for place, name in enumerate(TERMS)}
FIELDS = ("raw", "weighted", "share", "count", "gradient_norm", "worst_frame")
TARGETS = {"8x50": (3.5, 8), "64x100": (15, 38), "512x200": (25, 48)}
VIEWS = (
    "view detach slice select unsqueeze squeeze expand t transpose permute reshape _unsafe_view as_strided alias "
    "split split_with_sizes unbind narrow _reshape_alias lift_fresh empty empty_like"
).split()
SYNCS = ("_local_scalar_dense", "unique_dim", "nonzero", "masked_select")


def ragged_batch(n_frames: int, mean_size: int, seed: int = 0) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """References and predictions; sizes vary by 30 %."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    def weight(*shape: int) -> Tensor:
        return torch.rand(*shape, dtype=torch.float64, generator=generator) + 0.5

    low, high = int(0.7 * mean_size), int(1.3 * mean_size)
    sizes = torch.randint(low, high + 1, (n_frames,), generator=generator)
    ptr = torch.cat([torch.zeros(1, dtype=torch.int64), sizes.cumsum(0)])
    atoms = int(ptr[-1])
    reference = {
        "ptr": ptr,
        "batch": torch.repeat_interleave(torch.arange(n_frames), sizes),
        "weight": weight(n_frames),
        "positions": 5.0 * normal(atoms, 3),
        "energy": normal(n_frames),
        "forces": normal(atoms, 3),
        "dipole": normal(n_frames, 3),
        "dipole_weight": weight(n_frames, 3),
        "density_coefficients": normal(atoms, 4),
        "total_charge": normal(n_frames),
        "fermi_level": normal(n_frames),
        "cluster_batch": torch.cat([torch.arange(int(size)) // 10 for size in sizes]),
    }
    named = ("energy", "forces", "density_coefficients", "electrostatic_potentials")
    reference |= {f"{name}_weight": weight(n_frames) for name in named}
    reference["cluster_loss_weight"] = weight(n_frames)
    prediction = {
        "energy": normal(n_frames),
        "forces": normal(atoms, 3),
        "dipole": normal(n_frames, 3),
        "density_coefficients": normal(atoms, 4),
        "fermi_level": normal(n_frames),
        "esps": normal(atoms, 1),
    }
    for value in prediction.values():
        value.requires_grad_()
    return reference, {**prediction, "esps_dft": normal(atoms, 1)}


class OpCounter(TorchDispatchMode):
    """Counts compute operations and those whose GPU version waits for the device."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.ops = 0
        self.syncs: Counter[str] = Counter()

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        name = func.overloadpacket._qualified_op_name.removeprefix("aten::")
        self.ops += name not in VIEWS
        boolean = name == "index" and any(
            isinstance(index, Tensor) and index.dtype is torch.bool for index in args[1]
        )
        unsized = name == "repeat_interleave" and (kwargs or {}).get("output_size") is None
        self.syncs[name] += name in SYNCS or boolean or unsized
        return func(*args, **(kwargs or {}))


def ways(reference: dict[str, Tensor], prediction: dict[str, Tensor]) -> dict[str, Callable[[], None]]:
    """A step of each kind, gradients cleared afterwards."""
    engine = LossEngine.from_config(WEIGHTS)
    indexed = with_molecules(references_from(reference))
    prepared = engine.prepare(reference)

    def clear() -> None:
        for value in prediction.values():
            value.grad = None

    def upstream() -> None:
        upstream_style_loss(reference, prediction, WEIGHTS).backward()  # type: ignore[no-untyped-call]  # of torch
        clear()

    def step(given: object, look: bool) -> Callable[[], None]:
        def run() -> None:
            breakdown = engine(given, prediction)
            breakdown.total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            for field in FIELDS if look else ():
                getattr(breakdown, field)
            clear()

        return run

    return {
        "upstream": upstream,
        "mapping": step(reference, True),
        "indexed": step(indexed, True),
        "prepared": step(prepared, True),
        "bare": step(prepared, False),
    }


def timed(steps: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Least CPU time of each step, µs, rounds interleaved."""
    best = dict.fromkeys(steps, float("inf"))
    for step in steps.values():
        step()
    for _ in range(rounds):
        for name, step in steps.items():
            best[name] = min(best[name], _once(step))
    return best


def _once(step: Callable[[], None], budget: float = 0.015) -> float:
    """Mean over as many calls as fit the budget of seconds, after one that warms the caches."""
    step()
    calls, start = 0, time.thread_time()
    while (spent := time.thread_time() - start) < budget:
        step()
        calls += 1
    return spent / calls * 1e6


def main() -> None:
    """Print one line for each size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--sizes", nargs="+", default=list(TARGETS))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for size in arguments.sizes:
        frames, mean = (int(part) for part in size.split("x"))
        reference, prediction = ragged_batch(frames, mean)
        _check(reference, prediction)
        steps = ways(reference, prediction)
        best = timed(steps, arguments.rounds)
        print(
            f"{size}: "
            + ", ".join(
                f"{name} {value:.0f} µs ({best['upstream'] / value:.1f}×)" for name, value in best.items()
            )
        )
        print(
            f"  breakdown costs {best['prepared'] / best['bare'] - 1:.0%} over bare; goals {TARGETS.get(size)}"
        )
        for name, step in steps.items():
            counter = OpCounter()
            with counter:
                step()
            print(f"  {name}: {counter.ops} operations, {counter.syncs.total()} waits for the device")


def _check(reference: dict[str, Tensor], prediction: dict[str, Tensor]) -> None:
    """Both compute the same numbers."""
    wanted = upstream_style_loss(reference, prediction, WEIGHTS).detach()
    found = LossEngine.from_config(WEIGHTS, compat="upstream")(reference, prediction).total.detach()
    torch.testing.assert_close(found, wanted, rtol=1e-12, atol=0.0)


if __name__ == "__main__":
    main()
