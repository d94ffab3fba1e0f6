"""Compiled sums over rows, weights and molecules on a CPU: the extra ``[fast]`` brings numba.

A stretch is a frame, or a molecule; ``starts`` holds the first row of each and the end.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .memory_kernels import doubles, singles


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
def stretch_sums(values: Any, starts: Any, out: Any) -> Any:
    """Sums over the rows of each stretch.

    Args:
        values: (rows, width).
        starts: first row of each stretch and the end.
        out: filled, (stretches, width).
    """
    for stretch in range(len(out)):
        for column in range(values.shape[1]):
            total = 0.0
            for row in range(starts[stretch], starts[stretch + 1]):
                total += values[row, column]
            out[stretch, column] = total


@numba.njit(cache=True)
def spread_add(rows: Any, starts: Any, out: Any) -> Any:
    """Add the row of each stretch to all of its items, in the leading columns.

    Args:
        rows: (stretches, width).
        starts: first item of each stretch and the end.
        out: changed, (items, width or more).
    """
    for stretch in range(len(rows)):
        for item in range(starts[stretch], starts[stretch + 1]):
            for column in range(rows.shape[1]):
                out[item, column] += rows[stretch, column]


@numba.njit(cache=True)
def stretch_dots(values: Any, others: Any, starts: Any, out: Any) -> Any:
    """Sums over the rows of each stretch of the products with other rows, (stretches, 1)."""
    for stretch in range(len(out)):
        total = 0.0
        for row in range(starts[stretch], starts[stretch + 1]):
            for column in range(values.shape[1]):
                total += values[row, column] * others[row, column]
        out[stretch, 0] = total


@numba.njit(cache=True)
def spread_scaled(factors: Any, rows: Any, starts: Any, out: Any) -> Any:
    """Add rows times the factor of their stretch, in place.

    Args:
        factors: (stretches, 1).
        rows: (rows, width).
        starts: first row of each stretch and the end.
        out: changed, (rows, width).
    """
    for stretch in range(len(factors)):
        for row in range(starts[stretch], starts[stretch + 1]):
            for column in range(rows.shape[1]):
                out[row, column] += factors[stretch, 0] * rows[row, column]


@numba.njit(cache=True)
def open_levers(positions: Any, offsets: Any, first: Any, out: Any) -> Any:
    """Centre of each molecule minus the mean of the centres in its frame, atoms sorted by molecule.

    Args:
        positions: (N, 3).
        offsets: first atom of each molecule and the end, (C + 1,).
        first: first molecule of each frame and the end, (G + 1,).
        out: filled, (C, 3).
    """
    for frame in range(len(first) - 1):
        start, end = first[frame], first[frame + 1]
        for axis in range(3):
            mean = 0.0
            for molecule in range(start, end):
                total = 0.0
                for atom in range(offsets[molecule], offsets[molecule + 1]):
                    total += positions[atom, axis]
                out[molecule, axis] = total / (offsets[molecule + 1] - offsets[molecule])
                mean += out[molecule, axis]
            for molecule in range(start, end):
                out[molecule, axis] -= mean / (end - start)


@numba.njit(cache=True)
def lever_norms(levers: Any, offsets: Any, first: Any, out: Any) -> Any:
    """Squared levers of the molecules of each frame, once for each atom.

    Args:
        levers: (C, 3).
        offsets: first atom of each molecule and the end, (C + 1,).
        first: first molecule of each frame and the end, (G + 1,).
        out: filled, (G,).
    """
    for frame in range(len(out)):
        total = 0.0
        for molecule in range(first[frame], first[frame + 1]):
            size = offsets[molecule + 1] - offsets[molecule]
            for axis in range(3):
                total += size * levers[molecule, axis] ** 2
        out[frame] = total


@numba.njit(cache=True)
def find_molecules(ids: Any, ptr: Any, of_atom: Any, offsets: Any, frame_of: Any, first: Any) -> Any:
    """Number molecules in one pass, if the ids of each frame never fall.

    Args:
        ids: of each atom, (N,).
        ptr: (G + 1,).
        of_atom: filled: molecule of each atom, (N,).
        offsets: filled up to the number of molecules: first atom, (N + 1,).
        frame_of: filled likewise, (N,).
        first: filled: first molecule of each frame and the end, (G + 1,).

    Returns:
        The number of molecules, or -1 if ids fall somewhere.
    """
    count = 0
    for frame in range(len(ptr) - 1):
        first[frame] = count
        for atom in range(ptr[frame], ptr[frame + 1]):
            if atom > ptr[frame] and ids[atom] < ids[atom - 1]:
                return -1
            if atom == ptr[frame] or ids[atom] != ids[atom - 1]:
                offsets[count] = atom
                frame_of[count] = frame
                count += 1
            of_atom[atom] = count - 1
    first[len(ptr) - 1] = count
    offsets[count] = len(ids)
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
