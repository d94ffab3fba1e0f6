"""Labels that no frame of a batch has, and how many atoms it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import attrs
import torch
from torch import Tensor

from .batch import LABELS, Level, References
from .bounds import check_frames
from .term import Term

_ATOM_LABELS = tuple(name for name, layout in LABELS.items() if layout.level is Level.ATOM)


def atoms_of(references: References, predictions: Mapping[str, Tensor], terms: Sequence[Term]) -> int:
    """Number of atoms from any per-atom tensor: shapes are known without asking the device."""
    for value in (references.frame_of_atom, references.positions):
        if value is not None:
            return value.shape[0]
    for name in _ATOM_LABELS:
        label = references.value(name)
        if label is not None:
            return label.shape[0]
    for term in terms:
        for key in term.predictions:
            layout, found = term.layout(key), predictions.get(key)
            if layout is not None and layout.level is Level.ATOM and isinstance(found, Tensor):
                return found.shape[0]
    # No tensor counts atoms: frames do, where looking at them waits for nothing.
    ptr = references.ptr
    if torch.compiler.is_compiling() or ptr.device.type != "cpu":
        return 0
    check_frames(ptr, n_atoms := max(int(ptr[-1]), 0))
    return n_atoms


def filled(
    references: References,
    needed: Mapping[str, str],
    n_atoms: int,
    predictions: Mapping[str, Tensor],
    terms: Sequence[Term],
    fill: float,
) -> References:
    """Labels that no frame has, with a number that says so and weight 0."""
    missing = [name for name in needed if references.value(name) is None and name in LABELS]
    if not missing:
        return references
    like = next((value for value in predictions.values() if isinstance(value, Tensor)), None)
    dtype = like.dtype if like is not None and like.is_floating_point() else torch.get_default_dtype()
    made: dict[str, Any] = {
        name: _absent(name, references, n_atoms, predictions, terms, fill).to(dtype)
        for name in missing
        if name != "molecule" or references.molecules is None
    }
    nothing = references.ptr.new_zeros(references.ptr.shape[0] - 1, dtype=dtype)
    if "molecule" in made:
        made["molecule"] = torch.zeros(n_atoms, dtype=torch.int64, device=references.ptr.device)
        made["molecule_weight"] = nothing
    made |= {f"{name}_weight": nothing for name in missing if references.weight_of(name) is None}
    return attrs.evolve(references, **made)


def _absent(
    name: str,
    references: References,
    n_atoms: int,
    predictions: Mapping[str, Tensor],
    terms: Sequence[Term],
    fill: float,
) -> Tensor:
    layout = LABELS[name]
    rows = n_atoms if layout.level is Level.ATOM else references.ptr.shape[0] - 1
    width = max((_label_width(term, name, predictions) for term in terms), default=1)
    shape = (rows, *(width if axis is None else axis for axis in layout.trailing))
    return torch.full(shape, fill, device=references.ptr.device)


def _label_width(term: Term, name: str, predictions: Mapping[str, Tensor]) -> int:
    difference = term.difference
    if difference is None or difference.label != name or difference.prediction not in predictions:
        return 1
    value = predictions[difference.prediction]
    return width_of(value) if isinstance(value, Tensor) else 1


def width_of(value: Tensor) -> int:
    """Components of a row."""
    return prod(value.shape[1:])
