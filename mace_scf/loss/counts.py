"""Divisors of every optimiser step, known on the host before it begins, from the sampler's indices.

All ranks know the seed and what each frame holds, so each can add up what the others will see: the
step needs no collective.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import torch
from torch import Tensor
from torch.utils.data import BatchSampler, DistributedSampler, Sampler

from .problems import LossInputError
from .reduce import Reduction, StepCounts, fixed

if TYPE_CHECKING:
    from .engine import LossEngine


@attrs.frozen(eq=False)
class EpochPlan:
    """Batches of one rank in one epoch, and the counts of every optimiser step over all ranks.

    Attributes:
        batches: indices of each micro-batch of this rank; give it to a loader as ``batch_sampler``.
        accumulate: micro-batches per optimiser step.
        counts: one for each optimiser step.
    """

    batches: tuple[tuple[int, ...], ...]
    accumulate: int
    counts: tuple[StepCounts, ...]

    def counts_of(self, batch: int) -> StepCounts:
        """Counts for the micro-batch at that place in :attr:`batches`."""
        return self.counts[batch // self.accumulate]


@attrs.frozen(eq=False)
class CountPlan:
    """What each frame of a data set adds to the divisor of each term.

    Attributes:
        names: terms.
        table: (n_frames, T), on the host.
    """

    names: tuple[str, ...]
    table: Tensor

    @classmethod
    def from_references(
        cls, engine: LossEngine, batches: Iterable[object], *, widths: Mapping[str, int] | None = None
    ) -> CountPlan:
        """Read every frame of a data set once, in order, in batches of any size.

        Args:
            engine: whose terms and reduction count.
            batches: references, as in a call of the engine.
            widths: components of predictions that no label tells.
        """
        tables = [engine.counts(batch, widths=widths).cpu().t() for batch in batches]
        return cls(engine.active_names, torch.cat(tables))

    def counts(self, indices: Iterable[int], *, world_size: int = 1) -> StepCounts:
        """Counts of one step whose frames, over all ranks and micro-batches, are these."""
        chosen = self.table.index_select(
            0, torch.tensor(list(indices), dtype=torch.int64, device=self.table.device)
        )
        return StepCounts(tuple(chosen.sum(dim=0).tolist()), world_size)

    def fixed(self, frames_per_step: int) -> Reduction:
        """Constant counts: the data set's mean per frame times the frames of one step."""
        means = (self.table.mean(dim=0) * frames_per_step).tolist()
        return fixed(dict(zip(self.names, means, strict=True)))

    def epoch(
        self,
        sampler: Sampler[Any] | Sequence[int],
        *,
        batch_size: int | None = None,
        accumulate: int = 1,
        drop_last: bool = False,
    ) -> EpochPlan:
        """Batches and counts of the epoch that a sampler is about to give.

        The sampler is read once; use the plan's batches for the loader, not the sampler again.

        Args:
            sampler: of torch, ``DistributedSampler`` included, with its epoch set; a ``BatchSampler``
                brings its own batches; or indices in order.
            batch_size: frames per micro-batch and rank.
            accumulate: micro-batches per optimiser step.
            drop_last: leave out a last batch that is not full.
        """
        ranks, own = _all_ranks(sampler)
        by_rank = [_batches(each, batch_size, drop_last) for each in ranks]
        return self.epoch_of(by_rank, rank=own, accumulate=accumulate)

    def epoch_of(
        self, batches: Sequence[Sequence[Sequence[int]]], *, rank: int = 0, accumulate: int = 1
    ) -> EpochPlan:
        """Batches and counts where the batches of every rank are known.

        Args:
            batches: for each rank, the indices of each micro-batch.
            rank: this one.
            accumulate: micro-batches per optimiser step.
        """
        steps = max((-(-len(each) // accumulate) for each in batches), default=0)
        windows = [slice(step * accumulate, (step + 1) * accumulate) for step in range(steps)]
        counts = [
            self.counts(
                (index for each in batches for batch in each[window] for index in batch),
                world_size=len(batches),
            )
            for window in windows
        ]
        own = tuple(tuple(batch) for batch in batches[rank])
        return EpochPlan(own, accumulate, tuple(counts))


def _all_ranks(sampler: Sampler[Any] | Sequence[int]) -> tuple[list[Any], int]:
    """The sampler of every rank, and the place of this rank."""
    inner = sampler.sampler if isinstance(sampler, BatchSampler) else sampler
    if not isinstance(inner, DistributedSampler):
        return [list(sampler)], 0
    return [list(_at_rank(sampler, rank)) for rank in range(inner.num_replicas)], inner.rank


def _at_rank(sampler: Any, rank: int) -> Any:
    """The same sampler as another rank holds it."""
    other = copy.copy(sampler)
    if isinstance(other, BatchSampler):
        other.sampler = _at_rank(other.sampler, rank)
    else:
        other.rank = rank
    return other


def _batches(indices: Sequence[Any], batch_size: int | None, drop_last: bool) -> list[list[int]]:
    if indices and not isinstance(indices[0], int):
        return [list(batch) for batch in indices]
    if batch_size is None:
        raise LossInputError("(all)", "batch_size", expected="a number of frames", found="nothing")
    size = batch_size
    made = [list(indices[start : start + size]) for start in range(0, len(indices), size)]
    return [batch for batch in made if len(batch) == size or not drop_last]
