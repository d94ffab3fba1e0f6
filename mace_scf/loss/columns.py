"""Columns that many terms share, computed once per batch: sizes, frame of each atom, segment sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import torch
from torch import Tensor

from .batch import Level, References
from .molecules import MoleculeIndex, molecule_index


def stretch_sum(values: Tensor, offsets: Tensor, index: Tensor) -> Tensor:
    """Sums over consecutive stretches, by whichever way suits the moment.

    Args:
        values: (n_items, ...).
        offsets: as in :func:`segment_sum`.
        index: stretch of each item, (n_items,).
    """
    recorded = torch.is_grad_enabled() and values.requires_grad
    if recorded or torch.compiler.is_compiling():
        return indexed_sum(values, index, offsets.shape[0] - 1)
    return segment_sum(values.contiguous(), offsets)


def segment_sum(values: Tensor, offsets: Tensor) -> Tensor:
    """Sums over consecutive stretches of the leading axis, in order, so the bits never change.

    Args:
        values: (n_items, ...).
        offsets: first item of each stretch and the end of the last, (n_segments + 1,).
    """
    # `unsafe` leaves out a check that would wait for the device.
    return torch.segment_reduce(values, "sum", offsets=offsets, axis=0, unsafe=True)


def indexed_sum(values: Tensor, index: Tensor, n_segments: int) -> Tensor:
    """Sums of rows by index; differentiable twice and understood by ``torch.compile``."""
    return values.new_zeros((n_segments, *values.shape[1:])).index_add(0, index, values)


@attrs.define(eq=False)
class Columns:
    """Shared columns of one batch of G frames and N atoms.

    Attributes:
        references: the batch they were made from.
        n_frames: G, known on the host.
        n_atoms: N, known on the host.
        ptr: (G+1,).
        frame_of_atom: (N,).
        sizes: atoms per frame as floating-point numbers, (G,), at least 1.
    """

    references: References
    n_frames: int
    n_atoms: int
    ptr: Tensor
    frame_of_atom: Tensor
    sizes: Tensor
    _molecules: MoleculeIndex | None
    _memo: dict[str, Tensor]

    @property
    def molecules(self) -> MoleculeIndex:
        """The molecule index: the loader's, or made here once without waiting for the device."""
        if self._molecules is None:
            self._molecules = self._find_molecules()
        return self._molecules

    def leading(self, level: Level) -> int:
        """Length of the leading axis of a level."""
        if level is Level.MOLECULE:
            return self.molecules.count
        return self.n_atoms if level is Level.ATOM else self.n_frames

    def rows(self, level: Level, per_frame: Tensor) -> Tensor:
        """A per-frame column repeated for every item of a level."""
        if level is Level.FRAME:
            return per_frame
        return per_frame.index_select(0, self.frame_of(level))

    def frame_of(self, level: Level) -> Tensor:
        """Frame of each atom or molecule."""
        return self.molecules.frame if level is Level.MOLECULE else self.frame_of_atom

    def offsets(self, level: Level) -> Tensor:
        """First atom or molecule of each frame and the end, (G+1,)."""
        return self.molecules.ptr if level is Level.MOLECULE else self.ptr

    def frame_sums(self, values: Tensor, level: Level) -> Tensor:
        """Sums over the items of each frame, (G, ...)."""
        if level is Level.FRAME:
            return values
        return stretch_sum(values, self.offsets(level), self.frame_of(level))

    def memo(self, name: str, make: Callable[[], Tensor]) -> Tensor:
        """A column that several terms share, made on first use."""
        if name not in self._memo:
            self._memo[name] = make()
        return self._memo[name]

    def _find_molecules(self) -> MoleculeIndex:
        given = self.references.molecules
        ids = self.references.molecule
        if given is not None:
            return given
        if ids is None:
            ids = torch.zeros_like(self.frame_of_atom)
        return molecule_index(ids, self.frame_of_atom, self.ptr)


def shared_columns(references: References, n_atoms: int) -> Columns:
    """Columns of a batch; ``n_atoms`` is the number of atoms, known from any per-atom tensor."""
    ptr = references.ptr
    n_frames = ptr.shape[0] - 1
    sizes = ptr[1:] - ptr[:-1]
    frames = references.frame_of_atom
    if frames is None:
        frames = torch.repeat_interleave(
            torch.arange(n_frames, device=ptr.device), sizes, output_size=n_atoms
        )
    # Table arithmetic happens in float64 wherever the device has it.
    real = table_dtype(ptr.device)
    return Columns(references, n_frames, n_atoms, ptr, frames, sizes.clamp(min=1).to(real), None, {})


def table_dtype(device: torch.device) -> torch.dtype:
    """The dtype of per-frame tables: float64, except on devices that lack it."""
    return torch.float32 if device.type == "mps" else torch.float64


def from_host(
    values: Sequence[float] | Sequence[Sequence[int]], device: torch.device, dtype: torch.dtype | None = None
) -> Tensor:
    """A small column of host numbers, copied so that nothing waits for the device."""
    column = torch.tensor(values, dtype=dtype)
    if device.type == "cuda":
        column = column.pin_memory()
    return column.to(device, non_blocking=True)
