"""What a residual costs, element by element: squared, absolute, Huber."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import attrs
import torch
from torch import Tensor


@attrs.frozen
class ErrorFunction:
    """An even function of a residual.

    Attributes:
        name: word for messages and plans.
        value: cost of each residual.
    """

    name: str
    value: Callable[[Tensor], Tensor]


SQUARED = ErrorFunction("squared", torch.square)
ABSOLUTE = ErrorFunction("absolute", torch.abs)


def huber(delta: float) -> ErrorFunction:
    """Half the square up to ``delta`` (unit of the residual), straight beyond."""
    # A tensor without dimensions follows any device and dtype, and stays out of compiled graphs.
    width = torch.tensor(delta, dtype=torch.float64, device="cpu")
    return ErrorFunction("huber", partial(huber_value, delta=width))


def huber_value(residual: Tensor, delta: Tensor | float) -> Tensor:
    """Huber cost with one ``delta`` or one for each residual."""
    size = residual.abs()
    return torch.where(size <= delta, 0.5 * residual * residual, delta * (size - 0.5 * delta))
