"""What a step works on: one checked batch, and references that a loader may read ahead."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import torch
from torch import Tensor

from .columns import Columns
from .hostlabels import HostLabels
from .keeping import Kept
from .moving import with_tensors
from .packed import Packed
from .problems import LossInputError

MODIFIER = "loss_weight_modifier"
"""Prediction by which a model multiplies the config weight of each frame."""


@attrs.define(eq=False)
class Prepared:
    """References of one batch with everything done that does not need predictions.

    Attributes:
        columns: the batch.
        packed: references of the fused terms; ``None`` if there are none.
    """

    columns: Columns
    packed: Packed | HostLabels | None

    def to(self, device: torch.device | str, non_blocking: bool = False) -> Prepared:
        """The same on another device.

        Raises:
            LossInputError: they were prepared for a CPU: memory that kernels read where it lies.
        """
        return self._moved(lambda tensor: tensor.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> Prepared:
        """The same in memory that a GPU copies from without waiting; loaders call it."""
        return self._moved(lambda tensor: tensor.pin_memory())

    def _moved(self, move: Callable[[Tensor], Tensor]) -> Prepared:
        if self.columns.compiled:
            expected, found = 'references of prepare(…, device="cuda")', "references prepared for a CPU"
            raise LossInputError("(all)", "prepared", expected=expected, found=found)
        moved: Prepared = with_tensors(self, move)
        return moved


@attrs.define(eq=False)
class Batch:
    """One batch, checked.

    Attributes:
        columns: sizes, frames, references.
        predictions: tensors by key.
        packed: references of the fused terms, for exactly these predictions.
        masked: absent labels are kept out.
        kept: columns that any batch of the engine shares.
    """

    columns: Columns
    predictions: dict[str, Tensor]
    packed: Packed | HostLabels | None
    masked: bool
    kept: Kept

    @property
    def device(self) -> torch.device:
        """Where everything lies."""
        return self.columns.ptr.device
