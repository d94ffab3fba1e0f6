"""How many elements of each term a batch holds, from its labels alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from .batch import LABELS, Level
from .columns import Columns
from .items import TermInputs
from .plain import TermSums, term_sums
from .problems import LossInputError
from .settings import TermSetting
from .term import Term


def label_counts(
    settings: Sequence[TermSetting],
    columns: Columns,
    *,
    kind: str,
    masked: bool,
    widths: Mapping[str, int] | None = None,
) -> Tensor:
    """Elements (``batch``) or labelled elements (``labelled``) of each term and frame, (T, G).

    Args:
        settings: the terms.
        columns: the batch.
        kind: of the reduction.
        masked: absent labels are kept out.
        widths: components of predictions that no label tells: ``{"esps": 1}`` is known, multipole
            columns of ``perturbing_vector`` are not.

    Raises:
        LossInputError: a width is not known.
    """
    rows = [_counts(setting, columns, kind, masked, widths or {}) for setting in settings]
    return torch.stack(rows) if rows else columns.sizes.new_zeros(0, columns.n_frames)


def _counts(
    setting: TermSetting, columns: Columns, kind: str, masked: bool, widths: Mapping[str, int]
) -> Tensor:
    term = setting.term
    predictions = {key: _zeros(term, key, columns, widths) for key in term.predictions}
    inputs = TermInputs(
        term, dict(setting.options), columns, predictions, masked, setting.error, setting.scalars
    )
    with torch.no_grad():
        sums = term_sums(inputs)
    return sums.counts if kind == "labelled" else _elements(term, columns, sums)


def _elements(term: Term, columns: Columns, sums: TermSums) -> Tensor:
    if term.level is Level.FRAME or term.divides_by == "frames":
        return torch.full_like(columns.sizes, sums.width)
    offsets = columns.offsets(term.level)
    return (offsets[1:] - offsets[:-1]).to(columns.sizes.dtype) * sums.width


def _zeros(term: Term, key: str, columns: Columns, widths: Mapping[str, int]) -> Tensor:
    """Predictions that stand in for real ones: only their shape matters."""
    layout = term.layout(key)
    if layout is None:
        raise LossInputError(term.name, key, expected="a declared layout", found="none")
    trailing = [axis if axis is not None else _width(term, key, columns, widths) for axis in layout.trailing]
    shape = (columns.leading(layout.level), *trailing)
    return torch.zeros(shape, dtype=columns.sizes.dtype, device=columns.ptr.device)


def _width(term: Term, key: str, columns: Columns, widths: Mapping[str, int]) -> int:
    if key in widths:
        return widths[key]
    difference = term.difference
    if difference is not None and difference.label is not None and difference.prediction == key:
        value = columns.references.value(difference.label)
        if value is not None and LABELS[difference.label].trailing == (None,):
            return value.shape[1] if value.dim() > 1 else 1
        if difference.label_is_mapped:
            return 1
    raise LossInputError(term.name, key, expected="a width: counts(..., widths={...})", found="none known")
