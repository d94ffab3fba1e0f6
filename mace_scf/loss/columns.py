"""Columns that many terms share, computed once per batch: sizes, frame of each atom, segment sums."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import torch
from torch import Tensor

from .batch import Level, References
from .compiled import KNOWN, compiled_dots, compiled_sizes, compiled_sums, spread_add, spread_scaled
from .molecules import MoleculeIndex, compiled_molecule_index, host_molecule_index, molecule_index


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
        compiled: sums and indices are made by compiled kernels.
    """

    references: References
    n_frames: int
    n_atoms: int
    ptr: Tensor
    frame_of_atom: Tensor
    sizes: Tensor
    compiled: bool
    _molecules: MoleculeIndex | None
    _memo: dict[str, Tensor]  # no factory: compilers do not follow one

    @property
    def atom_counts(self) -> Tensor:
        """Atoms per frame as they are, 0 included, (G,)."""
        return self.memo("atom_counts", lambda: self.lengths(self.ptr, self.n_atoms))

    def lengths(self, offsets: Tensor, items: int) -> Tensor:
        """How many items lie in each stretch, as floating-point numbers."""
        if self.compiled:
            return compiled_sizes(offsets, items)[0]
        return (offsets[1:] - offsets[:-1]).to(self.sizes.dtype)

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
        if self._takes(values):
            return compiled_sums(values, self.offsets(level))
        return stretch_sum(values, self.offsets(level), self.frame_of(level))

    def molecule_sums(self, per_atom: Tensor) -> Tensor:
        """Sums over the atoms of each molecule, (C, ...)."""
        molecules = self.molecules
        if molecules.order is None and self._takes(per_atom):
            return compiled_sums(per_atom, molecules.offsets)
        return molecules.sums(per_atom)

    def molecule_dots(self, rows: Tensor, others: Tensor) -> Tensor:
        """Sums over the molecules of each frame of the products of rows, (G, 1)."""
        if self._takes(rows):
            return compiled_dots(rows, others, self.molecules.ptr)
        products = (rows * others.to(rows.dtype)).sum(dim=1, keepdim=True)
        return self.frame_sums(products, Level.MOLECULE)

    def spread_frames(self, out: Tensor, rows: Tensor) -> None:
        """Add the row of each frame to all of its atoms, in the leading columns of ``out``, in place."""
        if self._takes(rows):
            spread_add(out, rows, self.ptr)
        else:
            out[:, : rows.shape[1]].add_(rows.index_select(0, self.frame_of_atom))

    def spread_molecules(self, out: Tensor, rows: Tensor) -> None:
        """Add the row of each molecule to all of its atoms, in place."""
        molecules = self.molecules
        if molecules.order is None and self._takes(rows):
            spread_add(out, rows, molecules.offsets)
        else:
            out.add_(rows.index_select(0, molecules.of_atom))

    def spread_scaled(self, out: Tensor, factors: Tensor, rows: Tensor) -> None:
        """Add rows of molecules times the factor of their frame, (G, 1), in place."""
        if self._takes(factors):
            spread_scaled(out, factors, rows, self.molecules.ptr)
        else:
            out.addcmul_(rows.to(factors.dtype), factors.index_select(0, self.molecules.frame))

    def memo(self, name: str, make: Callable[[], Tensor]) -> Tensor:
        """A column that several terms share, made on first use."""
        if name not in self._memo:
            self._memo[name] = make()
        return self._memo[name]

    def _takes(self, values: Tensor) -> bool:
        """Whether the kernels sum these; what is recorded for a gradient is torch's."""
        recorded = values.requires_grad and torch.is_grad_enabled()
        return self.compiled and values.dtype in KNOWN and not recorded

    def _find_molecules(self) -> MoleculeIndex:
        given = self.references.molecules
        ids = self.references.molecule
        if given is not None:
            return given
        if ids is None:
            ids = torch.zeros_like(self.frame_of_atom)
        if self.compiled:
            return compiled_molecule_index(ids, self.ptr)
        if self.ptr.device.type == "cpu" and not torch.compiler.is_compiling():
            return host_molecule_index(ids, self.ptr)
        return molecule_index(ids, self.frame_of_atom, self.ptr)


def shared_columns(references: References, n_atoms: int) -> Columns:
    """Columns of a batch.

    Args:
        references: the batch.
        n_atoms: number of atoms, known from any per-atom tensor.
    """
    ptr = references.ptr
    sizes = ptr[1:] - ptr[:-1]
    # Table arithmetic happens in float64 wherever the device has it.
    real = table_dtype(ptr.device)
    frames = _frames(references.frame_of_atom, ptr, n_atoms)
    return Columns(
        references, ptr.shape[0] - 1, n_atoms, ptr, frames, sizes.clamp(min=1).to(real), False, None, {}
    )


def compiled_columns(references: References, n_atoms: int) -> Columns | None:
    """The same for compiled kernels on a CPU; ``None`` if frames do not follow each other up to the last atom."""
    ptr = references.ptr.to(torch.int64).contiguous()
    n_frames = ptr.shape[0] - 1
    if n_frames < 0:
        return None
    sizes, follow = compiled_sizes(ptr, n_atoms, least=1)
    if not follow:
        return None
    frames = _frames(references.frame_of_atom, ptr, n_atoms)
    return Columns(references, n_frames, n_atoms, ptr, frames, sizes, True, None, {})


def _frames(given: Tensor | None, ptr: Tensor, n_atoms: int) -> Tensor:
    """Frame of each atom."""
    if given is not None:
        return given
    if not n_atoms:
        return ptr.new_empty(0)  # no tensor of the batch counts atoms, so nothing asks for their frames
    frames = torch.arange(ptr.shape[0] - 1, device=ptr.device)
    return torch.repeat_interleave(frames, ptr[1:] - ptr[:-1], output_size=n_atoms)


def table_dtype(device: torch.device) -> torch.dtype:
    """The dtype of per-frame tables: float64, except on devices that lack it."""
    return torch.float32 if device.type == "mps" else torch.float64
