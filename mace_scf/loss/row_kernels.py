"""Compiled sums over rows, weights and molecules on a CPU: numba comes with the extra ``[loss]``.

A stretch is a frame, or a molecule; ``starts`` holds the first row of each and the end, int64. Tensors come as
addresses, which cost less than views of them; rows lie side by side.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .memory_kernels import doubles, integers, singles


@numba.njit(cache=True)
def channel_weights(
    weights: Any,
    multiplying: Any,
    deciding: Any,
    modified: Any,
    modifier: Any,
    powers: Any,
    sizes: Any,
    masked: Any,
    coefficient: Any,
    present: Any,
) -> Any:
    """Products of the weights of each channel, over the size of the frame; and which frames count.

    Args:
        weights: address, components, 1 for float32; one row for each weight, (W, 3).
        multiplying: weight and component that multiply in each channel, filled up with -1, (R, K, 2).
        deciding: those that have to be positive and finite, likewise.
        modified: channels that the modifier multiplies, (R,).
        modifier: of each frame, (G,), or empty.
        powers: of the size that divide, (R,).
        sizes: atoms per frame, (G,).
        masked: leave out what is absent.
        coefficient: filled, (R, G).
        present: filled, (R, G).
    """
    channels, frames = coefficient.shape
    for channel in range(channels):
        for frame in range(frames):
            counts = True
            for weight, component in deciding[channel]:
                if weight >= 0:
                    value = _weight(weights[weight], frame, component, frames)
                    counts = counts and value > 0 and value < np.inf
            present[channel, frame] = counts
            product = 1.0
            if masked and not counts:
                product = 0.0
            else:
                for weight, component in multiplying[channel]:
                    if weight >= 0:
                        product *= _weight(weights[weight], frame, component, frames)
                if modified[channel] and len(modifier):
                    product *= modifier[frame]
            for _ in range(powers[channel]):
                product /= sizes[frame]
            coefficient[channel, frame] = product


@numba.njit(cache=True)
def _weight(row: Any, frame: Any, component: Any, frames: Any) -> Any:
    address, width, single = row
    item = frame * width + component
    if single:
        return float(singles(address, frames * width)[item])
    return doubles(address, frames * width)[item]


@numba.njit(cache=True)
def stretch_sums(rows: Any, stride: Any, single: Any, starts: Any, count: Any, width: Any, out: Any) -> Any:
    """Sums over the rows of each stretch.

    Args:
        rows: address of (rows, width).
        stride: numbers from one row to the next.
        single: rows and sums are float32.
        starts: address of the first row of each stretch and the end.
        count: stretches.
        width: columns.
        out: address, filled, (stretches, width).
    """
    bounds = integers(starts, count + 1)
    if single:
        _sums(singles(rows, bounds[count] * stride), stride, bounds, width, singles(out, count * width))
    else:
        _sums(doubles(rows, bounds[count] * stride), stride, bounds, width, doubles(out, count * width))


@numba.njit(cache=True)
def _sums(rows: Any, stride: Any, bounds: Any, width: Any, out: Any) -> Any:
    for stretch in range(len(bounds) - 1):
        for column in range(width):
            total = 0.0
            for row in range(bounds[stretch], bounds[stretch + 1]):
                total += rows[row * stride + column]
            out[stretch * width + column] = total


@numba.njit(cache=True)
def spread_add(rows: Any, single: Any, starts: Any, count: Any, width: Any, out: Any, stride: Any) -> Any:
    """Add the row of each stretch to all of its items, in the leading columns.

    Args:
        rows: address of (stretches, width).
        single: all are float32.
        starts: address of the first item of each stretch and the end.
        count: stretches.
        width: columns of rows.
        out: address, changed, (items, width or more).
        stride: numbers from one item to the next.
    """
    bounds = integers(starts, count + 1)
    if single:
        _spread(singles(rows, count * width), bounds, width, singles(out, bounds[count] * stride), stride)
    else:
        _spread(doubles(rows, count * width), bounds, width, doubles(out, bounds[count] * stride), stride)


@numba.njit(cache=True)
def _spread(rows: Any, bounds: Any, width: Any, out: Any, stride: Any) -> Any:
    for stretch in range(len(bounds) - 1):
        for item in range(bounds[stretch], bounds[stretch + 1]):
            for column in range(width):
                out[item * stride + column] += rows[stretch * width + column]


@numba.njit(cache=True)
def stretch_dots(rows: Any, others: Any, single: Any, starts: Any, count: Any, width: Any, out: Any) -> Any:
    """Sums over the rows of each stretch of the products with other rows.

    Args:
        rows, others: addresses of (rows, width).
        single: all are float32.
        starts: address of the first row of each stretch and the end.
        count: stretches.
        width: columns.
        out: address, filled, (stretches, 1).
    """
    bounds = integers(starts, count + 1)
    items = bounds[count] * width
    if single:
        _dots(singles(rows, items), singles(others, items), bounds, width, singles(out, count))
    else:
        _dots(doubles(rows, items), doubles(others, items), bounds, width, doubles(out, count))


@numba.njit(cache=True)
def _dots(rows: Any, others: Any, bounds: Any, width: Any, out: Any) -> Any:
    for stretch in range(len(bounds) - 1):
        total = 0.0
        for item in range(bounds[stretch] * width, bounds[stretch + 1] * width):
            total += float(rows[item]) * float(others[item])
        out[stretch] = total


@numba.njit(cache=True)
def spread_scaled(factors: Any, rows: Any, single: Any, starts: Any, count: Any, width: Any, out: Any) -> Any:
    """Add rows times the factor of their stretch, in place.

    Args:
        factors: address of (stretches, 1).
        rows: address of (rows, width).
        single: all are float32.
        starts: address of the first row of each stretch and the end.
        count: stretches.
        width: columns.
        out: address, changed, (rows, width).
    """
    bounds = integers(starts, count + 1)
    items = bounds[count] * width
    if single:
        _scaled(singles(factors, count), singles(rows, items), bounds, width, singles(out, items))
    else:
        _scaled(doubles(factors, count), doubles(rows, items), bounds, width, doubles(out, items))


@numba.njit(cache=True)
def _scaled(factors: Any, rows: Any, bounds: Any, width: Any, out: Any) -> Any:
    for stretch in range(len(bounds) - 1):
        for item in range(bounds[stretch] * width, bounds[stretch + 1] * width):
            out[item] += factors[stretch] * rows[item]


@numba.njit(cache=True)
def stretch_sizes(starts: Any, count: Any, items: Any, least: Any, out: Any) -> Any:
    """Items of each stretch.

    Args:
        starts: address of the first item of each stretch and the end.
        count: stretches.
        items: of all stretches.
        least: what a smaller size is replaced by.
        out: address, filled, float64, (stretches,).

    Returns:
        Whether the stretches follow each other from 0 to the last item.
    """
    bounds, sizes = integers(starts, count + 1), doubles(out, count)
    follow = bounds[0] == 0 and bounds[count] == items
    for stretch in range(count):
        size = bounds[stretch + 1] - bounds[stretch]
        follow = follow and size >= 0
        sizes[stretch] = max(size, least)
    return follow


@numba.njit(cache=True)
def in_order(numbers: Any, starts: Any, count: Any) -> Any:
    """Whether every item bears the number of its stretch.

    Args:
        numbers: address of the number of each item, int64.
        starts: address of the first item of each stretch and the end.
        count: stretches.
    """
    bounds = integers(starts, count + 1)
    number_of, wrong = integers(numbers, bounds[count]), 0
    for stretch in range(count):
        for item in range(bounds[stretch], bounds[stretch + 1]):
            wrong += number_of[item] != stretch
    return wrong == 0


@numba.njit(cache=True)
def open_levers(positions: Any, single: Any, offsets: Any, first: Any, frames: Any, out: Any) -> Any:
    """Centre of each molecule minus the mean of the centres in its frame, atoms sorted by molecule.

    Args:
        positions: address of (N, 3).
        single: positions and levers are float32.
        offsets: address of the first atom of each molecule and the end, (C + 1,).
        first: address of the first molecule of each frame and the end.
        frames: how many.
        out: address, filled, (C, 3).
    """
    molecules = integers(first, frames + 1)
    atoms = integers(offsets, molecules[frames] + 1)
    items, filled = 3 * atoms[molecules[frames]], 3 * molecules[frames]
    if single:
        _levers(singles(positions, items), atoms, molecules, singles(out, filled))
    else:
        _levers(doubles(positions, items), atoms, molecules, doubles(out, filled))


@numba.njit(cache=True)
def _levers(positions: Any, offsets: Any, first: Any, out: Any) -> Any:
    for frame in range(len(first) - 1):
        start, end = first[frame], first[frame + 1]
        for axis in range(3):
            mean = 0.0
            for molecule in range(start, end):
                total = 0.0
                for atom in range(offsets[molecule], offsets[molecule + 1]):
                    total += positions[3 * atom + axis]
                out[3 * molecule + axis] = total / (offsets[molecule + 1] - offsets[molecule])
                mean += out[3 * molecule + axis]
            for molecule in range(start, end):
                out[3 * molecule + axis] -= mean / (end - start)


@numba.njit(cache=True)
def lever_norms(levers: Any, single: Any, offsets: Any, first: Any, frames: Any, out: Any) -> Any:
    """Squared levers of the molecules of each frame, once for each atom.

    Args:
        levers: address of (C, 3).
        single: levers are float32.
        offsets, first, frames: as for :func:`open_levers`.
        out: address, filled, float64, (G,).
    """
    molecules = integers(first, frames + 1)
    atoms, sums = integers(offsets, molecules[frames] + 1), doubles(out, frames)
    if single:
        _norms(singles(levers, 3 * molecules[frames]), atoms, molecules, sums)
    else:
        _norms(doubles(levers, 3 * molecules[frames]), atoms, molecules, sums)


@numba.njit(cache=True)
def _norms(levers: Any, offsets: Any, first: Any, out: Any) -> Any:
    for frame in range(len(out)):
        total = 0.0
        for molecule in range(first[frame], first[frame + 1]):
            size = offsets[molecule + 1] - offsets[molecule]
            for axis in range(3):
                total += size * levers[3 * molecule + axis] ** 2
        out[frame] = total


@numba.njit(cache=True)
def find_molecules(
    ids: Any, atoms: Any, ptr: Any, frames: Any, of_atom: Any, offsets: Any, frame_of: Any, first: Any
) -> Any:
    """Number molecules in one pass, if the ids of each frame never fall.

    Args:
        ids: address of the id of each atom, int64.
        atoms: N.
        ptr: address of the first atom of each frame and the end.
        frames: G.
        of_atom: address, filled: molecule of each atom, (N,).
        offsets: address, filled up to the number of molecules: first atom, (N + 1,).
        frame_of: address, filled likewise, (N,).
        first: address, filled: first molecule of each frame and the end, (G + 1,).

    Returns:
        The number of molecules, or -1 if ids fall somewhere.
    """
    id_of, starts = integers(ids, atoms), integers(ptr, frames + 1)
    molecule_of, first_atom = integers(of_atom, atoms), integers(offsets, atoms + 1)
    frame_of_molecule, first_molecule = integers(frame_of, atoms), integers(first, frames + 1)
    count = 0
    for frame in range(frames):
        first_molecule[frame] = count
        for atom in range(starts[frame], starts[frame + 1]):
            opens = atom == starts[frame]
            if not opens and id_of[atom] < id_of[atom - 1]:
                return -1
            if opens or id_of[atom] != id_of[atom - 1]:
                first_atom[count] = atom
                frame_of_molecule[count] = frame
                count += 1
            molecule_of[atom] = count - 1
    first_molecule[frames] = count
    first_atom[count] = atoms
    return count


@numba.njit(cache=True)
def sort_molecules(ids: Any, ptr: Any, order: Any) -> Any:
    """Atoms in the order of their ids, frame by frame; equal ids keep their order.

    Args:
        ids: of each atom, (N,).
        ptr: (G + 1,).
        order: filled, (N,).
    """
    for frame in range(len(ptr) - 1):
        start, end = ptr[frame], ptr[frame + 1]
        order[start:end] = start + np.argsort(ids[start:end], kind="mergesort")
