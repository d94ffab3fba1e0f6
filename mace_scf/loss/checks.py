"""Shapes, dtypes and devices of a batch against what the terms read, before any arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import torch
from torch import Tensor

from .batch import LABELS, Layout, Level, References
from .refusing import refuse, shape_of, shown
from .term import Term

_NOTHING = "nothing"
_BOX = {"cell": (3, 3), "pbc": (3,)}
_UNITS = {"positions": "Å", "cell": "Å", "pbc": "bool"}
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
        refuse(term, key, expected=f"a tensor {layout.shown(leading)}", found=type(value).__name__)
    if not layout.admits(tuple(value.shape), leading):
        refuse(term, key, expected=layout.shown(leading), found=shape_of(value))
    if layout.unit not in ("integer", "bool") and not value.dtype.is_floating_point:
        refuse(term, key, expected="floating-point numbers", found=str(value.dtype))


def check_references(terms: Sequence[Term], references: References, *, n_atoms: int) -> None:
    """Every label that a term reads has the right shape and device, and its weight too.

    Raises:
        LossInputError: names the first term and quantity that do not fit.
    """
    n_frames = references.ptr.shape[0] - 1
    for term in terms:
        if term.honoured.config:
            _check_weight(term, "weight", references.weight, 1, references.ptr)
        for quantity in (*term.labels, *term.honoured.needs, *term.honoured.properties):
            _check_label(term, quantity, references, n_frames, n_atoms)
        for name in term.structure:
            _check_structure(term, name, references, n_atoms)


def check_devices(terms: Sequence[Term], predictions: Mapping[str, Tensor], device: torch.device) -> None:
    """Predictions lie where the references lie.

    Raises:
        LossInputError: a prediction is on another device.
    """
    for term in terms:
        for key in term.predictions:
            found = predictions[key].device
            if found != device:
                refuse(term.name, key, expected=f"on {device}", found=f"on {found}")


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
                shape = shape_of(value)
                refuse(term.name, quantity, expected=f"{wanted} columns or more", found=shape)


def _check_label(term: Term, quantity: str, references: References, n_frames: int, n_atoms: int) -> None:
    value, weight = references.value(quantity), references.weight_of(quantity)
    layout = LABELS.get(quantity)
    if layout is not None and value is not None and quantity in term.labels:
        check_tensor(term.name, quantity, value, layout, n_frames=n_frames, n_atoms=n_atoms)
        _check_device(term, quantity, value, references.ptr)
    if layout is None and quantity in term.labels:
        _check_own(term, quantity, value, (n_frames, n_atoms), references.ptr)
    _check_weight(term, f"{quantity}_weight", weight, _components(quantity), references.ptr)


def _check_own(term: Term, name: str, value: object, leading: tuple[int, int], ptr: Tensor) -> None:
    """A label of a registered term, whose shape nobody declared: it counts frames or atoms."""
    if not isinstance(value, Tensor) or not value.dim() or value.shape[0] not in leading:
        found = shape_of(value) if isinstance(value, Tensor) else type(value).__name__
        found = _NOTHING if value is None else found
        expected = f"a tensor of {leading[0]} frames or {leading[1]} atoms, NaN where there is none"
        refuse(term.name, name, expected=expected, found=found)
    _check_device(term, name, value, ptr)


def check_modifier(value: object, n_frames: int, device: torch.device) -> None:
    """What a model multiplies config weights with: one number, or one for each frame.

    Raises:
        LossInputError: something else.
    """
    if not isinstance(value, Tensor):
        found = type(value).__name__
    elif value.device != device:
        found = f"{shape_of(value)} on {value.device}"
    elif tuple(value.shape) not in ((), (1,), (n_frames,), (n_frames, 1)):
        found = shape_of(value)
    else:
        return
    expected = f"a tensor ({n_frames},) on {device}"
    refuse("(all)", "loss_weight_modifier", expected=expected, found=found)


def _check_structure(term: Term, name: str, references: References, n_atoms: int) -> None:
    value, ptr = getattr(references, name), references.ptr
    if value is None:
        refuse(term.name, name, expected="a tensor in the references", found=_NOTHING)
    _check_numbers(term, name, value, (n_atoms, 3), ptr)
    n_frames = ptr.shape[0] - 1
    for box, trailing in _BOX.items():
        held = getattr(references, box)
        if held is not None and tuple(held.shape[1:]) != trailing:
            held = held.reshape(n_frames, *trailing) if held.numel() == n_frames * prod(trailing) else held
        if held is not None:
            _check_numbers(term, box, held, (n_frames, *trailing), ptr)


def _check_numbers(term: Term, name: str, value: Tensor, shape: tuple[int, ...], ptr: Tensor) -> None:
    if tuple(value.shape) != shape:
        expected = f"{shown(shape)} [{_UNITS[name]}]"
        refuse(term.name, name, expected=expected, found=shape_of(value))
    if name != "pbc" and not value.dtype.is_floating_point:
        refuse(term.name, name, expected="floating-point numbers", found=str(value.dtype))
    _check_device(term, name, value, ptr)


def _check_weight(term: Term, name: str, weight: Tensor | None, components: int, ptr: Tensor) -> None:
    if weight is None:
        return
    n_frames = ptr.shape[0] - 1
    shapes = ((n_frames,), (n_frames, components), (n_frames * components,))
    if not isinstance(weight, Tensor) or _trimmed(weight.shape) not in shapes:
        found = shape_of(weight) if isinstance(weight, Tensor) else type(weight).__name__
        wide = f" or ({n_frames}, {components})" if components > 1 else ""
        refuse(term.name, name, expected=f"({n_frames},){wide}", found=found)
    _check_device(term, name, weight, ptr)


def _trimmed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without axes of length 1 at its end."""
    while len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    return tuple(shape)


def _check_device(term: Term, name: str, value: Tensor, ptr: Tensor) -> None:
    if value.device != ptr.device:
        refuse(term.name, name, expected=f"on {ptr.device}", found=f"on {value.device}")


def _components(quantity: str) -> int:
    """Components that the weight of a quantity may have."""
    layout = LABELS.get(quantity)
    vector = layout is not None and layout.level is Level.FRAME and layout.trailing == (3,)
    return 3 if vector else 1


def _refuse(term: Term, key: str, layout: Layout | None, n_frames: int, n_atoms: int, found: str) -> None:
    leading = n_atoms if layout is not None and layout.level is Level.ATOM else n_frames
    expected = "a tensor" if layout is None else f"a tensor {layout.shown(leading)}"
    refuse(term.name, key, expected=expected, found=found)
