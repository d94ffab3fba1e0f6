"""The engine behind the call that existing training loops make: ``loss_fn(pred=output, ref=batch)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from torch import Tensor
from torch import distributed as dist

from .adapters import is_batch
from .breakdown import Breakdown
from .prepared import Prepared
from .reduce import StepCounts

if TYPE_CHECKING:
    from .engine import LossEngine


class LossFunction:
    """Returns the scalar of an engine; keeps the last breakdown.

    Attributes:
        last: breakdown of the last call.
    """

    def __init__(self, engine: LossEngine, recorder: Callable[[Breakdown], object] | None) -> None:
        self._engine = engine
        self._recorder = recorder
        self.last: Breakdown | None = None

    def __call__(
        self, ref: object, pred: object, ddp: bool | None = None, *, counts: StepCounts | None = None
    ) -> Tensor:
        """Loss of a batch.

        Args:
            ref: the batch; references and output may come in either order.
            pred: the model's output.
            ddp: divide by the counts of all ranks, through one collective. By default that happens
                where a process group of more than one rank is initialised, as upstream's loops expect.
            counts: counts of the step, from a plan; then there is no collective.
        """
        if not isinstance(ref, Prepared) and (isinstance(pred, Prepared) or _swapped(ref, pred)):
            ref, pred = pred, ref
        given = counts
        if given is None and (_distributed() if ddp is None else ddp):
            given = self._engine.start_counts(ref).ready()
        self.last = self._engine(ref, pred, counts=given)
        if self._recorder is not None:
            self._recorder(self.last)
        return self.last.total

    def __repr__(self) -> str:
        return repr(self._engine)


def _swapped(ref: object, pred: object) -> bool:
    return is_batch(pred) and not is_batch(ref)


def _distributed() -> bool:
    return dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1
