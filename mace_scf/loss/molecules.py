"""Molecules inside frames: a dense index from any integers, and lever arms for the cluster virial."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import attrs
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .compiled import KNOWN, in_memory, is_single, row_kernels

_TIE = 1e-9  # fraction of a lattice vector: nearer than this to half the cell counts as both images


@attrs.define(eq=False)
class MoleculeIndex:
    """Which atoms form which molecule, dense and sorted by frame.

    Made in the step, C is the upper bound N and surplus molecules are empty; made in the loader
    (``exact``), C is the number of molecules.

    Attributes:
        of_atom: molecule of each atom, (N,).
        order: atoms sorted by molecule, (N,); ``None`` if they already are.
        offsets: first sorted atom of each molecule and the end, (C+1,).
        frame: frame of each molecule, (C,).
        ptr: first molecule of each frame and the end, (G+1,).
        exact: there is none but real molecules.
    """

    of_atom: Tensor
    order: Tensor | None
    offsets: Tensor
    frame: Tensor
    ptr: Tensor
    exact: bool = False

    @property
    def count(self) -> int:
        """C: molecules, or their upper bound."""
        return self.frame.shape[0]

    @property
    def sizes(self) -> Tensor:
        """Atoms per molecule, (C,), integers."""
        return self.offsets[1:] - self.offsets[:-1]

    def sums(self, per_atom: Tensor) -> Tensor:
        """Sums over the atoms of each molecule, (C, ...)."""
        recorded = torch.is_grad_enabled() and per_atom.requires_grad
        if recorded or torch.compiler.is_compiling():
            zeros = per_atom.new_zeros((self.count, *per_atom.shape[1:]))
            return zeros.index_add(0, self.of_atom, per_atom)
        rows = per_atom if self.order is None else per_atom.index_select(0, self.order)
        return torch.segment_reduce(rows.contiguous(), "sum", offsets=self.offsets, axis=0, unsafe=True)


def compiled_molecule_index(ids: Tensor, ptr: Tensor) -> MoleculeIndex:
    """The same index as :func:`molecule_index`, exact, on a CPU: one pass where ids of a frame never fall.

    Args:
        ids: molecule of each atom within its frame, (N,), integers.
        ptr: (G+1,).
    """
    ids, ptr = ids.reshape(-1).to(torch.int64).contiguous(), ptr.to(torch.int64).contiguous()
    count, found = _found(ids, ptr)
    if count >= 0:
        return _index(count, None, *found)
    order = torch.empty_like(ids)
    row_kernels().sort_molecules(ids.numpy(), ptr.numpy(), order.numpy())
    count, (of_atom, *others) = _found(ids[order], ptr)
    return _index(count, order, torch.empty_like(of_atom).scatter_(0, order, of_atom), *others)


def _found(ids: Tensor, ptr: Tensor) -> tuple[int, list[Tensor]]:
    """How many molecules, -1 if ids fall somewhere, and the memory that the kernel filled."""
    atoms, frames = ids.shape[0], ptr.shape[0] - 1
    found = [
        torch.empty(length, dtype=torch.int64, device="cpu")
        for length in (atoms, atoms + 1, atoms, frames + 1)
    ]
    addresses = (each.data_ptr() for each in found)
    return row_kernels().find_molecules(ids.data_ptr(), atoms, ptr.data_ptr(), frames, *addresses), found


def _index(
    count: int, order: Tensor | None, of_atom: Tensor, offsets: Tensor, frames: Tensor, first: Tensor
) -> MoleculeIndex:
    return MoleculeIndex(of_atom, order, offsets[: count + 1], frames[:count], first, exact=True)


def molecule_index(ids: Tensor, frame_of_atom: Tensor, ptr: Tensor, *, exact: bool = False) -> MoleculeIndex:
    """Dense index of molecules from any integers, which need not be contiguous or start at 0.

    Args:
        ids: molecule of each atom within its frame, (N,), integers.
        frame_of_atom: (N,).
        ptr: (G+1,).
        exact: count the molecules on the host, for a loader; otherwise nothing waits for the device.
    """
    n_atoms = ids.shape[0]
    key = _joint_key(ids.reshape(-1).to(torch.int64), frame_of_atom)
    sorted_key, order = torch.sort(key, stable=True)
    rank = torch.zeros_like(sorted_key)
    rank[1:] = (sorted_key[1:] != sorted_key[:-1]).cumsum(0)
    of_atom = torch.empty_like(rank).scatter_(0, order, rank)
    bound = n_atoms
    if exact:
        bound = int(rank[-1]) + 1 if n_atoms else 0
    offsets = torch.searchsorted(rank, torch.arange(bound + 1, device=ids.device))
    end = rank[-1:] + 1 if n_atoms else rank.new_zeros(1)
    starts = torch.cat([rank, end])
    frame = frame_of_atom.index_select(0, order).index_select(0, offsets[:-1].clamp(max=n_atoms - 1))
    already = exact and bool((order == torch.arange(n_atoms, device=ids.device)).all())
    return MoleculeIndex(
        of_atom, None if already else order, offsets, frame, starts.index_select(0, ptr), exact
    )


def host_molecule_index(ids: Tensor, ptr: Tensor) -> MoleculeIndex:
    """The same index, exact, where a CPU may look: numpy's calls cost less than torch's.

    Args:
        ids: molecule of each atom within its frame, (N,), integers, on a CPU.
        ptr: (G+1,), checked.
    """
    numbers, bounds = ids.reshape(-1).to(torch.int64).numpy(), ptr.numpy()
    sizes = np.diff(bounds)
    first = bounds[:-1][sizes > 0]
    order = None
    if _falls(numbers, first):
        order = np.lexsort((numbers, np.repeat(np.arange(len(sizes)), sizes)))
        numbers = numbers[order]
    fresh = np.ones(len(numbers), dtype=np.bool_)
    fresh[1:] = numbers[1:] != numbers[:-1]
    fresh[first] = True
    starts = np.flatnonzero(fresh)
    of_atom = np.cumsum(fresh) - 1
    if order is not None:
        of_atom[order] = of_atom.copy()
    made = (
        of_atom,
        np.append(starts, len(numbers)),
        np.searchsorted(bounds, starts, side="right") - 1,
        np.searchsorted(starts, bounds),
    )
    atoms, offsets, frame, found = map(torch.from_numpy, made)
    return MoleculeIndex(
        atoms, None if order is None else torch.from_numpy(order), offsets, frame, found, exact=True
    )


def _falls(numbers: NDArray[np.int64], first: NDArray[np.int64]) -> bool:
    """Whether the ids of a frame fall somewhere, whose molecules are then to be sorted.

    Args:
        numbers: ids, (N,).
        first: first atom of each frame that has any.
    """
    falls = np.zeros(len(numbers), dtype=np.bool_)
    falls[1:] = numbers[1:] < numbers[:-1]
    falls[first] = False
    return bool(falls.any())


def _joint_key(ids: Tensor, frame_of_atom: Tensor) -> Tensor:
    if not ids.shape[0]:
        return ids
    lowest = ids.min()
    return frame_of_atom * (ids.max() - lowest + 1) + (ids - lowest)


def raw_levers(positions: Tensor, molecules: MoleculeIndex) -> Tensor:
    """Plain mean position of each molecule, (C, 3): what upstream multiplies forces with."""
    sizes = molecules.sizes.clamp(min=1).to(positions.dtype)
    return molecules.sums(positions) / sizes[:, None]


def invariant_levers(
    positions: Tensor, molecules: MoleculeIndex, cell: Tensor | None, pbc: Tensor | None
) -> Tensor:
    """Mean displacement of each molecule from all molecules of its frame, nearest images, (C, 3).

    Without periodic axes this is the molecule's centre minus the mean of the centres. Along a
    periodic axis each of those displacements is taken to the nearest image (in fractional
    coordinates; a displacement of exactly half a cell counts as the mean of both images). The
    levers of a frame add up to zero and depend neither on the origin nor on any periodic image.
    """
    if cell is None or pbc is None:
        return _centred(raw_levers(positions, molecules), molecules)
    cell = cell.to(dtype := torch.promote_types(positions.dtype, cell.dtype))
    # A model's half precision is none of the labels' business: a rounded lattice loses images.
    with _full_precision(positions.device.type):
        return _periodic_levers(positions.to(dtype), molecules, cell, pbc)


def _full_precision(device: str) -> AbstractContextManager[None]:
    """Nothing is rounded by autocast, which devices without numbers do not have."""
    return nullcontext() if device == "meta" else torch.autocast(device, enabled=False)


def _periodic_levers(positions: Tensor, molecules: MoleculeIndex, cell: Tensor, pbc: Tensor) -> Tensor:
    axes = cell * pbc.to(cell.dtype)[:, :, None]  # (G, 3, 3), absent axes are zero rows
    inverse = _fractional(axes, pbc)
    centres = _whole_centres(positions, molecules, axes, inverse)
    return _centred(centres, molecules) - _image_shift(centres, molecules, axes, inverse)


def compiled_open_levers(positions: Tensor, molecules: MoleculeIndex) -> Tensor:
    """What :func:`invariant_levers` gives without periodic axes, where atoms are sorted by molecule."""
    positions = _plain(positions.detach())
    out = torch.empty(molecules.count, 3, dtype=positions.dtype, device="cpu")
    row_kernels().open_levers(
        positions.data_ptr(), is_single(positions), *_addresses(molecules), out.data_ptr()
    )
    return out


def compiled_lever_norms(levers: Tensor, molecules: MoleculeIndex) -> Tensor:
    """Squared levers of each frame's molecules, once for each atom, float64, (G,)."""
    out = torch.empty(molecules.ptr.shape[0] - 1, dtype=torch.float64, device="cpu")
    levers = _plain(levers)
    row_kernels().lever_norms(levers.data_ptr(), is_single(levers), *_addresses(molecules), out.data_ptr())
    return out


