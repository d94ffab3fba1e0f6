"""Where frames and molecules begin and end: what sums rely on, and compiled kernels read memory by."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from .compiled import compiled_order
from .molecules import MoleculeIndex
from .problems import LossInputError
from .refusing import refuse, shape_of

_INTEGERS = (torch.int64, torch.int32)


def check_ptr(ptr: object) -> None:
    """Frames are told apart by a column of integers.

    Raises:
        LossInputError: they are not.
    """
    if not isinstance(ptr, Tensor):
        found = type(ptr).__name__
    elif ptr.dim() != 1 or not ptr.shape[0] or ptr.dtype not in _INTEGERS:
        found = f"{shape_of(ptr)} {ptr.dtype}"
    else:
        return
    refuse("(all)", "ptr", expected="a tensor (G+1,) of integers", found=found)


def check_frames(ptr: Tensor, n_atoms: int) -> None:
    """Frames follow each other and end with the last atom, where a CPU can look; sums over frames rely on it.

    Raises:
        LossInputError: they do not.
    """
    bounds = ptr.numpy()
    if not _follow(bounds, n_atoms):
        found = f"{tuple(ptr.shape)} from {bounds[0]} to {bounds[-1]}"
        expected = f"(G+1,) from 0 to {n_atoms} atoms, never falling"
        raise LossInputError("(all)", "ptr", expected=expected, found=found)


def check_order(frame_of_atom: Tensor, ptr: Tensor, n_atoms: int, *, compiled: bool) -> None:
    """Atoms are sorted by frame, as ``ptr`` says, where a CPU can look.

    Args:
        frame_of_atom: (N,).
        ptr: checked, ends at N.
        n_atoms: N.
        compiled: look by a kernel.

    Raises:
        LossInputError: they are not.
    """
    found = tuple(frame_of_atom.shape)
    if found != (n_atoms,) or frame_of_atom.dtype not in _INTEGERS or frame_of_atom.device != ptr.device:
        shown = f"{found} {frame_of_atom.dtype} on {frame_of_atom.device}"
        expected = f"({n_atoms},) integers on {ptr.device}"
        raise LossInputError("(all)", "batch", expected=expected, found=shown)
    in_order = compiled_order if compiled else _in_order
    if not in_order(frame_of_atom, ptr):
        expected = "atoms sorted by frame, as many for each as `ptr` says"
        raise LossInputError("(all)", "batch", expected=expected, found="another order")


def check_molecules(index: MoleculeIndex, ptr: Tensor, n_atoms: int) -> None:
    """A loader's molecule index belongs to this batch; compiled kernels rely on it.

    Raises:
        LossInputError: it does not.
    """
    n_frames = ptr.shape[0] - 1
    if not _belongs(index, ptr, n_atoms):
        expected = f"an index of {n_atoms} atoms in the {n_frames} frames of this batch"
        found = f"one of {index.of_atom.shape[0]} in {index.ptr.shape[0] - 1}"
        found += (
            " with other bounds" if (index.of_atom.shape[0], index.ptr.shape) == (n_atoms, ptr.shape) else ""
        )
        raise LossInputError("(all)", "molecules", expected=expected, found=found)


def _belongs(index: MoleculeIndex, ptr: Tensor, n_atoms: int) -> bool:
    if index.of_atom.shape[0] != n_atoms or index.ptr.shape != ptr.shape:
        return False
    bounds = (index.offsets, index.ptr)
    if any(each.device != ptr.device for each in bounds):
        return False
    if ptr.device.type != "cpu":
        return True  # whoever looked further would wait for the device
    if any(each.dtype is not torch.int64 or not each.is_contiguous() for each in bounds):
        return False
    offsets, first = index.offsets.numpy(), index.ptr.numpy()
    if not _follow(offsets, n_atoms) or not _follow(first, index.count) or len(offsets) != index.count + 1:
        return False
    return bool((offsets[first] == ptr.numpy()).all())


def _follow(bounds: Any, end: int) -> bool:
    """Whether stretches follow each other from 0 to an end."""
    return bool(bounds[0] == 0 and bounds[-1] == end and (bounds[1:] >= bounds[:-1]).all())


def _in_order(frame_of_atom: Tensor, ptr: Tensor) -> bool:
    sizes = np.diff(ptr.numpy())
    return bool((np.repeat(np.arange(len(sizes)), sizes) == frame_of_atom.numpy()).all())
