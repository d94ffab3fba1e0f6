"""Whether there are compiled kernels, and sums by them."""

from __future__ import annotations

import warnings
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
    """Whether numba is there and works; where it is there and does not, torch computes, and says so once."""
    if find_spec("numba") is None:
        return False
    try:
        _ = kernels(), row_kernels()
    except Exception as error:  # of a numba for another numpy, or without a folder for its kernels
        told = f"{type(error).__name__}: {error}"
        warnings.warn(
            f"the loss runs without compiled kernels, as numba cannot be used: {told}", stacklevel=2
        )
        return False
    return True


@cache
def kernels() -> ModuleType:
    """Passes over all terms; numba is loaded with them, when an engine first asks whether it may use them."""
    from . import kernels as loaded

    return loaded


@cache
def row_kernels() -> ModuleType:
    """Sums over rows, weights and molecules, likewise."""
    from . import row_kernels as loaded

    return loaded


def in_memory(values: Tensor) -> Tensor:
    """Numbers as they stand in memory, one behind the other: torch may owe a sign, or all of a tensor of zeros."""
    if values.is_neg() or values._is_zerotensor():
        return values.clone()
    return values.contiguous()


def compiled_sums(values: Tensor, offsets: Tensor) -> Tensor:
    """Sums over consecutive stretches on a CPU, (n_segments, ...), formed in float64.

    Args:
        values: float32 or float64, (n_items, ...).
        offsets: first item of each stretch and the end of the last, int64, side by side, (n_segments + 1,).
    """
    if values.is_neg() or values._is_zerotensor():
        values = in_memory(values)
    rows = values if values.dim() == 2 else values.reshape(values.shape[0], prod(values.shape[1:]))
    count, width = offsets.shape[0] - 1, rows.shape[1]
    if rows.stride(0) < width or (width > 1 and rows.stride(1) != 1):
        rows = rows.contiguous()
    out = torch.empty(count, width, dtype=rows.dtype, device="cpu")
    row_kernels().stretch_sums(
        rows.data_ptr(), rows.stride(0), is_single(rows), offsets.data_ptr(), count, width, out.data_ptr()
    )
    return out if values.dim() == 2 else out.reshape(-1, *values.shape[1:])


def compiled_sizes(offsets: Tensor, items: int, *, least: int = 0) -> tuple[Tensor, bool]:
    """Items of each stretch, float64, and whether the stretches follow each other up to the last item.

    Args:
        offsets: as above.
        items: of all stretches.
        least: what a smaller size is replaced by.
    """
    count = offsets.shape[0] - 1
    sizes = torch.empty(count, dtype=torch.float64, device="cpu")
    follow = row_kernels().stretch_sizes(offsets.data_ptr(), count, items, least, sizes.data_ptr())
    return sizes, follow


def compiled_order(frame_of_atom: Tensor, ptr: Tensor) -> bool:
    """Whether the frame of each atom is the one that bounds say.

    Args:
        frame_of_atom: (N,).
        ptr: first atom of each frame and N at the end, (G+1,).
    """
    frames, bounds = frame_of_atom.to(torch.int64).contiguous(), ptr.to(torch.int64).contiguous()
    found: bool = row_kernels().in_order(frames.data_ptr(), bounds.data_ptr(), bounds.shape[0] - 1)
    return found


def spread_add(out: Tensor, rows: Tensor, offsets: Tensor) -> None:
    """Add the row of each stretch to all of its items, in the leading columns of ``out``."""
    rows = rows.to(out.dtype).contiguous()
    count, width = rows.shape
    row_kernels().spread_add(
        rows.data_ptr(),
        is_single(rows),
        offsets.data_ptr(),
        count,
        width,
        out.data_ptr(),
        out.stride(0),
    )


def compiled_dots(values: Tensor, others: Tensor, offsets: Tensor) -> Tensor:
    """Sums over stretches of the products of rows, (n_segments, 1)."""
    if values.dtype is not others.dtype:
        return compiled_dots(values.double(), others.double(), offsets).to(values.dtype)
    values, others = values.contiguous(), others.contiguous()
    count, width = offsets.shape[0] - 1, values.shape[1]
    out = torch.empty(count, 1, dtype=values.dtype, device="cpu")
    row_kernels().stretch_dots(
        values.data_ptr(),
        others.data_ptr(),
        is_single(values),
        offsets.data_ptr(),
        count,
        width,
        out.data_ptr(),
    )
    return out


def spread_scaled(out: Tensor, factors: Tensor, rows: Tensor, offsets: Tensor) -> None:
    """Add rows times the factor of their stretch to ``out``, whose rows lie side by side."""
    factors, rows = factors.to(out.dtype).contiguous(), rows.to(out.dtype).contiguous()
    count, width = factors.shape[0], out.shape[1]
    row_kernels().spread_scaled(
        factors.data_ptr(),
        rows.data_ptr(),
        is_single(out),
        offsets.data_ptr(),
        count,
        width,
        out.data_ptr(),
    )


def is_single(values: Tensor) -> bool:
    """Whether numbers are float32; the kernels take them for float64 otherwise."""
    return values.dtype is torch.float32
