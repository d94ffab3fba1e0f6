"""Weights of all fused terms at once: one stacked table instead of a product for every term."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import torch
from torch import Tensor

from .batch import Level
from .columns import Columns, from_host
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


def components(term: Term, columns: Columns) -> int:
    """Components of a term's weight: 1, or those of its property's weight."""
    return max((weight_width(columns, name) for name in term.honoured.properties), default=1)


def check_components(term: Term, channels: int, width: int) -> None:
    """A weight with components belongs to frames and to as many components of a residual.

    Raises:
        LossInputError: it does not.
    """
    if channels > 1 and (channels != width or term.level is not Level.FRAME):
        names = " · ".join(f"{name}_weight" for name in term.honoured.properties)
        found = f"{channels} for {width} components of each of its {term.level.value}"
        refuse(term.name, names, expected="one number for each frame", found=found)


def channel_weights(
    terms: Sequence[Term], columns: Columns, *, masked: bool, modifier: Tensor | None
) -> ChannelWeights:
    """Weights and presence of every channel.

    Args:
        terms: differences.
        columns: the batch.
        masked: weights that are not positive and finite make a frame absent.
        modifier: multiplies the config weight, (G,).
    """
    stack = _Stack(columns, modified=modifier is not None)
    multiplying = [rows for term in terms for rows in stack.channels(term, needs=False)]
    deciding = [rows for term in terms for rows in stack.channels(term, needs=True)]
    weights = stack.stacked()
    clean, present = weights, None
    if masked and weights.shape[0] > 1:
        positive = (weights > 0) & (weights < torch.inf)
        clean = torch.where(positive, weights, 0.0)
        present = _gathered(positive, deciding).all(dim=1)
    if modifier is not None:
        clean = stack.modified(clean, modifier)
    product = _gathered(clean, multiplying).prod(dim=1)
    if present is not None:
        product = torch.where(present, product, 0.0)
    return ChannelWeights(_over_sizes(product, terms, columns), present)


class _Stack:
    """Weight columns of a batch as rows of one table, each taken up once."""

    def __init__(self, columns: Columns, *, modified: bool) -> None:
        self._columns = columns
        self._rows: list[Tensor] = [columns.sizes.new_ones(1, columns.n_frames)]
        self._places: dict[str, int] = {}
        self._height = 1
        if modified and columns.references.weight is None:
            # What the model multiplies needs a row of its own: the row of ones fills up every channel.
            self._places[""] = self._height
            self._rows.append(self._rows[0])
            self._height += 1

    def channels(self, term: Term, *, needs: bool) -> list[list[int]]:
        """Rows of the table that make up each channel of a term."""
        names = weight_names(term.honoured, needs=needs)
        count = components(term, self._columns)
        return [[self._row(name, channel) for name in names] for channel in range(count)]

    def stacked(self) -> Tensor:
        """The table, (rows, G)."""
        return torch.cat(self._rows) if len(self._rows) > 1 else self._rows[0]

    def modified(self, table: Tensor, modifier: Tensor) -> Tensor:
        """The table with the config weight multiplied; channels without config weight never read it."""
        if "" not in self._places:
            return table
        table = table.clone()
        table[self._places[""]] *= modifier.reshape(-1).to(table.dtype)
        return table

    def _row(self, name: str, channel: int) -> int:
        weight = weight_of(self._columns, name)
        if weight is None:
            return self._places.get(name, _ONES)
        width = weight_width(self._columns, name)
        if name not in self._places:
            self._places[name] = self._height
            self._rows.append(weight.reshape(self._columns.n_frames, width).t().to(self._rows[0].dtype))
            self._height += width
        return self._places[name] + (channel if width > 1 else 0)


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


def _gathered(table: Tensor, channels: list[list[int]]) -> Tensor:
    """Rows of the table for each channel, (R, most, G), filled up with rows of ones."""
    most = max(1, *(len(rows) for rows in channels))
    filled = [row for rows in channels for row in (*rows, *[_ONES] * (most - len(rows)))]
    chosen = table.index_select(0, from_host(filled, table.device))
    return chosen.view(len(channels), most, table.shape[1])


def _over_sizes(product: Tensor, terms: Sequence[Term], columns: Columns) -> Tensor:
    """Products divided by the power of the size that each term asks for."""
    powers = [power(term) for term in terms for _ in range(components(term, columns))]
    if not any(powers):
        return product
    inverse = columns.sizes.reciprocal()
    choices = torch.stack([torch.ones_like(inverse), inverse, inverse.square()])
    return product * choices.index_select(0, from_host(powers, product.device))


def power(term: Term) -> int:
    """Power of the size that divides a term's squares."""
    inside = term.difference is not None and term.difference.per_atom
    return 2 * inside + term.error_per_atom
