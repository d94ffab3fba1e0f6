"""Compiled passes over labels and predictions that lie on a CPU: the extra ``[fast]`` brings numba.

One call serves all terms, so their tensors come as a table of addresses. A term's items are flat: those of a row of
``width`` components stand side by side, and the rows of frame g are ``starts[g]`` to ``starts[g + 1]``. A channel is
a stretch of components with a weight of its own. Sums are formed in float64, whatever the items are.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .memory_kernels import doubles, integers, singles

# Sums may be reordered, so that several are formed side by side; NaN and infinities keep their meaning.
_LOOSE = {"reassoc", "nsz", "contract"}

# Columns of the table of terms.
PREDICTED, ITEMS, WIDTH = 0, 1, 2  # an address, how many numbers there are, and in a row
SINGLE_PREDICTED = 3  # 1 for float32
PER_FRAME = 4  # what a labelled frame counts where the mean is over frames, else 0
REFERENCE, SINGLE_REFERENCE, STARTS = 5, 6, 7  # addresses, and 1 for float32
CHANNEL, CHANNELS = 8, 9
FIELDS = 10

SMALLEST = 1e-37  # what a share is divided by where the total is 0


@numba.njit(cache=True)
def measure(terms: Any, coefficient: Any, present: Any, masked: Any, measured: Any, totals: Any) -> Any:
    """Squared residuals and labelled items of every channel and frame, and weighted sums of the terms.

    Args:
        terms: one row each, columns as above, (T, FIELDS).
        coefficient: weight of each channel and frame, (R, G).
        present: channels and frames that count, (R, G).
        masked: keep absent items (those whose reference is not finite) and frames out.
        measured: filled: squared residuals and labelled items, (2, R, G).
        totals: filled, (T,).
    """
    sums, counts = measured[0], measured[1]
    frames = sums.shape[1]
    for place in range(len(terms)):
        term = terms[place]
        starts = integers(term[STARTS], frames + 1)
        rows = slice(term[CHANNEL], term[CHANNEL] + term[CHANNELS])
        args = (term[WIDTH], starts, present[rows], masked, sums[rows], counts[rows])
        count = term[ITEMS]
        if term[SINGLE_PREDICTED] and term[SINGLE_REFERENCE]:
            _measure(singles(term[PREDICTED], count), singles(term[REFERENCE], count), *args)
        elif term[SINGLE_PREDICTED]:
            _measure(singles(term[PREDICTED], count), doubles(term[REFERENCE], count), *args)
        elif term[SINGLE_REFERENCE]:
            _measure(doubles(term[PREDICTED], count), singles(term[REFERENCE], count), *args)
        else:
            _measure(doubles(term[PREDICTED], count), doubles(term[REFERENCE], count), *args)
        total = 0.0
        for channel in range(term[CHANNEL], term[CHANNEL] + term[CHANNELS]):
            for frame in range(frames):
                total += sums[channel, frame] * coefficient[channel, frame]
        totals[place] = total


@numba.njit(cache=True, fastmath=_LOOSE)
def _measure(
    predicted: Any,
    reference: Any,
    width: Any,
    starts: Any,
    present: Any,
    masked: Any,
    sums: Any,
    counts: Any,
) -> Any:
    """One term of :func:`measure`."""
    channels, frames = sums.shape
    stride = width // channels
    for frame in range(frames):
        for channel in range(channels):
            total, seen = 0.0, 0
            if masked and not present[channel, frame]:
                pass
            elif channels == 1:
                first, end = starts[frame] * width, starts[frame + 1] * width
                total, seen = _squares(predicted, reference, first, end, masked)
            else:
                for row in range(starts[frame], starts[frame + 1]):
                    first = row * width + channel * stride
                    more, also = _squares(predicted, reference, first, first + stride, masked)
                    total += more
                    seen += also
            sums[channel, frame] = total
            counts[channel, frame] = seen


@numba.njit(cache=True, fastmath=_LOOSE)
def _squares(predicted: Any, reference: Any, first: Any, end: Any, masked: Any) -> Any:
    """Sum of squares and number of labelled items of one stretch."""
    total, seen = 0.0, 0
    if not masked:
        for item in range(first, end):
            residual = float(predicted[item]) - float(reference[item])
            total += residual * residual
        return total, end - first
    for item in range(first, end):
        wanted = float(reference[item])
        labelled = abs(wanted) < np.inf
        residual = float(predicted[item]) - wanted if labelled else 0.0
        total += residual * residual
        seen += 1 if labelled else 0
    return total, seen


@numba.njit(cache=True)
def slopes(terms: Any, coefficient: Any, present: Any, masked: Any, scales: Any, outs: Any) -> Any:
    """Gradient of every term with an address for it: residual times coefficient times scale, item by item.

    Args:
        terms, coefficient, present, masked: as for :func:`measure`.
        scales: of each term, (T,).
        outs: address of each term's gradient, 0 for none, (T,).
    """
    frames = coefficient.shape[1]
    for place in range(len(terms)):
        term = terms[place]
        if not outs[place]:
            continue
        starts = integers(term[STARTS], frames + 1)
        rows = slice(term[CHANNEL], term[CHANNEL] + term[CHANNELS])
        args = (term[WIDTH], starts, present[rows], masked, coefficient[rows], scales[place])
        count = term[ITEMS]
        if term[SINGLE_PREDICTED]:
            predicted, out = singles(term[PREDICTED], count), singles(outs[place], count)
            if term[SINGLE_REFERENCE]:
                _slopes(predicted, singles(term[REFERENCE], count), out, *args)
            else:
                _slopes(predicted, doubles(term[REFERENCE], count), out, *args)
        else:
            predicted, out = doubles(term[PREDICTED], count), doubles(outs[place], count)
            if term[SINGLE_REFERENCE]:
                _slopes(predicted, singles(term[REFERENCE], count), out, *args)
            else:
                _slopes(predicted, doubles(term[REFERENCE], count), out, *args)


@numba.njit(cache=True, fastmath=_LOOSE)
def _slopes(
    predicted: Any,
    reference: Any,
    out: Any,
    width: Any,
    starts: Any,
    present: Any,
    masked: Any,
    coefficient: Any,
    scale: Any,
) -> Any:
    """One term of :func:`slopes`."""
    channels, frames = coefficient.shape
    stride = width // channels
    for frame in range(frames):
        for channel in range(channels):
            counted = present[channel, frame] or not masked
            factor = coefficient[channel, frame] * scale
            if channels == 1:
                first, end = starts[frame] * width, starts[frame + 1] * width
                _slope(predicted, reference, out, first, end, masked, counted, factor)
                continue
            for row in range(starts[frame], starts[frame + 1]):
                first = row * width + channel * stride
                _slope(predicted, reference, out, first, first + stride, masked, counted, factor)


@numba.njit(cache=True, fastmath=_LOOSE)
def _slope(
    predicted: Any, reference: Any, out: Any, first: Any, end: Any, masked: Any, counted: Any, factor: Any
) -> Any:
    """One stretch of :func:`slopes`; 0 where nothing counts."""
    if not counted:
        for item in range(first, end):
            out[item] = 0.0
    elif not masked:
        for item in range(first, end):
            out[item] = factor * (float(predicted[item]) - float(reference[item]))
    else:
        for item in range(first, end):
            wanted = float(reference[item])
            labelled = abs(wanted) < np.inf
            out[item] = factor * (float(predicted[item]) - wanted) if labelled else 0.0


@numba.njit(cache=True)
def look(
    terms: Any,
    coefficient: Any,
    present: Any,
    masked: Any,
    measured: Any,
    lengths: Any,
    totals: Any,
    weights: Any,
    inverse: Any,
    tables: Any,
    marks: Any,
    worst: Any,
) -> Any:
    """What a breakdown tells of the terms beside their means.

    Args:
        terms, coefficient, present, masked: as for :func:`measure`.
        measured: squared residuals and labelled items, (2, R, G).
        lengths: addresses of the squared lengths of the rows of each term's map, one for each frame or one for
            each row, float64; 0 where there are none, (2, T).
        totals: weighted sums of the terms, (T,).
        weights: of the stage, (T,).
        inverse: 1 over the divisor of each term, (T,).
        tables: filled: weighted error sums and labelled elements, (2, T, G).
        marks: filled: labelled elements, norm of the gradient, share of the total, (3, T).
        worst: filled: frame with the largest error sum, -1 where nothing is labelled, (T,).
    """
    loss = 0.0
    for place in range(len(terms)):
        loss += totals[place] * inverse[place] * weights[place]
    # A total of 0 has no parts; one that is not a number leaves none.
    whole = loss if not loss < SMALLEST else SMALLEST
    for place in range(len(terms)):
        term = terms[place]
        rows = slice(term[CHANNEL], term[CHANNEL] + term[CHANNELS])
        args = (coefficient[rows], present[rows], masked, measured[:, rows])
        table, labelled = tables[0, place], tables[1, place]
        count, most = _tables(*args, term[PER_FRAME], table, labelled)
        norm2 = _norm2(*args, term, lengths[0, place], lengths[1, place])
        marks[0, place] = count
        marks[1, place] = np.sqrt(norm2) * weights[place] * inverse[place]
        marks[2, place] = totals[place] * inverse[place] * weights[place] / whole
        worst[place] = most if count > 0 else -1


@numba.njit(cache=True)
def _tables(
    coefficient: Any, present: Any, masked: Any, measured: Any, per_frame: Any, table: Any, labelled: Any
) -> Any:
    """Error sums and labelled elements of a term by frame; how many elements, and which frame is worst."""
    channels, frames = coefficient.shape
    count, most, largest = 0.0, -1, 0.0
    for frame in range(frames):
        total, seen = 0.0, 0.0
        for channel in range(channels):
            weight = coefficient[channel, frame]
            total += measured[0, channel, frame] * weight
            if masked or weight != 0:
                seen += measured[1, channel, frame]
        if per_frame:
            seen = per_frame if seen > 0 else 0
        table[frame], labelled[frame] = total, seen
        count += seen
        # What is not a number is worse than any number.
        if most < 0 or (not np.isnan(largest) and (np.isnan(total) or total > largest)):
            most, largest = frame, total
    return count, most


@numba.njit(cache=True)
def _norm2(
    coefficient: Any, present: Any, masked: Any, measured: Any, term: Any, by_frame: Any, by_row: Any
) -> Any:
    """Squared norm of the gradient of a term's weighted sum."""
    channels, frames = coefficient.shape
    norm2 = 0.0
    for channel in range(channels):
        for frame in range(frames):
            total = measured[0, channel, frame]
            if by_row:
                counts = present[channel, frame] or not masked
                total = _scaled(term, by_row, frame, frames, masked) if counts else 0.0
            elif by_frame:
                total *= doubles(by_frame, frames)[frame]
            norm2 += total * (2.0 * coefficient[channel, frame]) ** 2
    return norm2


