"""What the loss benchmarks share: ragged batches, counters of operations, times of interleaved steps."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

VIEWS = (
    "view detach slice select unsqueeze squeeze expand t transpose permute reshape _unsafe_view as_strided alias "
    "split split_with_sizes unbind narrow _reshape_alias lift_fresh empty empty_like"
).split()
SYNCS = ("_local_scalar_dense", "unique_dim", "nonzero", "masked_select")


Tensors = dict[str, Tensor]


def ragged_batch(n_frames: int, mean_size: int, seed: int = 0) -> tuple[Tensors, Tensors]:
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


def counted(step: Callable[[], object]) -> OpCounter:
    """Operations of one step."""
    counter = OpCounter()
    with counter:
        step()
    return counter


def timed(steps: Mapping[str, Callable[[], object]], rounds: int, budget: float = 0.015) -> dict[str, float]:
    """Least CPU time of each step, µs, rounds interleaved.

    Args:
        steps: by name.
        rounds: how often each gets its turn.
        budget: seconds of a turn, after one call that warms the caches.
    """
    best = dict.fromkeys(steps, float("inf"))
    for _ in range(rounds):
        for name, step in steps.items():
            best[name] = min(best[name], _turn(step, budget))
    return best


def _turn(step: Callable[[], object], budget: float) -> float:
    step()
    calls, start = 0, time.thread_time()
    while (spent := time.thread_time() - start) < budget:
        step()
        calls += 1
    return spent / calls * 1e6


def clear(prediction: Mapping[str, Tensor]) -> None:
    """Forget gradients."""
    for value in prediction.values():
        value.grad = None


def bandwidth(mib: int = 256) -> float:
    """Bytes a second that one thread reads or copies from main memory, whichever is faster."""
    source = torch.ones(mib * 131072, dtype=torch.float64)
    target = torch.empty_like(source)
    best = timed({"read": source.sum, "copy": lambda: target.copy_(source)}, rounds=5)
    return source.nbytes / min(best["read"], best["copy"] / 2) * 1e6
