"""Compiled passes over labels and predictions that lie on a CPU: numba comes with the extra ``[loss]``.

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
BY_FRAME, BY_ROW = 10, 11  # addresses of squared lengths of the map's rows, one for each frame or row, else 0
FIELDS = 12

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
    totals: Any,
    weights: Any,
    inverse: Any,
    marks: Any,
    worst: Any,
) -> Any:
    """What a breakdown tells of the terms beside their means.

    Args:
        terms, coefficient, present, masked: as for :func:`measure`.
        measured: squared residuals and labelled items, (2, R, G).
        totals: weighted sums of the terms, (T,).
        weights: of the stage, (T,).
        inverse: 1 over the divisor of each term, (T,).
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
        sums, counts = measured[0, rows], measured[1, rows]
        count, most = _summed_up(coefficient[rows], masked, sums, counts, term[PER_FRAME])
        norm2 = _norm2(coefficient[rows], present[rows], masked, sums, term)
        marks[0, place] = count
        marks[1, place] = np.sqrt(norm2) * weights[place] * inverse[place]
        marks[2, place] = totals[place] * inverse[place] * weights[place] / whole
        worst[place] = most if count > 0 else -1


@numba.njit(cache=True)
def tables(terms: Any, coefficient: Any, masked: Any, measured: Any, out: Any) -> Any:
    """Weighted error sums and labelled elements of each term and frame.

    Args:
        terms, coefficient, masked: as for :func:`measure`.
        measured: squared residuals and labelled items, (2, R, G).
        out: filled, (2, T, G).
    """
    for place in range(len(terms)):
        term = terms[place]
        rows = slice(term[CHANNEL], term[CHANNEL] + term[CHANNELS])
        sums, counts = measured[0, rows], measured[1, rows]
        _filled(coefficient[rows], masked, sums, counts, term[PER_FRAME], out[0, place], out[1, place])


@numba.njit(cache=True)
def _summed_up(coefficient: Any, masked: Any, sums: Any, counts: Any, per_frame: Any) -> Any:
    """Labelled elements of a term, and the frame with the largest error sum."""
    count, most, largest = 0.0, -1, 0.0
    for frame in range(coefficient.shape[1]):
        total, seen = _of_frame(coefficient, masked, sums, counts, per_frame, frame)
        count += seen
        # What is not a number is worse than any number.
        if most < 0 or (not np.isnan(largest) and (np.isnan(total) or total > largest)):
            most, largest = frame, total
    return count, most


@numba.njit(cache=True)
def _filled(
    coefficient: Any, masked: Any, sums: Any, counts: Any, per_frame: Any, table: Any, labelled: Any
) -> Any:
    for frame in range(coefficient.shape[1]):
        table[frame], labelled[frame] = _of_frame(coefficient, masked, sums, counts, per_frame, frame)


@numba.njit(cache=True, inline="always")  # several times as fast as a call for each frame
def _of_frame(coefficient: Any, masked: Any, sums: Any, counts: Any, per_frame: Any, frame: Any) -> Any:
    """Weighted error sum and labelled elements of one term in one frame."""
    total, seen = 0.0, 0.0
    for channel in range(coefficient.shape[0]):
        weight = coefficient[channel, frame]
        total += sums[channel, frame] * weight
        if masked or weight != 0:
            seen += counts[channel, frame]
    if per_frame:
        seen = float(per_frame) if seen > 0 else 0.0
    return total, seen


@numba.njit(cache=True)
def _norm2(coefficient: Any, present: Any, masked: Any, sums: Any, term: Any) -> Any:
    """Squared norm of the gradient of a term's weighted sum."""
    if term[BY_ROW]:
        return _norm2_by_row(coefficient, present, masked, term)
    channels, frames = coefficient.shape
    norm2 = 0.0
    for channel in range(channels):
        for frame in range(frames):
            total = sums[channel, frame]
            if term[BY_FRAME]:
                total *= doubles(term[BY_FRAME], frames)[frame]
            norm2 += total * (2.0 * coefficient[channel, frame]) ** 2
    return norm2


@numba.njit(cache=True)
def _norm2_by_row(coefficient: Any, present: Any, masked: Any, term: Any) -> Any:
    """The same where each row has a length of its own."""
    frames, count = coefficient.shape[1], term[ITEMS]
    starts = integers(term[STARTS], frames + 1)
    args = (term[WIDTH], starts, doubles(term[BY_ROW], starts[frames]), coefficient, present, masked)
    if term[SINGLE_PREDICTED]:
        predicted = singles(term[PREDICTED], count)
        if term[SINGLE_REFERENCE]:
            return _scaled(predicted, singles(term[REFERENCE], count), *args)
        return _scaled(predicted, doubles(term[REFERENCE], count), *args)
    if term[SINGLE_REFERENCE]:
        return _scaled(doubles(term[PREDICTED], count), singles(term[REFERENCE], count), *args)
    return _scaled(doubles(term[PREDICTED], count), doubles(term[REFERENCE], count), *args)


@numba.njit(cache=True, fastmath=_LOOSE)
def _scaled(
    predicted: Any,
    reference: Any,
    width: Any,
    starts: Any,
    lengths: Any,
    coefficient: Any,
    present: Any,
    masked: Any,
) -> Any:
    """Squared residuals, each row times its length and each frame times its coefficient."""
    channels, frames = coefficient.shape
    stride = width // channels
    norm2 = 0.0
    for frame in range(frames):
        for channel in range(channels):
            if masked and not present[channel, frame]:
                continue
            total = 0.0
            for row in range(starts[frame], starts[frame + 1]):
                squares = 0.0
                for item in range(row * width + channel * stride, row * width + (channel + 1) * stride):
                    wanted = float(reference[item])
                    residual = float(predicted[item]) - wanted
                    if not masked or abs(wanted) < np.inf:
                        squares += residual * residual
                total += squares * lengths[row]
            norm2 += total * (2.0 * coefficient[channel, frame]) ** 2
    return norm2
