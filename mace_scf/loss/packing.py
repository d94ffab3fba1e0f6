"""The label side of the fused path: all references of a batch in one flat column, made once.

Items of every squared difference lie one behind the other, frame by frame, so that one subtraction,
one square and one segmented sum serve all terms. A *channel* is a stretch of items of one term with
one weight per frame: a term has one, or as many as its weight has components.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import torch
from torch import Tensor

from .batch import Level
from .columns import Columns
from .items import check_rows, mapped, two_axes, without_surplus
from .keeping import from_host
from .packed import Chunk, Packed
from .presence import finite_label
from .term import Difference, LinearMap, Term
from .weighting import ChannelWeights, WeightPlan, check_components

_LEVELS = (Level.FRAME, Level.ATOM, Level.MOLECULE)


def pack(
    terms: Sequence[Term],
    columns: Columns,
    widths: Mapping[str, int],
    *,
    plan: WeightPlan,
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
        plan: of the terms' weights.
        dtype: of residuals: float32 or float64.
        masked: keep absent labels out.
        modifier: ``loss_weight_modifier`` of the model, (G,).
        settle: look at the masks on the host and drop them if every label is there; for loaders.
    """
    rows = [_reference_rows(term, columns, widths, masked) for term in terms]
    counts = plan.counts(columns)
    chunks = tuple(
        _chunk(term, each, columns, count, dtype, masked)
        for term, each, count in zip(terms, rows, counts, strict=True)
    )
    weights = plan.weights(columns, modifier)
    offsets = _offsets(chunks, columns)
    channel_row = _channel_rows(offsets, chunks)
    flat = torch.cat([_flat(each, chunk, dtype, masked) for each, chunk in zip(rows, chunks, strict=True)])
    present = _present(flat, weights, channel_row) if masked else None
    if settle and present is not None and bool(present.all()):
        present = None
    absent = None if present is None else ~present
    multiple = max(counts) > 1
    return Packed(
        columns=columns,
        masked=masked,
        dtype=dtype,
        widths={key: widths[key] for key in _keys(terms)},
        chunks=chunks,
        reference=flat if absent is None else flat.masked_fill_(absent, 0.0),
        present=present,
        absent=absent,
        offsets=offsets,
        channel_row=channel_row,
        coefficient=weights.coefficient,
        term_offsets=_term_offsets(plan, counts, columns) if multiple else None,
        term_of_channel=_term_of_channel(plan, counts, columns) if multiple else None,
        elements=tuple(_elements(chunk, columns) for chunk in chunks),
    )


def _term_offsets(plan: WeightPlan, counts: tuple[int, ...], columns: Columns) -> Tensor:
    starts = list(accumulate(counts, initial=0))
    return plan.kept.column(("starts", counts), starts, columns.ptr.device)


def _term_of_channel(plan: WeightPlan, counts: tuple[int, ...], columns: Columns) -> Tensor:
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    return plan.kept.column(("places", counts), places, columns.ptr.device)


def _reference_rows(term: Term, columns: Columns, widths: Mapping[str, int], masked: bool) -> Tensor:
    """References of one term, (rows, width), NaN where a label that they need is missing."""
    difference = _difference(term)
    width = widths[difference.prediction]
    if difference.target is not None:
        # The model hands over this reference with its prediction.
        return columns.sizes.new_zeros(columns.leading(term.level), width)
    label = columns.references.value(str(difference.label))
    assert label is not None, "the engine fills in labels that no frame has"
    if difference.label_is_mapped:
        return two_axes(label)
    if difference.map is None:
        rows = mapped(label, None, columns, width)
        check_rows(term, difference, rows, torch.Size((columns.leading(term.level), width)))
    else:
        rows = _mapped_once(str(difference.label), label, difference.map, columns)
    return without_surplus(rows, term.level, columns) if masked else rows


def _mapped_once(name: str, label: Tensor, map_: LinearMap, columns: Columns) -> Tensor:
    """Mapped labels, shared between the terms of a batch."""
    inner = map_.inner
    given = two_axes(label) if inner is None else _mapped_once(name, label, inner, columns)
    return columns.memo(f"{name}/{map_.name}", lambda: map_.forward(given, columns))


def _chunk(
    term: Term, rows: Tensor, columns: Columns, channels: int, dtype: torch.dtype, masked: bool
) -> Chunk:
    difference = _difference(term)
    early = dtype is not torch.float64 and difference.prediction == "energy"
    precise = rows.to(columns.sizes.dtype) if early else None
    if precise is not None and masked:
        precise = torch.where(finite_label(precise), precise, 0.0)
    check_components(term, channels, rows.shape[1])
    return Chunk(
        term=term,
        difference=difference,
        items=rows.numel(),
        rows=rows.shape[0],
        width=rows.shape[1],
        channels=channels,
        precise=precise,
    )


def _flat(rows: Tensor, chunk: Chunk, dtype: torch.dtype, masked: bool) -> Tensor:
    """Items in the order of the flat column: component by component where weights have components."""
    flat = (rows.t() if chunk.channels > 1 else rows).reshape(-1).to(dtype)
    if chunk.precise is None:
        return flat
    # What is subtracted early leaves only its presence here: x - x is 0, or NaN where x is missing.
    return flat - flat if masked else torch.zeros_like(flat)


def _present(flat: Tensor, weights: ChannelWeights, channel_row: Tensor) -> Tensor:
    finite = finite_label(flat)
    if weights.present is None:
        return finite
    return finite & weights.present.view(-1).index_select(0, channel_row)


def _offsets(chunks: Sequence[Chunk], columns: Columns) -> Tensor:
    """First item of each channel and frame, (R·G + 1,).

    Surplus molecules at the end of a chunk fall into its last stretch, where their zeros do no harm.
    """
    device = columns.ptr.device
    levels, widths, bases, end = [], [], [], 0
    for chunk in chunks:
        stride = chunk.items // chunk.channels
        for channel in range(chunk.channels):
            levels.append(_LEVELS.index(chunk.term.level))
            widths.append(chunk.width // chunk.channels)
            bases.append(end + channel * stride)
        end += chunk.items
    starts = [torch.arange(columns.n_frames, device=device), columns.ptr[:-1]]
    if max(levels) > 1:
        starts.append(columns.molecules.ptr[:-1])
    plan = from_host([levels, widths, bases], device)
    first = torch.stack(starts).index_select(0, plan[0]) * plan[1][:, None] + plan[2][:, None]
    return torch.cat([first.view(-1), torch.full((1,), end, device=device)])


def _channel_rows(offsets: Tensor, chunks: Sequence[Chunk]) -> Tensor:
    """Place in the raveled (R, G) table of each flat item."""
    total = sum(chunk.items for chunk in chunks)
    places = torch.arange(offsets.shape[0] - 1, device=offsets.device, dtype=torch.int32)
    return torch.repeat_interleave(places, offsets[1:] - offsets[:-1], output_size=total)


def _elements(chunk: Chunk, columns: Columns) -> int | Tensor:
    if chunk.term.divides_by == "frames":
        return columns.n_frames * chunk.width
    upper = chunk.term.level is Level.MOLECULE and not columns.molecules.exact
    return columns.molecules.ptr[-1] * chunk.width if upper else chunk.items


def _difference(term: Term) -> Difference:
    assert term.difference is not None, "only differences are packed"
    return term.difference


def _keys(terms: Sequence[Term]) -> list[str]:
    return [_difference(term).prediction for term in terms]