def _plain(numbers: Tensor) -> Tensor:
    """Numbers that the kernels take, side by side."""
    return in_memory(numbers if numbers.dtype in KNOWN else numbers.float())


def _addresses(molecules: MoleculeIndex) -> tuple[int, int, int]:
    """First atoms of molecules, first molecules of frames, and the number of frames."""
    return molecules.offsets.data_ptr(), molecules.ptr.data_ptr(), molecules.ptr.shape[0] - 1


def _fractional(axes: Tensor, pbc: Tensor) -> Tensor:
    """Matrices that turn Cartesian rows into fractions of the periodic axes, 0 along others."""
    gram = axes @ axes.transpose(1, 2) + torch.diag_embed(1.0 - pbc.to(axes.dtype))
    inverse, _ = torch.linalg.inv_ex(gram)  # unlike inv, asks the device nothing
    return torch.bmm(axes.transpose(1, 2), inverse)


def _whole_centres(positions: Tensor, molecules: MoleculeIndex, axes: Tensor, inverse: Tensor) -> Tensor:
    """Mean positions of molecules unwrapped around their first atom."""
    order = molecules.order
    first = molecules.offsets[:-1].clamp(max=max(positions.shape[0] - 1, 0))
    anchor = positions.index_select(0, first if order is None else order.index_select(0, first))
    arms = positions - anchor.index_select(0, molecules.of_atom)
    frames = molecules.frame.index_select(0, molecules.of_atom)
    turns = torch.round(_rows_times(arms, inverse, frames))
    whole = arms - _rows_times(turns, axes, frames)
    sizes = molecules.sizes.clamp(min=1).to(positions.dtype)
    return anchor + molecules.sums(whole) / sizes[:, None]


