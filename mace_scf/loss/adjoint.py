"""Gradients of many residuals gathered into those of the predictions they were formed from."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NoReturn

import torch
from torch import Tensor

from .columns import Columns
from .term import Difference, LinearMap

Shapes = dict[str, tuple[torch.Size, torch.dtype]]


def shapes_of(keys: Sequence[str], predictions: Sequence[Tensor], wanted: Sequence[bool]) -> Shapes:
    """Shape and dtype of the predictions that need a gradient."""
    triples = zip(keys, predictions, wanted, strict=True)
    return {key: (value.shape, value.dtype) for key, value, needed in triples if needed}


class _Once(torch.autograd.Function):
    """A gradient as it is, tied to what it was formed from."""

    @staticmethod
    def forward(_: Any, gradient: Tensor, *_sources: Tensor) -> Tensor:
        return gradient.view_as(gradient)

    @staticmethod
    def backward(_: Any, *_gradients: Tensor) -> NoReturn:
        how = "LossEngine.evolve(recorded=True) computes one that can"
        raise RuntimeError(f"the gradient of this loss cannot be differentiated once more; {how}")


def refusing(found: Sequence[Tensor | None], sources: Sequence[Tensor]) -> tuple[Tensor | None, ...]:
    """Gradients for a backward pass that is itself recorded: no silent constants, an error where one is differentiated.

    Args:
        found: the gradients.
        sources: what they depend on.
    """
    return tuple(None if each is None else _Once.apply(each, *sources) for each in found)  # type: ignore[no-untyped-call]


class Gradients:
    """Gathers the gradients of chunks into those of predictions; maps hand theirs inwards at the end."""

    def __init__(self, columns: Columns, shapes: Shapes) -> None:
        self._columns = columns
        self._shapes = shapes
        self._direct: dict[str, Tensor] = {}
        self._mapped: dict[str, tuple[str, LinearMap, Tensor]] = {}

    def wants(self, difference: Difference) -> bool:
        """Whether anything that a residual was formed from needs a gradient."""
        return difference.prediction in self._shapes or difference.target in self._shapes

    def add(self, difference: Difference, rows: Tensor) -> None:
        """Take in the gradient of one residual, (rows, width); the tensor may be changed later."""
        if difference.target in self._shapes:
            self._add_direct(str(difference.target), -rows)
        if difference.prediction not in self._shapes:
            return
        if difference.map is not None:
            self._add_mapped(difference.prediction, difference.map, rows)
        else:
            self._add_direct(difference.prediction, rows)

    def finished(self) -> dict[str, Tensor]:
        """Gradient of every prediction, in its shape and dtype."""
        for key, map_, rows in list(self._mapped.values()):
            if map_.inner is not None:
                map_.add_adjoint(self._rows_of(key, map_.inner), rows, self._columns)
        for key, map_, rows in self._mapped.values():
            if map_.inner is None:
                map_.add_adjoint(self._direct_of(key, rows), rows, self._columns)
        return {key: shaped(rows, *self._shapes[key]) for key, rows in self._direct.items()}

    def _add_direct(self, key: str, rows: Tensor) -> None:
        if key in self._direct:
            self._direct[key].add_(rows)
        else:
            self._direct[key] = rows

    def _add_mapped(self, key: str, map_: LinearMap, rows: Tensor) -> None:
        name = f"{key}/{map_.name}"
        if name in self._mapped:
            self._mapped[name][2].add_(rows)
        else:
            self._mapped[name] = (key, map_, rows)

    def _rows_of(self, key: str, map_: LinearMap) -> Tensor:
        name = f"{key}/{map_.name}"
        if name not in self._mapped:
            like = self._columns.sizes
            rows = like.new_zeros(self._columns.leading(map_.level), 3, dtype=self._dtype(key))
            self._mapped[name] = (key, map_, rows)
        return self._mapped[name][2]

    def _direct_of(self, key: str, rows: Tensor) -> Tensor:
        if key not in self._direct:
            shape = self._shapes[key][0]
            self._direct[key] = rows.new_zeros(shape[0], prod(shape[1:]))
        return self._direct[key]

    def _dtype(self, key: str) -> torch.dtype:
        return torch.promote_types(self._shapes[key][1], torch.float32)


def shaped(rows: Tensor, shape: torch.Size, dtype: torch.dtype) -> Tensor:
    """Rows in a shape and dtype, as they are if they have both."""
    rows = rows if rows.shape == shape else rows.reshape(shape)
    return rows if rows.dtype is dtype else rows.to(dtype)
