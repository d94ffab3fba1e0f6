"""The label side of the compiled path: weights of every frame, and labels where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

import attrs
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .batch import Level
from .columns import Columns
from .compiled import in_memory, is_single, kernels, row_kernels
from .items import mapped, two_axes
from .problems import LossInputError
from .term import Difference, LinearMap, Term
from .weighting import components_of, power, weight_names, weight_of

Column = NDArray[Any]
_NO_MODIFIER = np.empty(0)


@attrs.frozen(eq=False)
class Place:
    """Where the channels of a term lie in the tables.

    Attributes:
        term: what is computed.
        difference: its residual.
        first: its first channel.
        channels: how many it has.
    """

    term: Term
    difference: Difference
    first: int
    channels: int

    @property
    def rows(self) -> slice:
        """Its channels."""
        return slice(self.first, self.first + self.channels)


@attrs.define(eq=False)
class HostLabels:
    """References of one batch; T terms, R channels, G frames.

    Attributes:
        columns: the batch.
        masked: absent labels are kept out; otherwise they count as they are.
        places: one for each term.
        coefficient: weight of each frame over its size, (R, G).
        present: frames that count, (R, G).
        references: labels of each term, (rows, width); ``None`` where the model brings the target.
        starts: first row of each frame and the end, by level.
        table: one row for each term as the kernels take it, channels filled in, (T, FIELDS).
    """

    columns: Columns
    masked: bool
    places: tuple[Place, ...]
    coefficient: Column
    present: Column
    references: tuple[Tensor | None, ...]
    starts: dict[Level, Tensor]
    table: Column
    _lengths: list[tuple[int, int, Tensor]] | None = None

    def put_lengths(self, terms: Column) -> None:
        """Write the addresses of the squared lengths of maps' rows into a table of terms, (T, FIELDS)."""
        for number, column, each in self._squared_lengths():
            terms[number, column] = each.data_ptr()

    def _squared_lengths(self) -> Sequence[tuple[int, int, Tensor]]:
        """For each term with a map: its number, the column for its address, and the lengths."""
        if self._lengths is None:
            by_frame, by_row = kernels().BY_FRAME, kernels().BY_ROW
            self._lengths = [
                (number, by_frame if place.term.level is Level.FRAME else by_row, self._norm2(map_))
                for number, place in enumerate(self.places)
                if (map_ := place.difference.map) is not None
            ]
        return self._lengths

    def reference(self, place: int, rows: int, width: int) -> Tensor:
        """Labels of a term, (rows, width), surplus columns cut."""
        found = self.references[place]
        assert found is not None, "only asked for terms with labels"
        if found.shape[0] != rows or found.shape[1] < width:
            at = self.places[place]
            expected, shape = f"({rows}, {width})", str(tuple(found.shape))
            raise LossInputError(at.term.name, str(at.difference.label), expected=expected, found=shape)
        return found if found.shape[1] == width else found[:, :width].contiguous()

    def settled(self) -> HostLabels:
        """The same with everything worked out that a breakdown will ask for."""
        self._squared_lengths()
        return self

    def versions(self) -> list[tuple[int, int]]:
        """Versions and places of the labels' memory: other ones after somebody wrote into it or moved it."""
        return versions_of([each for each in self.references if each is not None])

    def _norm2(self, map_: LinearMap) -> Tensor:
        norm2 = map_.row_norm2(self.columns)
        return norm2 if norm2.dtype is torch.float64 and norm2.is_contiguous() else items(norm2.double())