def _centred(centres: Tensor, molecules: MoleculeIndex) -> Tensor:
    """Centres minus their mean over the frame."""
    totals = torch.segment_reduce(centres, "sum", offsets=molecules.ptr, axis=0, unsafe=True)
    counts = (molecules.ptr[1:] - molecules.ptr[:-1]).clamp(min=1).to(centres.dtype)
    return centres - (totals / counts[:, None]).index_select(0, molecules.frame)


def _image_shift(centres: Tensor, molecules: MoleculeIndex, axes: Tensor, inverse: Tensor) -> Tensor:
    """Mean number of lattice vectors between a centre and the others' nearest images, times axes.

    For fractions s in [0, 1) the displacement to d needs +1 image if s_c - s_d > 1/2 and -1 if it
    is < -1/2, so two look-ups in the sorted fractions of the frame replace all pairs.
    """
    frames = molecules.frame
    fractions = _rows_times(centres, inverse, frames)
    turns = torch.floor(fractions)
    start = molecules.ptr.index_select(0, frames).to(centres.dtype)
    end = molecules.ptr.index_select(0, frames + 1).to(centres.dtype)
    counts = (end - start).clamp(min=1)
    images = [
        _net_images(fractions[:, axis] - turns[:, axis], molecules, start, end) / counts for axis in range(3)
    ]
    # Whole turns leave the mean of the frame as well as the centre itself.
    return _rows_times(torch.stack(images, dim=1) + _centred(turns, molecules), axes, frames)


def _net_images(fraction: Tensor, molecules: MoleculeIndex, start: Tensor, end: Tensor) -> Tensor:
    """Others more than half a cell below minus others more than half a cell above; ties half."""
    place = torch.arange(molecules.count, device=fraction.device)
    # Surplus (empty) molecules sort behind every real one.
    real = place < molecules.ptr[-1]
    key = 3.0 * molecules.frame.to(torch.float64) + fraction.to(torch.float64)
    key = torch.where(real, key, torch.full_like(key, torch.inf))
    ranks = torch.sort(key).values

    def below(limit: Tensor) -> Tensor:
        early = torch.searchsorted(ranks, limit - _TIE)
        late = torch.searchsorted(ranks, limit + _TIE)
        return 0.5 * (early + late).to(fraction.dtype)

    return (below(key - 0.5) - start) - (end - below(key + 0.5))


def _rows_times(rows: Tensor, matrices: Tensor, frames: Tensor) -> Tensor:
    """Each row times the matrix of its frame, (n, 3)."""
    return torch.einsum("ni,nij->nj", rows, matrices.index_select(0, frames))
