"""Which labels count and with what weight: decided once, for every term alike."""

from __future__ import annotations

import torch
from torch import Tensor

from .columns import Columns
from .term import Honoured

_ALWAYS_FINITE = (torch.int64, torch.int32, torch.bool)


def finite_label(values: Tensor) -> Tensor:
    """Which elements are neither NaN nor infinite."""
    if values.dtype in _ALWAYS_FINITE:
        return torch.ones_like(values, dtype=torch.bool)
    return (values < torch.inf).logical_and_(values > -torch.inf)


def frame_present(honoured: Honoured, columns: Columns) -> Tensor | None:
    """Frames that count for a term: every honoured weight and every needed label's is positive.

    Returns:
        (G,) or, if a weight has components, (G, width); ``None`` if no weight was given.
    """
    weights = [weight for weight in _all_weights(honoured, columns) if weight is not None]
    present = [(weight > 0) & (weight < torch.inf) for weight in weights]
    return _product(present)


def frame_weight(
    honoured: Honoured, columns: Columns, *, masked: bool = True, modifier: Tensor | None = None
) -> Tensor:
    """Product of the honoured weights of each frame, 0 where the frame does not count.

    Args:
        honoured: which weights multiply.
        columns: the batch.
        masked: 0 for frames that do not count; otherwise weights multiply as they are.
        modifier: ``loss_weight_modifier`` of the model, (G,); multiplies the config weight.

    Returns:
        (G,) or, if a weight has components, (G, width).
    """
    weights = _multiplying(honoured, columns)
    if modifier is not None and honoured.config:
        weights.append(modifier.reshape(-1))
    real = columns.sizes.dtype
    total = _product([weight.to(real) for weight in weights])
    total = columns.sizes.new_ones(columns.n_frames) if total is None else total
    present = frame_present(honoured, columns) if masked else None
    if present is None:
        return total
    wide = total if total.dim() >= present.dim() else total[:, None]
    present = present if present.dim() == wide.dim() else present[:, None]
    return torch.where(present, wide, torch.zeros_like(wide))


def _multiplying(honoured: Honoured, columns: Columns) -> list[Tensor]:
    references = columns.references
    weights = [references.weight] if honoured.config else []
    weights += [references.weight_of(name) for name in honoured.properties]
    return [_shaped(weight, columns) for weight in weights if weight is not None]


def _all_weights(honoured: Honoured, columns: Columns) -> list[Tensor]:
    weights = _multiplying(honoured, columns)
    others = [name for name in honoured.needs if name not in honoured.properties]
    needed = [columns.references.weight_of(name) for name in others]
    return weights + [_shaped(weight, columns) for weight in needed if weight is not None]


def _shaped(weight: Tensor, columns: Columns) -> Tensor:
    """(G,) or (G, width): a flat 3G column of component weights is folded."""
    if weight.shape[:1] == (columns.n_frames,) and weight.dim() <= 2:
        return weight
    return weight.reshape(columns.n_frames, max(weight.numel() // max(columns.n_frames, 1), 1))


def _product(columns: list[Tensor]) -> Tensor | None:
    if not columns:
        return None
    total = columns[0]
    for column in columns[1:]:
        if total.dim() != column.dim():
            total = total if total.dim() == 2 else total[:, None]
            column = column if column.dim() == 2 else column[:, None]
        total = total * column
    return total.squeeze(1) if total.dim() == 2 and total.shape[1] == 1 else total
