"""Doors for what others call a batch: mappings, collated graph batches, ASE frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any, NoReturn

import torch
from torch import Tensor

from .batch import BATCH_NAMES, LABELS, Predictions, References
from .refusing import refuse, shape_of

_STRUCTURE = ("weight", "positions", "cell", "pbc", "energy_baseline", "molecules")
_WEIGHTS = {quantity: f"{quantity}_weight" for quantity in LABELS}
_OWN = tuple(quantity for quantity in LABELS if quantity not in BATCH_NAMES)
_PLAIN = (*_STRUCTURE, *_OWN, *(_WEIGHTS[quantity] for quantity in _OWN))
"""What goes by one name only."""
_MATRIX = ("cell", "stress", "polarizability")
_COLUMNS = {"energy": (), "fermi_level": (), "total_charge": (), "dipole": (3,)}


def references_from(
    batch: object, *, extra: Iterable[str] = (), needed: Mapping[str, str] | None = None
) -> References:
    """References of a batch given as typed value, mapping, or object with attributes or items.

    Quantities may carry their own names or those of a collated batch. Component weights may arrive
    flat, and 3×3 labels as (G, 9) or (3G, 3).

    Args:
        batch: the batch.
        extra: labels of registered terms to look for.
        needed: quantity to the term that reads it; such a name must be in the batch, if only as ``None``.

    Raises:
        LossInputError: a needed quantity is not in the batch, or frames cannot be told apart.
    """
    if isinstance(batch, References):
        return batch
    if isinstance(batch, _KEYLESS):
        expected = "References, a mapping by name, a collated batch or a list of ASE frames"
        _refuse_nameless("reference", expected, batch)
    get, needed = _getter(batch), needed or {}
    _require(get, needed)
    ptr, frame_of_atom = _frames(get)
    n_frames = ptr.shape[0] - 1
    fields: dict[str, Any] = {name: get(name) for name in _PLAIN}
    for quantity in BATCH_NAMES:
        weight = _WEIGHTS[quantity]
        fields[quantity], fields[weight] = _labelled(get, quantity, weight, needed.get(quantity))
    for quantity in _MATRIX:
        fields[quantity] = _square(fields[quantity], n_frames)
    fields["pbc"] = _axes(fields["pbc"], n_frames)
    for quantity, trailing in _COLUMNS.items():
        fields[quantity] = _column(fields[quantity], (n_frames, *trailing))
    if isinstance(fields["molecule"], Tensor):
        fields["molecule"] = fields["molecule"].reshape(-1)
    found = {name: get(name) for name in extra if name not in LABELS}
    weights = {name: get(f"{name}_weight") for name in found}
    return References(
        ptr=ptr,
        frame_of_atom=frame_of_atom,
        extra={name: value for name, value in found.items() if value is not None},
        extra_weights={name: value for name, value in weights.items() if value is not None},
        **fields,
    )


def predictions_from(output: object) -> dict[str, Tensor]:
    """Predictions by key from a typed value, a mapping, a named tuple or an object with attributes.

    Raises:
        LossInputError: it is none of these.
    """
    if isinstance(output, Predictions):
        return output.as_mapping()
    if isinstance(output, Mapping):
        return dict(output)
    if isinstance(output, tuple) and hasattr(output, "_asdict"):
        return dict(output._asdict())
    if isinstance(output, _KEYLESS) or not hasattr(output, "__dict__"):
        _refuse_nameless("prediction", "Predictions, a mapping by key or an object with attributes", output)
    return dict(vars(output))


def is_batch(value: object) -> bool:
    """Whether a value looks like references rather than a model's output."""
    if isinstance(value, References):
        return True
    if isinstance(value, (Predictions, *_KEYLESS)):
        return False
    get = _getter(value)
    return get("ptr") is not None or get("batch") is not None


def _require(get: Any, needed: Mapping[str, str]) -> None:
    for quantity, term in needed.items():
        other = BATCH_NAMES.get(quantity, (quantity,))[0]
        if get(other, _ABSENT) is _ABSENT and (other == quantity or get(quantity, _ABSENT) is _ABSENT):
            refuse(
                term,
                other,
                expected="in the references (as None if no frame of the batch has it)",
                found="no such key",
            )


