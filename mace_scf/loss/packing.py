"""The label side of the fused path: all references of a batch in one flat column, made once.

Items of every squared difference lie one behind the other, frame by frame, so that one subtraction,
one square and one segmented sum serve all terms. A *channel* is a stretch of items of one term with
one weight per frame: a term has one, or as many as its weight has components.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import attrs
import torch
from torch import Tensor

from .batch import Level
from .columns import Columns, from_host
from .items import TermInputs, reference_rows
from .presence import frame_weight
from .term import Difference, Term


@attrs.frozen(eq=False)
class Chunk:
    """Place of one term's items in the flat column.

    Attributes:
        term: what is computed.
        difference: its residual.
        items: number of items of the flat column, components counted.
        rows: frames, atoms or molecules.
        width: components of a row.
        channels: how many rows of the table it fills.
        precise: float64 reference that is subtracted before rounding, (rows, width), or ``None``.
    """

    term: Term
    difference: Difference
    items: int
    rows: int
    width: int
    channels: int
    precise: Tensor | None


@attrs.frozen(eq=False)
class Packed:
    """References of one batch, ready for the fused path; R channels, F flat items.

    Attributes:
        columns: the batch.
        masked: labels were masked; otherwise they count as they are.
        dtype: of the flat columns.
        widths: components of each prediction the packing was made for.
        chunks: one for each term.
        reference: (F,).
        present: which items count, (F,); ``None`` if all do.
        offsets: stretches of the flat column, channel by channel and frame by frame, (R·G + 1,).
        channel_row: index into the raveled table for each flat item, (F,).
        coefficient: weight of each frame over its size, (R, G).
        term_offsets: first channel of each term and the end, or ``None`` if each has one.
        term_of_channel: (R,), or ``None``.
        counts: labelled elements per term and frame, (T, G).
        elements: divisor of the plain mean of each term.
    """

    columns: Columns
    masked: bool
    dtype: torch.dtype
    widths: dict[str, int]
    chunks: tuple[Chunk, ...]
    reference: Tensor
    present: Tensor | None
    offsets: Tensor
    channel_row: Tensor
    coefficient: Tensor
    term_offsets: Tensor | None
    term_of_channel: Tensor | None
    counts: Tensor
    elements: tuple[int, ...]

    def fits(self, widths: Mapping[str, int], dtype: torch.dtype) -> bool:
        """Whether predictions of that kind can be compared with this packing."""
        return dtype == self.dtype and all(self.widths[key] == widths.get(key) for key in self.widths)


def pack(
    terms: Sequence[Term],
    columns: Columns,
    widths: Mapping[str, int],
    *,
    dtype: torch.dtype,
    masked: bool,
    modifier: Tensor | None = None,
    settle: bool = False,
) -> Packed:
    """Pack the references of a batch for terms that are squared differences.

    Args:
        terms: each with a difference and the squared error.
        columns: the batch.
        widths: components of each prediction key.
        dtype: of residuals: float32 or float64.
        masked: keep absent labels out.
        modifier: ``loss_weight_modifier`` of the model, (G,).
        settle: look at the masks on the host and drop them if every label is there; for loaders.
    """
    pieces = [_piece(term, columns, widths, dtype, masked, modifier) for term in terms]
    present = _joined_masks([piece.mask for piece in pieces])
    if settle and present is not None and bool(present.all()):
        present = None
    multiple = any(piece.chunk.channels > 1 for piece in pieces)
    channels = [piece.chunk.channels for piece in pieces]
    device = columns.ptr.device
    return Packed(
        columns=columns,
        masked=masked,
        dtype=dtype,
        widths={key: widths[key] for key in _keys(terms)},
        chunks=tuple(piece.chunk for piece in pieces),
        reference=torch.cat([piece.reference for piece in pieces]),
        present=present,
        offsets=_offsets(pieces, columns),
        channel_row=_channel_rows(pieces, columns),
        coefficient=torch.cat([piece.coefficient for piece in pieces]),
        term_offsets=from_host(list(accumulate(channels, initial=0)), device) if multiple else None,
        term_of_channel=from_host(_repeated(channels), device) if multiple else None,
        counts=torch.stack([piece.counts for piece in pieces]),
        elements=tuple(piece.elements for piece in pieces),
    )


@attrs.frozen(eq=False)
class _Piece:
    chunk: Chunk
    reference: Tensor
    mask: Tensor | int  # flat mask, or the number of items that all count
    coefficient: Tensor
    counts: Tensor
    elements: int


def _piece(
    term: Term,
    columns: Columns,
    widths: Mapping[str, int],
    dtype: torch.dtype,
    masked: bool,
    modifier: Tensor | None,
) -> _Piece:
    difference = term.difference
    assert difference is not None, "only differences are packed"
    inputs = TermInputs(term, {}, columns, {}, masked)
    weight = frame_weight(term.honoured, columns, masked=masked, modifier=modifier)
    weight = weight[:, None] if weight.dim() == 1 else weight
    rows, present = _rows(inputs, difference, widths)
    precise = rows if _is_precise(term, rows, dtype) else None
    if precise is not None:
        rows = torch.zeros_like(rows)
    chunk = Chunk(term, difference, rows.numel(), rows.shape[0], rows.shape[1], weight.shape[1], precise)
    return _Piece(
        chunk,
        reference=_flat(rows.to(dtype), chunk),
        mask=rows.numel() if present is None else _flat(present, chunk),
        coefficient=_coefficient(term, difference, weight, columns),
        counts=_counts(inputs, rows, present, weight),
        elements=columns.n_frames * chunk.width if term.divides_by == "frames" else chunk.items,
    )


def _rows(
    inputs: TermInputs, difference: Difference, widths: Mapping[str, int]
) -> tuple[Tensor, Tensor | None]:
    columns, width = inputs.columns, widths[difference.prediction]
    if difference.target is None:
        return reference_rows(inputs, difference, width if difference.map is None else None)
    # The model hands over this reference with its prediction: only frames are known now.
    rows = columns.sizes.new_zeros(columns.leading(inputs.term.level), width)
    frames = inputs.frames
    if frames is None:
        return rows, None
    return rows, columns.rows(inputs.term.level, frames)[:, None].expand_as(rows)


def _is_precise(term: Term, rows: Tensor, dtype: torch.dtype) -> bool:
    small = term.level is Level.FRAME and term.difference is not None and term.difference.map is None
    return small and rows.dtype is torch.float64 and dtype is not torch.float64


def _flat(rows: Tensor, chunk: Chunk) -> Tensor:
    """Items in the order of the flat column: component by component where weights have components."""
    return (rows.t() if chunk.channels > 1 else rows).reshape(-1)


def _coefficient(term: Term, difference: Difference, weight: Tensor, columns: Columns) -> Tensor:
    power = 2 * difference.per_atom + term.error_per_atom
    return (weight / columns.sizes[:, None] ** power if power else weight).t()


def _counts(inputs: TermInputs, rows: Tensor, present: Tensor | None, weight: Tensor) -> Tensor:
    columns, level = inputs.columns, inputs.term.level
    if not inputs.masked:
        present = columns.rows(level, weight != 0).expand_as(rows)
    if present is None:
        return _full_counts(inputs, rows.shape[1])
    counts = columns.frame_sums(present.to(columns.sizes.dtype), level).sum(dim=1)
    if inputs.term.divides_by == "frames":
        return (counts > 0).to(counts.dtype) * rows.shape[1]
    return counts


def _full_counts(inputs: TermInputs, width: int) -> Tensor:
    columns, level = inputs.columns, inputs.term.level
    if level is Level.FRAME or inputs.term.divides_by == "frames":
        return torch.full_like(columns.sizes, width)
    offsets = columns.offsets(level)
    return (offsets[1:] - offsets[:-1]).to(columns.sizes.dtype) * width


def _joined_masks(masks: list[Tensor | int]) -> Tensor | None:
    tensors = [mask for mask in masks if isinstance(mask, Tensor)]
    if not tensors:
        return None
    like = tensors[0]
    full = [mask if isinstance(mask, Tensor) else like.new_ones(mask) for mask in masks]
    return torch.cat(full)


def _offsets(pieces: list[_Piece], columns: Columns) -> Tensor:
    starts, base = [], 0
    for piece in pieces:
        chunk = piece.chunk
        starts += _starts(chunk, columns, base)
        base += chunk.items
    # Surplus molecules at the end of a chunk fall into its last stretch, where their zeros do no harm.
    return torch.cat([*starts, torch.full((1,), base, device=columns.ptr.device)])


def _starts(chunk: Chunk, columns: Columns, base: int) -> list[Tensor]:
    level = chunk.term.level
    if level is not Level.FRAME:
        return [columns.offsets(level)[:-1] * chunk.width + base]
    frames = torch.arange(chunk.rows, device=columns.ptr.device)
    step = chunk.width // chunk.channels
    return [frames * step + (base + channel * chunk.rows * step) for channel in range(chunk.channels)]


def _channel_rows(pieces: list[_Piece], columns: Columns) -> Tensor:
    parts, channel = [], 0
    for piece in pieces:
        parts.append(_rows_of_chunk(piece.chunk, columns, channel))
        channel += piece.chunk.channels
    return torch.cat(parts)


def _rows_of_chunk(chunk: Chunk, columns: Columns, channel: int) -> Tensor:
    level, device = chunk.term.level, columns.ptr.device
    n_frames = columns.n_frames
    if level is Level.FRAME and chunk.channels > 1:
        start = channel * n_frames
        return torch.arange(start, start + chunk.channels * n_frames, device=device, dtype=torch.int32)
    if level is Level.FRAME:
        frames = torch.arange(n_frames, device=device, dtype=torch.int32)
    else:
        frames = columns.frame_of(level).to(torch.int32)
    return (frames + channel * n_frames)[:, None].expand(-1, chunk.width).reshape(-1)


def _keys(terms: Sequence[Term]) -> list[str]:
    return [term.difference.prediction for term in terms if term.difference is not None]


def _repeated(channels: list[int]) -> list[int]:
    return [place for place, times in enumerate(channels) for _ in range(times)]