@numba.njit(cache=True)
def _scaled(term: Any, row_lengths: Any, frame: Any, frames: Any, masked: Any) -> Any:
    """Squared residuals of a frame, each row times its own length."""
    starts = integers(term[STARTS], frames + 1)
    args = (term[WIDTH], starts[frame], starts[frame + 1], doubles(row_lengths, starts[frames]), masked)
    count = term[ITEMS]
    if term[SINGLE_PREDICTED]:
        predicted = singles(term[PREDICTED], count)
        if term[SINGLE_REFERENCE]:
            return _scaled_squares(predicted, singles(term[REFERENCE], count), *args)
        return _scaled_squares(predicted, doubles(term[REFERENCE], count), *args)
    if term[SINGLE_REFERENCE]:
        return _scaled_squares(doubles(term[PREDICTED], count), singles(term[REFERENCE], count), *args)
    return _scaled_squares(doubles(term[PREDICTED], count), doubles(term[REFERENCE], count), *args)


@numba.njit(cache=True, fastmath=_LOOSE)
def _scaled_squares(
    predicted: Any, reference: Any, width: Any, first: Any, end: Any, lengths: Any, masked: Any
) -> Any:
    total = 0.0
    for row in range(first, end):
        squares, _ = _squares(predicted, reference, row * width, (row + 1) * width, masked)
        total += squares * lengths[row]
    return total
