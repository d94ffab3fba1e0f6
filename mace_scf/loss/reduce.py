"""From sums to means: over elements, over labelled elements, or by constants; in one process or many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch import distributed as dist

from .columns import table_dtype
from .keeping import from_host
from .problems import LossInputError


@attrs.frozen(eq=False)
class StepCounts:
    """Divisor of each term over all ranks and micro-batches of one optimiser step.

    The loss of a rank is ``world_size * sum / count``: averaged over ranks, as DDP does with
    gradients, and added over micro-batches, it is the loss of the one big batch.

    Attributes:
        values: count of each term, on the host or (T,) on the device.
        world_size: number of ranks that average.
    """

    values: tuple[float | Tensor, ...] | Tensor
    world_size: int = 1


@attrs.frozen(eq=False)
class PendingCounts:
    """Counts on their way through one asynchronous all-reduce.

    Attributes:
        values: (T,), complete once :meth:`ready` returned.
        work: handle of the collective, ``None`` in a single process.
        world_size: number of ranks.
    """

    values: Tensor
    work: Any
    world_size: int

    def ready(self) -> StepCounts:
        """The counts of all ranks; on a GPU only the stream waits."""
        if self.work is not None:
            self.work.wait()
        return StepCounts(self.values, self.world_size)


@attrs.frozen
class Reduction:
    """How sums become means.

    Attributes:
        kind: ``batch`` divides by all elements, ``labelled`` by the labelled ones, ``fixed`` by constants.
        constants: count of each term in one step, for ``fixed``.
    """

    kind: str = "batch"
    constants: Mapping[str, float] = attrs.Factory(dict)


def fixed(constants: Mapping[str, float]) -> Reduction:
    """Divide by constant counts: mean count per frame in the data set times frames per step.

    The gradient is then an unbiased estimate of the data set's, whatever the batch holds.
    """
    return Reduction("fixed", dict(constants))


Divisor = float | Tensor


def divisors(
    reduction: Reduction,
    names: Sequence[str],
    elements: Sequence[int | Tensor],
    counts: Callable[[], Tensor],
    *,
    given: StepCounts | None,
) -> list[Divisor]:
    """Divisor of each term, on the host where it is known there; empty batches divide by 1.

    Args:
        reduction: how.
        names: of the terms.
        elements: all elements of each term.
        counts: gives the labelled elements of each term, (T,).
        given: counts over all ranks and micro-batches, instead of the batch's own.
    """
    if given is not None:
        return [safe_divisor(value) / given.world_size for value in given.values]
    if reduction.kind == "labelled":
        return [safe_divisor(count) for count in counts().unbind()]
    if reduction.kind == "fixed":
        return [safe_divisor(each) for each in _constants(reduction, names, elements)]
    return [safe_divisor(element) for element in elements]


def host_divisors(
    reduction: Reduction,
    names: Sequence[str],
    elements: Sequence[int],
    counts: Callable[[], NDArray[np.float64]],
    *,
    given: StepCounts | None,
) -> NDArray[np.float64]:
    """The same divisors as an array, (T,), where everything lies on the host."""
    if given is not None:
        values = [value.numpy() if isinstance(value, Tensor) else value for value in given.values]
    elif reduction.kind == "fixed":
        values = [*_constants(reduction, names, elements)]
    else:
        values = list(counts()) if reduction.kind == "labelled" else list(elements)
    divisor = np.array(values, dtype=np.float64)
    divisor[~(divisor > 0)] = 1.0  # nothing to average, as in safe_divisor
    return divisor / (1 if given is None else given.world_size)


def check_constants(reduction: Reduction, names: Sequence[str]) -> None:
    """Constant counts are there for every term that counts, and are numbers.

    Raises:
        LossInputError: the first term without one.
    """
    if reduction.kind != "fixed":
        return
    for name in names:
        found = reduction.constants.get(name)
        if not isinstance(found, int | float) or not 0 <= found < float("inf"):
            expected = f"fixed(counts) with a finite count for `{name}`"
            raise LossInputError(name, "reduction", expected=expected, found=repr(found))


def _constants(
    reduction: Reduction, names: Sequence[str], elements: Sequence[int | Tensor]
) -> Sequence[Divisor]:
    """Constant counts; a term of weight 0, which a plan leaves out, takes its elements."""
    counts = reduction.constants
    return [counts.get(name, count) for name, count in zip(names, elements, strict=True)]


def inverse_vector(values: Sequence[Divisor], device: torch.device) -> Tensor:
    """1 over each divisor, (T,)."""
    real = table_dtype(device)
    numbers = [1.0 / value for value in values if not isinstance(value, Tensor)]
    if len(numbers) == len(values):
        return from_host(numbers, device, real)
    tensors = [
        value if isinstance(value, Tensor) else torch.full((), value, device=device) for value in values
    ]
    return torch.stack([tensor.to(real) for tensor in tensors]).reciprocal()


def start_counts(local: Tensor, group: Any = None) -> PendingCounts:
    """Start the one collective that adds the counts of all ranks, (T,)."""
    if not dist.is_available() or not dist.is_initialized():
        return PendingCounts(local, None, 1)
    work = dist.all_reduce(local, group=group, async_op=True)
    return PendingCounts(local, work, dist.get_world_size(group))


def reduction_of(reduction: str | Reduction) -> Reduction:
    """The reduction a word means.

    Raises:
        LossInputError: no such word, or ``fixed`` without its constants.
    """
    if isinstance(reduction, Reduction):
        return reduction
    if reduction in ("batch", "labelled"):
        return Reduction(reduction)
    raise LossInputError(
        "(all)", "reduction", expected="batch, labelled or fixed(counts)", found=f"{reduction!r}"
    )


def safe_divisor(divisor: Divisor) -> Divisor:
    """A divisor, 1 where there is nothing to average: the sum is 0, and 0 over 1 is the wanted 0."""
    if isinstance(divisor, Tensor):
        return torch.where(divisor > 0, divisor, 1)
    return divisor if divisor > 0 else 1
