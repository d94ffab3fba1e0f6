"""Whether there are compiled kernels, and sums by them."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from math import prod
from types import ModuleType

import torch
from torch import Tensor

KNOWN = (torch.float32, torch.float64)
"""Numbers that the kernels take."""


@cache
def available() -> bool:
    """Whether numba is there."""
    return find_spec("numba") is not None


@cache
def kernels() -> ModuleType:
    """Passes over all terms; numba is only loaded when they are first used."""
    from . import kernels as loaded

    return loaded


@cache
def row_kernels() -> ModuleType:
    """Sums over rows, weights and molecules, likewise."""
    from . import row_kernels as loaded

    return loaded


def compiled_sums(values: Tensor, offsets: Tensor) -> Tensor:
    """Sums over consecutive stretches on a CPU, (n_segments, ...), formed in float64.

    Args:
        values: float32 or float64, (n_items, ...).
        offsets: first item of each stretch and the end of the last, int64, (n_segments + 1,).
    """
    rows = values.detach()
    rows = rows if rows.dim() == 2 else rows.reshape(rows.shape[0], prod(rows.shape[1:]))
    out = rows.new_empty(offsets.shape[0] - 1, rows.shape[1])
    row_kernels().stretch_sums(rows.numpy(), offsets.numpy(), out.numpy())
    return out if values.dim() == 2 else out.reshape(-1, *values.shape[1:])


def spread_add(out: Tensor, rows: Tensor, offsets: Tensor) -> None:
    """Add the row of each stretch to all of its items, in the leading columns of ``out``."""
    row_kernels().spread_add(rows.numpy(), offsets.numpy(), out.numpy())


def compiled_dots(values: Tensor, others: Tensor, offsets: Tensor) -> Tensor:
    """Sums over stretches of the products of rows, (n_segments, 1)."""
    out = values.new_empty(offsets.shape[0] - 1, 1)
    row_kernels().stretch_dots(values.detach().numpy(), others.numpy(), offsets.numpy(), out.numpy())
    return out


def spread_scaled(out: Tensor, factors: Tensor, rows: Tensor, offsets: Tensor) -> None:
    """Add rows times the factor of their stretch to ``out``."""
    row_kernels().spread_scaled(factors.numpy(), rows.numpy(), offsets.numpy(), out.numpy())
