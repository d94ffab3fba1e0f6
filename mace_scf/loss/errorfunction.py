"""What a residual costs: squared, absolute, Huber; each with its slope, element by element."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import torch
from torch import Tensor


@attrs.frozen
class ErrorFunction:
    """An even function of a residual, with its derivative.

    Attributes:
        name: word for messages and plans.
        value: cost of each residual.
        slope: derivative of the cost.
    """

    name: str
    value: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]


def _twice(residual: Tensor) -> Tensor:
    return 2.0 * residual


SQUARED = ErrorFunction("squared", torch.square, _twice)
ABSOLUTE = ErrorFunction("absolute", torch.abs, torch.sign)


def huber(delta: float) -> ErrorFunction:
    """Half the square up to ``delta`` (unit of the residual), straight beyond."""
    return ErrorFunction(
        "huber",
        lambda residual: huber_value(residual, delta),
        lambda residual: residual.clamp(-delta, delta),
    )


def huber_value(residual: Tensor, delta: Tensor | float) -> Tensor:
    """Huber cost with one ``delta`` or one for each residual."""
    size = residual.abs()
    return torch.where(size <= delta, 0.5 * residual * residual, delta * (size - 0.5 * delta))
