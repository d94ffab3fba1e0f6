"""One rank of a distributed test: a small model under DDP, its frames, gradients written to a file."""

from __future__ import annotations

import sys
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from mace_scf.loss import CountPlan, LossEngine, StreamingEvaluation

from .batches import Arrays, ragged_batch, take_frames, tensors, with_nan_labels

SIZES = (3, 5, 1, 4, 2, 6, 1)
WEIGHTS = {
    "energy_per_atom": 3.0,
    "forces": 100.0,
    "forces_huber": 2.0,
    "atomic_multipoles": 10.0,
    "total_charge_per_atom": 1.0,
    "dipole_per_atom": 5.0,
    "fermi_level_per_atom": 1.0,
    "cluster_virial_per_atom": 0.5,
    "molecular_forces": 1.0,
}
# Rank 1 of 3 holds frames without most labels; sizes and numbers of frames differ.
SHARES = {
    1: [[[0, 1, 2, 3, 4, 5, 6]]],
    2: [[[0, 1], [2, 3, 4]], [[5], [6]]],
    3: [[[0, 1], [2]], [[3], []], [[4], [5, 6]]],
}


class Model(nn.Module):
    """Predictions from positions through a few shared parameters."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.features = nn.Linear(3, 8).double()
        self.heads = nn.ModuleDict({"atoms": nn.Linear(8, 7).double(), "frames": nn.Linear(8, 5).double()})

    def forward(self, positions: Tensor, ptr: Tensor) -> dict[str, Tensor]:
        """All keys that the terms read."""
        hidden = torch.tanh(self.features(positions))
        frame = torch.repeat_interleave(torch.arange(len(ptr) - 1), ptr[1:] - ptr[:-1])
        pooled = torch.zeros(len(ptr) - 1, 8, dtype=hidden.dtype).index_add(0, frame, hidden)
        atoms, frames = self.heads["atoms"](hidden), self.heads["frames"](pooled)
        return {
            "forces": atoms[:, :3],
            "density_coefficients": atoms[:, 3:],
            "energy": frames[:, 0],
            "fermi_level": frames[:, 1],
            "dipole": frames[:, 2:],
        }


def dataset() -> tuple[Arrays, Arrays]:
    """The frames that all ranks share out."""
    reference, prediction = ragged_batch(seed=21, sizes=SIZES)
    return with_nan_labels(reference), prediction


def part(frames: list[int]) -> dict[str, Tensor]:
    """References of some frames."""
    return tensors(take_frames(*dataset(), frames)[0])


def big_batch_gradients() -> list[Tensor]:
    """Gradients of the model on all frames at once, in the order of the shares."""
    model, reference = Model(), part(list(range(len(SIZES))))
    LossEngine.from_config(WEIGHTS)(reference, _predicted(model, reference)).total.backward()  # type: ignore[no-untyped-call]
    return [value.grad for value in model.parameters() if value.grad is not None]


def big_batch_total() -> float:
    """The loss of all frames at once."""
    model, reference = Model(), part(list(range(len(SIZES))))
    return LossEngine.from_config(WEIGHTS)(reference, _predicted(model, reference)).total.item()


def main(folder: Path, world_size: int, rank: int) -> None:
    """Run one rank and save what it found."""
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{folder}/init", world_size=world_size, rank=rank
    )
    engine = LossEngine.from_config(WEIGHTS)
    shares = SHARES[world_size]
    plan = CountPlan.from_references(engine, [part(list(range(len(SIZES))))])
    counts = plan.epoch_of(shares, rank=rank, accumulate=2).counts[0]
    found: dict[str, object] = {"collectives": 0}

    model = DistributedDataParallel(Model())
    calls = _CountCollectives()
    total = 0.0
    for place, frames in enumerate(shares[rank]):
        reference = part(frames)
        last = place == len(shares[rank]) - 1
        with nullcontext() if last else model.no_sync():
            output = _predicted(model, reference)
            with calls:
                loss = engine(reference, output, counts=counts).total
            loss.backward()  # type: ignore[no-untyped-call]
        total += loss.item()
    found |= {"planned": _gradients(model), "total": total, "collectives": calls.seen}

    reference = part([frame for frames in shares[rank] for frame in frames])
    model = DistributedDataParallel(Model())
    pending = engine.start_counts(reference)
    engine(reference, _predicted(model, reference), counts=pending).total.backward()  # type: ignore[no-untyped-call]
    found["collective"] = _gradients(model)

    model = DistributedDataParallel(Model())
    engine.as_loss_fn()(pred=_predicted(model, reference), ref=reference).backward()  # type: ignore[no-untyped-call]
    found["dropin"] = _gradients(model)

    evaluation = StreamingEvaluation(engine)
    for frames in shares[rank]:
        reference = part(frames)
        evaluation.update(reference, _predicted(model.module, reference))
    evaluation.all_reduce()
    found["evaluated"] = evaluation.total
    torch.save(found, folder / f"rank{rank}.pt")
    distributed.barrier()
    distributed.destroy_process_group()


class _CountCollectives:
    """Counts calls of collectives inside a block."""

    seen = 0

    def __enter__(self) -> None:
        self._kept = distributed.all_reduce
        distributed.all_reduce = self._counted

    def __exit__(self, *_: object) -> None:
        distributed.all_reduce = self._kept

    def _counted(self, *args: Any, **kwargs: Any) -> object:
        self.seen += 1
        return self._kept(*args, **kwargs)


def _predicted(model: nn.Module, reference: dict[str, Tensor]) -> dict[str, Tensor]:
    output: dict[str, Tensor] = model(reference["positions"], reference["ptr"])
    return output


def _gradients(model: nn.Module) -> list[Tensor]:
    return [value.grad.clone() for value in model.parameters() if value.grad is not None]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
