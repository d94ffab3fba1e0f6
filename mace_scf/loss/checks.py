"""Shapes, dtypes and devices of a batch against what the terms read, before any arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from .batch import LABELS, Layout, Level, References
from .molecules import MoleculeIndex
from .problems import LossInputError
from .term import Term

_NOTHING = "nothing"
_COLUMNS = {"atomic_multipoles": "density_coefficients"}
"""Labels whose number of columns the model decides, with the prediction that shows it."""


def check_predictions(
    terms: Sequence[Term], predictions: Mapping[str, Tensor | None], *, n_frames: int, n_atoms: int
) -> None:
    """Every key that a term reads is there, of the right shape, floating-point.

    Raises:
        LossInputError: names the first term and key that do not fit.
    """
    for term in terms:
        for key in term.predictions:
            value = predictions.get(key)
            layout = term.layout(key)
            if value is None:
                _refuse(term, key, layout, n_frames, n_atoms, _absence(key in predictions))
            if layout is not None:
                check_tensor(term.name, key, value, layout, n_frames=n_frames, n_atoms=n_atoms)


def _absence(given: bool) -> str:
    return "None in the predictions" if given else "no such key in the predictions"


def check_tensor(term: str, key: str, value: object, layout: Layout, *, n_frames: int, n_atoms: int) -> None:
    """One tensor against its layout.

    Raises:
        LossInputError: wrong type, shape or dtype.
    """
    leading = n_atoms if layout.level is Level.ATOM else n_frames
    if not isinstance(value, Tensor):
        raise LossInputError(
            term, key, expected=f"a tensor {layout.shown(leading)}", found=type(value).__name__
        )
    if not layout.admits(tuple(value.shape), leading):
        raise LossInputError(term, key, expected=layout.shown(leading), found=str(tuple(value.shape)))
    if layout.unit not in ("integer", "bool") and not value.dtype.is_floating_point:
        raise LossInputError(term, key, expected="floating-point numbers", found=str(value.dtype))


def check_references(terms: Sequence[Term], references: References, *, n_atoms: int) -> None:
    """Every label that a term reads has the right shape and device, and its weight too.

    Raises:
        LossInputError: names the first term and quantity that do not fit.
    """
    n_frames = references.ptr.shape[0] - 1
    for term in terms:
        if term.honoured.config:
            _check_weight(term, "weight", references.weight, (n_frames,), references.ptr)
        for quantity in (*term.labels, *term.honoured.needs, *term.honoured.properties):
            _check_label(term, quantity, references, n_frames, n_atoms)
        for name in term.structure:
            _check_structure(term, name, getattr(references, name), references.ptr, n_atoms)


def check_frames(ptr: Tensor, n_atoms: int) -> None:
    """Frames follow each other and end with the last atom, where a CPU can look; sums over frames rely on it.

    Raises:
        LossInputError: they do not.
    """
    bounds = ptr.numpy()
    if not len(bounds) or bounds[0] or bounds[-1] != n_atoms or (bounds[1:] < bounds[:-1]).any():
        found = f"{tuple(ptr.shape)} from {bounds[0]} to {bounds[-1]}" if len(bounds) else "no bounds"
        expected = f"(G+1,) from 0 to {n_atoms} atoms, never falling"
        raise LossInputError("(all)", "ptr", expected=expected, found=found)


def check_molecules(index: MoleculeIndex, n_atoms: int) -> None:
    """A loader's molecule index belongs to a batch of that many atoms; compiled kernels rely on it.

    Raises:
        LossInputError: it does not.
    """
    bounds = ((index.offsets.numpy(), n_atoms), (index.ptr.numpy(), index.count))
    if any(starts[0] or starts[-1] != end or (starts[1:] < starts[:-1]).any() for starts, end in bounds):
        expected, found = f"an index of {n_atoms} atoms", f"one of {index.of_atom.shape[0]}"
        raise LossInputError("(all)", "molecules", expected=expected, found=found)


def check_devices(terms: Sequence[Term], predictions: Mapping[str, Tensor], device: torch.device) -> None:
    """Predictions lie where the references lie.

    Raises:
        LossInputError: a prediction is on another device.
    """
    for term in terms:
        for key in term.predictions:
            found = predictions[key].device
            if found != device:
                raise LossInputError(term.name, key, expected=f"on {device}", found=f"on {found}")


def check_columns(terms: Sequence[Term], predictions: Mapping[str, Tensor], references: References) -> None:
    """Labels of a column count have at least the columns that are predicted; surplus ones are cut later.

    Raises:
        LossInputError: fewer reference columns than predicted ones, which would be compared by broadcasting.
    """
    for term in terms:
        for quantity, key in _COLUMNS.items():
            value = (
                references.value(quantity) if quantity in term.labels and key in term.predictions else None
            )
            if value is None or value.dim() < 2:
                continue
            wanted, found = predictions[key].shape[-1], value.shape[-1]
            if found < wanted:
                shape = str(tuple(value.shape))
                raise LossInputError(term.name, quantity, expected=f"{wanted} columns or more", found=shape)


def _check_label(term: Term, quantity: str, references: References, n_frames: int, n_atoms: int) -> None:
    value, weight = references.value(quantity), references.weight_of(quantity)
    layout = LABELS.get(quantity)
    if layout is not None and value is not None and quantity in term.labels:
        check_tensor(term.name, quantity, value, layout, n_frames=n_frames, n_atoms=n_atoms)
        _check_device(term, quantity, value, references.ptr)
    _check_weight(term, f"{quantity}_weight", weight, _weight_sizes(quantity, n_frames), references.ptr)


def _check_structure(term: Term, name: str, value: Tensor | None, ptr: Tensor, n_atoms: int) -> None:
    if value is None:
        raise LossInputError(term.name, name, expected="a tensor in the references", found=_NOTHING)
    if name == "positions" and tuple(value.shape) != (n_atoms, 3):
        raise LossInputError(term.name, name, expected=f"({n_atoms}, 3) [Å]", found=str(tuple(value.shape)))
    _check_device(term, name, value, ptr)


def _check_weight(term: Term, name: str, weight: Tensor | None, sizes: tuple[int, ...], ptr: Tensor) -> None:
    if weight is None:
        return
    if weight.dim() == 0 or weight.numel() not in sizes:
        n_frames = ptr.shape[0] - 1
        expected = f"({n_frames},) or ({n_frames}, components)"
        raise LossInputError(term.name, name, expected=expected, found=str(tuple(weight.shape)))
    _check_device(term, name, weight, ptr)


def _check_device(term: Term, name: str, value: Tensor, ptr: Tensor) -> None:
    if value.device != ptr.device:
        raise LossInputError(term.name, name, expected=f"on {ptr.device}", found=f"on {value.device}")


def _weight_sizes(quantity: str, n_frames: int) -> tuple[int, ...]:
    layout = LABELS.get(quantity)
    if layout is None or layout.level is not Level.FRAME or layout.trailing != (3,):
        return (n_frames,)
    return (n_frames, 3 * n_frames)


def _refuse(term: Term, key: str, layout: Layout | None, n_frames: int, n_atoms: int, found: str) -> None:
    leading = n_atoms if layout is not None and layout.level is Level.ATOM else n_frames
    expected = "a tensor" if layout is None else f"a tensor {layout.shown(leading)}"
    raise LossInputError(term.name, key, expected=expected, found=found)
