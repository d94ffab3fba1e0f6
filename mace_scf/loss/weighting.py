"""Weights of all fused terms at once: one stacked table instead of a product for every term."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import attrs
import torch
from torch import Tensor

from .batch import Level
from .columns import Columns
from .keeping import Kept
from .refusing import refuse
from .term import Honoured, Term

_ONES = 0  # row of the stack that holds 1 everywhere


@attrs.frozen(eq=False)
class ChannelWeights:
    """Weights of R channels over G frames.

    Attributes:
        coefficient: product of the honoured weights over the size, 0 where absent, (R, G).
        present: frames that count, (R, G); ``None`` if nothing says which.
    """

    coefficient: Tensor
    present: Tensor | None


def check_components(term: Term, channels: int, width: int) -> None:
    """A weight with components belongs to frames and to as many components of a residual.

    Raises:
        LossInputError: it does not.
    """
    if channels > 1 and (channels != width or term.level is not Level.FRAME):
        names = " · ".join(f"{name}_weight" for name in term.honoured.properties)
        found = f"{channels} for {width} components of each of its {term.level.value}"
        refuse(term.name, names, expected="one number for each frame", found=found)


class WeightPlan:
    """Weights of all fused terms at once; which of them make up a channel is worked out once for each kind of batch.

    Args:
        terms: differences.
        masked: weights that are not positive and finite make a frame absent.

    Attributes:
        kept: columns that any batch of the same kind shares.
    """

    def __init__(self, terms: Sequence[Term], *, masked: bool) -> None:
        self._terms = tuple(terms)
        self._masked = masked
        names = [weight_names(term.honoured, needs=True) for term in terms]
        self._names = tuple(dict.fromkeys(name for each in names for name in each))
        self._layouts: dict[tuple[int, ...], _Layout] = {}
        self.kept = Kept()

    def counts(self, columns: Columns) -> tuple[int, ...]:
        """Channels of each term: 1, or the components of its property's weight."""
        return self._layout(columns, modified=False).counts

    def weights(self, columns: Columns, modifier: Tensor | None) -> ChannelWeights:
        """Weights and presence of every channel.

        Args:
            columns: the batch.
            modifier: multiplies the config weight, (G,).
        """
        layout = self._layout(columns, modified=modifier is not None)
        table = self._table(layout, columns)
        clean, present = table, None
        if self._masked and table.shape[0] > 1:
            positive = (table > 0) & (table < torch.inf)
            clean = table.masked_fill(~positive, 0.0)
            present = self._gathered(positive, layout, layout.deciding).all(dim=1)
        if modifier is not None and "" in layout.places:
            clean[layout.places[""]] *= modifier.reshape(-1).to(clean.dtype)
        product = self._gathered(clean, layout, layout.multiplying).prod(dim=1)
        if present is not None:
            product = product.masked_fill_(~present, 0.0)
        return ChannelWeights(self._over_sizes(product, layout, columns), present)

    def _layout(self, columns: Columns, *, modified: bool) -> _Layout:
        widths = tuple(weight_width(columns, name) if _given(columns, name) else 0 for name in self._names)
        key = (*widths, int(modified))
        if key not in self._layouts:
            self._layouts[key] = _layout(self._terms, dict(zip(self._names, widths, strict=True)), modified)
        return self._layouts[key]

    def _table(self, layout: _Layout, columns: Columns) -> Tensor:
        """All weights as rows below one of ones, (rows, G)."""
        ones = columns.sizes.new_ones(1, columns.n_frames)
        rows = [ones]
        for name, width in layout.widths.items():
            weight = weight_of(columns, name)
            rows.append(ones if weight is None else weight.reshape(-1, width).t().to(ones.dtype))
        return torch.cat(rows) if len(rows) > 1 else ones

    def _gathered(self, table: Tensor, layout: _Layout, channels: tuple[tuple[int, ...], ...]) -> Tensor:
        """Rows of the table for each channel, (R, most, G), filled up with rows of ones."""
        most = len(channels[0])
        filled = [row for rows in channels for row in rows]
        chosen = table.index_select(0, self.kept.column(channels, filled, table.device))
        return chosen.view(len(channels), most, table.shape[1])

    def _over_sizes(self, product: Tensor, layout: _Layout, columns: Columns) -> Tensor:
        """Products divided by the power of the size that each term asks for."""
        if not any(layout.powers):
            return product
        powers = self.kept.column(("powers", layout.powers), layout.powers, product.device, product.dtype)
        return product.div_(torch.pow(columns.sizes, powers[:, None]))


@attrs.frozen(eq=False)
class _Layout:
    """Rows of the table of weights that make up each channel, filled up with the row of ones.

    Attributes:
        counts: channels of each term.
        widths: components of each weight.
        places: first row of each weight; the config weight is called by the empty name.
        multiplying: rows whose product weighs a channel.
        deciding: rows that must be positive.
        powers: of the size that divides each channel.
    """

    counts: tuple[int, ...]
    widths: dict[str, int]
    places: dict[str, int]
    multiplying: tuple[tuple[int, ...], ...]
    deciding: tuple[tuple[int, ...], ...]
    powers: tuple[int, ...]


def _layout(terms: Sequence[Term], widths: dict[str, int], modified: bool) -> _Layout:
    if modified and "" in widths:
        # What the model multiplies needs a row of its own: the row of ones fills up every channel.
        widths = widths | {"": widths[""] or 1}
    given = {name: width for name, width in widths.items() if width}
    places = dict(zip(given, accumulate(given.values(), initial=1), strict=False))
    counts = tuple(max((widths[name] for name in term.honoured.properties), default=1) or 1 for term in terms)

    def rows(*, needs: bool) -> tuple[tuple[int, ...], ...]:
        return _filled_up(
            [
                [
                    places[name] + (channel if widths[name] > 1 else 0)
                    for name in weight_names(term.honoured, needs=needs)
                    if name in places
                ]
                for term, count in zip(terms, counts, strict=True)
                for channel in range(count)
            ]
        )

    powers = tuple(power(term) for term, count in zip(terms, counts, strict=True) for _ in range(count))
    return _Layout(counts, given, places, rows(needs=False), rows(needs=True), powers)


def _filled_up(rows: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    most = max(1, *(len(row) for row in rows))
    return tuple((*row, *[_ONES] * (most - len(row))) for row in rows)


def _given(columns: Columns, name: str) -> bool:
    return weight_of(columns, name) is not None


def weight_names(honoured: Honoured, *, needs: bool) -> list[str]:
    """Quantities whose weights count; the config weight is called by the empty name."""
    names = ["", *honoured.properties] if honoured.config else list(honoured.properties)
    return names + [name for name in honoured.needs if needs and name not in honoured.properties]


def weight_of(columns: Columns, name: str) -> Tensor | None:
    """The weight of a quantity; the empty name is the config weight."""
    return columns.references.weight_of(name) if name else columns.references.weight


def weight_width(columns: Columns, name: str) -> int:
    """Components of a quantity's weight, 1 if it has none."""
    weight = weight_of(columns, name)
    return 1 if weight is None else components_of(weight, columns.n_frames)


def components_of(weight: Tensor, n_frames: int) -> int:
    """Components of a weight, which may come flat."""
    if weight.numel() == n_frames:
        return 1 if weight.dim() < 2 else weight.shape[1]
    return weight.numel() // n_frames


def power(term: Term) -> int:
    """Power of the size that divides a term's squares."""
    inside = term.difference is not None and term.difference.per_atom
    return 2 * inside + term.error_per_atom
