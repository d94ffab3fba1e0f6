"""References of one batch in flat columns, ready to be compared with predictions."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import torch
from torch import Tensor

from .batch import Level
from .columns import Columns, segment_sum
from .reduce import Divisor, inverse_vector, safe_divisor
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


@attrs.define(eq=False)
class Packed:
    """References of one batch; R channels, F flat items.

    Attributes:
        columns: the batch.
        masked: labels were masked; otherwise they count as they are.
        dtype: of the flat columns.
        widths: components of each prediction the packing was made for.
        chunks: one for each term.
        reference: (F,), 0 where absent.
        present: which items count, (F,); ``None`` if all do.
        absent: opposite of ``present``, as the step needs it.
        offsets: stretches of the flat column, channel by channel and frame by frame, (R·G + 1,).
        channel_row: index into the raveled table for each flat item, (F,).
        coefficient: weight of each frame over its size, (R, G).
        term_offsets: first channel of each term and the end, or ``None`` if each has one.
        term_of_channel: (R,), or ``None``.
        elements: divisor of the plain mean of each term.
        zero: 0, ().
    """

    columns: Columns
    masked: bool
    dtype: torch.dtype
    widths: dict[str, int]
    chunks: tuple[Chunk, ...]
    reference: Tensor
    present: Tensor | None
    absent: Tensor | None
    offsets: Tensor
    channel_row: Tensor
    coefficient: Tensor
    term_offsets: Tensor | None
    term_of_channel: Tensor | None
    elements: tuple[int | Tensor, ...]
    zero: Tensor = attrs.field(init=False)
    _counts: Tensor | None = None
    _squared: Tensor | None = None
    _count_of_terms: Tensor | None = None
    _inverse: tuple[list[Divisor], Tensor] | None = None

    def __attrs_post_init__(self) -> None:
        # What the step needs without a scalar to wrap.
        self.zero = self.reference.new_zeros(())

    def fits(self, widths: Mapping[str, int], dtype: torch.dtype) -> bool:
        """Whether predictions of that kind can be compared with this packing."""
        return dtype is self.dtype and all(widths[key] == width for key, width in self.widths.items())

    @property
    def items(self) -> list[int]:
        """Flat items of each chunk."""
        return [chunk.items for chunk in self.chunks]

    @property
    def counts(self) -> Tensor:
        """Labelled elements of each term and frame, (T, G)."""
        if self._counts is None:
            self._counts = self.count(self.present)
        return self._counts

    @property
    def count_of_terms(self) -> Tensor:
        """Labelled elements of each term, (T,)."""
        if self._count_of_terms is None:
            self._count_of_terms = self.counts.sum(dim=1)
        return self._count_of_terms

    @property
    def squared_lengths(self) -> Tensor:
        """Squares of twice the coefficient times the length of the map's rows, (R, G).

        Rows of maps onto molecules differ inside a frame and are left at the coefficient alone.
        """
        if self._squared is None:
            self._squared = self._squared_lengths()
        return self._squared

    def inverse_of(self, values: list[Divisor]) -> Tensor:
        """1 over each divisor, (T,); copied to the device once for the same host numbers."""
        if any(isinstance(value, Tensor) for value in values):
            return inverse_vector(values, self.reference.device)
        if self._inverse is None or self._inverse[0] != values:
            self._inverse = values, inverse_vector(values, self.reference.device)
        return self._inverse[1]

    def settled(self) -> Packed:
        """The same with everything worked out that a step and its breakdown will ask for."""
        _ = self.count_of_terms, self.squared_lengths
        _ = self.inverse_of([safe_divisor(each) for each in self.elements])
        for chunk in self.chunks:
            if chunk.difference.map is not None and chunk.term.level is Level.MOLECULE:
                chunk.difference.map.row_norm2(self.columns)
        return self

    def count(self, present: Tensor | None) -> Tensor:
        """Labelled elements of each term and frame for a mask of flat items, (T, G)."""
        real = self.columns.sizes.dtype
        # Single precision counts up to 2^24 items of a frame, and is half the memory.
        counts = self._all_items() if present is None else segment_sum(present.float(), self.offsets).to(real)
        rows = counts.view(self.coefficient.shape)
        if not self.masked:
            rows = torch.where(self.coefficient != 0, rows, 0.0)
        rows = self.by_term(rows)
        for place, chunk in enumerate(self.chunks):
            if chunk.term.divides_by == "frames":
                rows[place] = (rows[place] > 0).to(real) * chunk.width
        return rows

    def by_channel(self, per_term: Tensor) -> Tensor:
        """A column of terms, (T,), for each channel, (R,)."""
        index = self.term_of_channel
        return per_term if index is None else per_term.index_select(0, index)

    def by_term(self, per_channel: Tensor) -> Tensor:
        """Channels, (R, G), added up to terms, (T, G)."""
        offsets = self.term_offsets
        return per_channel if offsets is None else segment_sum(per_channel, offsets)

    def _all_items(self) -> Tensor:
        """Items of each channel and frame, (R·G,), those of molecules that only an upper bound has left out."""
        columns, place = self.columns, 0
        counts = (self.offsets[1:] - self.offsets[:-1]).to(columns.sizes.dtype)
        rows = counts.view(self.coefficient.shape)
        for chunk in self.chunks:
            if chunk.term.level is Level.MOLECULE:
                real = columns.lengths(columns.molecules.ptr, columns.molecules.count)
                rows[place : place + chunk.channels] = real * (chunk.width // chunk.channels)
            place += chunk.channels
        return counts

    def _squared_lengths(self) -> Tensor:
        squares = (2.0 * self.coefficient).square()
        place = 0
        for chunk in self.chunks:
            map_ = chunk.difference.map
            if map_ is not None and chunk.rows == self.columns.n_frames:
                squares[place] *= map_.row_norm2(self.columns)
            place += chunk.channels
        return squares