class HostPlan:
    """Reads labels for fixed terms; what depends on their weights' widths alone is worked out once.

    Args:
        terms: squared differences.
        masked: absent labels are kept out.
    """

    def __init__(self, terms: Sequence[Term], *, masked: bool) -> None:
        self._terms = tuple(terms)
        self._masked = masked
        names = [weight_names(term.honoured, needs=True) for term in terms]
        self._names = tuple(dict.fromkeys(name for each in names for name in each))
        self._levels = tuple(dict.fromkeys(term.level for term in terms))
        self._layouts: dict[tuple[int, ...], _Layout] = {}

    def labels(self, columns: Columns, modifier: Tensor | None = None) -> HostLabels:
        """References of a batch.

        Args:
            columns: the batch.
            modifier: multiplies the config weight, (G,).
        """
        weights = [weight_of(columns, name) for name in self._names]
        layout = self._layout(weights, columns.n_frames)
        given = [items(weight) for weight in weights if weight is not None]
        coefficient, present = self._weights(layout, given, columns, modifier)
        return HostLabels(
            columns=columns,
            masked=self._masked,
            places=layout.places,
            coefficient=coefficient,
            present=present,
            references=tuple(_references(place, columns) for place in layout.places),
            starts=_starts(self._levels, columns),
            table=layout.table,
        )

    def _layout(self, weights: Sequence[Tensor | None], n_frames: int) -> _Layout:
        widths = tuple(_components(weight, n_frames) for weight in weights)
        if widths not in self._layouts:
            self._layouts[widths] = _layout(self._terms, dict(zip(self._names, widths, strict=True)))
        return self._layouts[widths]

    def _weights(
        self, layout: _Layout, weights: Sequence[Tensor], columns: Columns, modifier: Tensor | None
    ) -> tuple[Column, Column]:
        frames = max(columns.n_frames, 1)
        rows = [
            number
            for weight in weights
            for number in (weight.data_ptr(), weight.numel() // frames, is_single(weight))
        ]
        shape = (len(layout.powers), columns.n_frames)
        coefficient, present = np.empty(shape), np.empty(shape, dtype=np.bool_)
        factor = _NO_MODIFIER if modifier is None else host(modifier.reshape(-1)).astype(np.float64)
        row_kernels().channel_weights(
            np.array(rows, dtype=np.int64).reshape(-1, 3),
            layout.multiplying,
            layout.deciding,
            layout.modified,
            factor,
            layout.powers,
            columns.sizes.numpy(),
            self._masked,
            coefficient,
            present,
        )
        return coefficient, present


@attrs.frozen(eq=False)
class _Layout:
    """Channels of all terms for given widths of the weights; arrays as the kernel takes them."""

    places: tuple[Place, ...]
    table: Column  # channels of the terms filled in, (T, FIELDS)
    multiplying: Column
    deciding: Column
    modified: Column
    powers: Column


def _components(weight: Tensor | None, n_frames: int) -> int:
    """Components of a weight, 0 if the batch has none."""
    if weight is None or (weight.dim() == 1 and weight.shape[0] == n_frames):
        return int(weight is not None)
    return components_of(weight, n_frames)


def host(tensor: Tensor) -> Column:
    """A tensor's memory as an array; half precision is widened."""
    tensor = in_memory(tensor.detach())
    if tensor.dtype in (torch.bfloat16, torch.float16):
        tensor = tensor.float()
    array: Column = tensor.numpy()
    return array


def versions_of(tensors: Sequence[Tensor]) -> list[tuple[int, int]]:
    """Version and place of the memory of each tensor; those of inference mode have no version."""
    return [(0 if each.is_inference() else each._version, each.data_ptr()) for each in tensors]


def items(tensor: Tensor) -> Tensor:
    """A tensor whose memory holds float32 or float64 numbers, one behind the other."""
    if tensor.dtype not in (torch.float32, torch.float64):
        tensor = tensor.to(torch.float32 if tensor.is_floating_point() else torch.float64)
    return in_memory(tensor)


def _layout(terms: Sequence[Term], widths: dict[str, int]) -> _Layout:
    counts = [max((widths[name] for name in term.honoured.properties), default=1) or 1 for term in terms]
    firsts = list(accumulate(counts, initial=0))
    present = tuple(name for name, width in widths.items() if width)
    numbers = {name: number for number, name in enumerate(present)}

    def rows(*, needs: bool) -> Column:
        return _filled(
            [
                [
                    (numbers[name], channel if widths[name] > 1 else 0)
                    for name in weight_names(term.honoured, needs=needs)
                    if name in numbers
                ]
                for term, count in zip(terms, counts, strict=True)
                for channel in range(count)
            ]
        )

    def channels(values: Sequence[int]) -> Column:
        return np.repeat(np.array(values, dtype=np.int64), counts)

    columns = kernels()
    table = np.zeros((len(terms), columns.FIELDS), dtype=np.int64)
    table[:, columns.CHANNEL], table[:, columns.CHANNELS] = firsts[:-1], counts
    return _Layout(
        places=tuple(
            Place(term, _difference(term), first, count)
            for term, first, count in zip(terms, firsts, counts, strict=False)
        ),
        table=table,
        multiplying=rows(needs=False),
        deciding=rows(needs=True),
        modified=channels([term.honoured.config for term in terms]).astype(np.bool_),
        powers=channels([power(term) for term in terms]),
    )


def _filled(rows: list[list[tuple[int, int]]]) -> Column:
    """Lists of unequal length as a table, filled up with -1."""
    table = np.full((len(rows), max(map(len, rows), default=0), 2), -1, dtype=np.int64)
    for place, row in enumerate(rows):
        if row:
            table[place, : len(row)] = row
    return table


def _references(place: Place, columns: Columns) -> Tensor | None:
    """Labels of one term, (rows, width), not finite where a label that they need is missing."""
    difference = place.difference
    if difference.target is not None:
        return None
    label = columns.references.value(str(difference.label))
    assert label is not None, "the engine fills in labels that no frame has"
    map_ = difference.map
    if map_ is None or difference.label_is_mapped:
        return items(two_axes(label))
    return items(
        two_axes(columns.memo(f"{difference.label}/{map_.name}", lambda: mapped(label, map_, columns)))
    )


def _starts(levels: Iterable[Level], columns: Columns) -> dict[Level, Tensor]:
    """First row of each frame and the end, for the levels that occur."""
    return {
        level: _counted(columns.n_frames + 1)
        if level is Level.FRAME
        else columns.offsets(level).to(torch.int64).contiguous()
        for level in levels
    }


@lru_cache(maxsize=8)
def _counted(count: int) -> Tensor:
    """0, 1, 2, …; nobody writes into it."""
    with torch.inference_mode(False):
        return torch.arange(count, device="cpu")


def _difference(term: Term) -> Difference:
    assert term.difference is not None, "only differences run on the compiled path"
    return term.difference