_ABSENT = object()
_KEYLESS = (type(None), Tensor, str, bytes, int, float, list, tuple)
"""What has no names to find anything by."""


def _refuse_nameless(what: str, expected: str, found: object) -> NoReturn:
    empty = " of nothing" if isinstance(found, list | tuple) and not found else ""
    refuse("(all)", what, expected=expected, found=f"{type(found).__name__}{empty}")


def _getter(batch: object) -> Any:
    if isinstance(batch, Mapping):
        return batch.get

    def get(name: str, default: object = None) -> Any:
        found = getattr(batch, name, _ABSENT)
        if found is not _ABSENT and not callable(found):
            return found
        try:
            return batch[name]  # type: ignore[index]  # batches of graphs answer to items too
        except (KeyError, TypeError, AttributeError):
            return default

    return get


def _labelled(get: Any, quantity: str, own_weight: str, term: str | None) -> tuple[Any, Any]:
    """Value and weight of a quantity that goes by two names.

    Where a batch has values under both, the name with a weight of its own is meant: mace-torch puts zeros
    under `density_coefficients` into every batch, and no weight.

    Raises:
        LossInputError: both have a weight, they differ, and a term reads them.
    """
    other, other_weight = BATCH_NAMES[quantity]
    value, weight, second, second_weight = get(quantity), get(own_weight), get(other), get(other_weight)
    if value is None or second is None:
        # One value: its weight may have either name.
        return (second if value is None else value), (second_weight if weight is None else weight)
    if weight is None:
        return (value, None) if second_weight is None else (second, second_weight)
    one = second_weight is None or (value is second and weight is second_weight)
    if term and not one:
        found = f"two, `{quantity}` and `{other}`, each with a weight"
        refuse(term, quantity, expected="under one name", found=found)
    return value, weight


def _frames(get: Any) -> tuple[Tensor, Tensor | None]:
    """First atom of each frame, from ``ptr``, ``n_atoms`` or the frame of each atom."""
    ptr, batch = get("ptr"), get("batch")
    batch = get("frame_of_atom") if batch is None else batch
    if ptr is not None:
        return ptr, batch
    sizes = get("n_atoms")
    if isinstance(sizes, Tensor) and sizes.dim() == 1:
        return torch.cat([sizes.new_zeros(1), sizes.cumsum(0)]), batch
    n_frames = _count_frames(get)
    if batch is None or n_frames is None:
        refuse("(all)", "ptr", expected="(G+1,) first atom of each frame", found="nothing")
    # Atoms are sorted by frame, so the first atom of frame g is where g would be inserted.
    return torch.searchsorted(batch, torch.arange(n_frames + 1, device=batch.device)), batch


def _count_frames(get: Any) -> int | None:
    for name in ("weight", "energy", "energy_weight", "forces_weight", "total_charge", "fermi_level"):
        value = get(name)
        if isinstance(value, Tensor) and value.dim() >= 1:
            return value.shape[0]
    return None


def _square(value: Any, n_frames: int) -> Any:
    """(G, 3, 3) from any layout with nine numbers a frame; anything else stays to be refused."""
    if value is None or not isinstance(value, Tensor) or value.numel() != 9 * n_frames:
        return value
    return value.reshape(n_frames, 3, 3)


def _axes(value: Any, n_frames: int) -> Any:
    """(G, 3) from any layout with three flags a frame."""
    if value is None:
        return None
    if not isinstance(value, Tensor) or value.numel() != 3 * n_frames:
        found = shape_of(value) if isinstance(value, Tensor) else type(value).__name__
        refuse("(all)", "pbc", expected=f"({n_frames}, 3) [bool]", found=found)
    return value.reshape(n_frames, 3)


def _column(value: Any, shape: tuple[int, ...]) -> Any:
    """(G,) from (G, 1), (G, 3) from a flat 3G column; anything else stays to be refused."""
    if not isinstance(value, Tensor) or value.shape == shape or value.numel() != prod(shape):
        return value
    return value.reshape(shape)
