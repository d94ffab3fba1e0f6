"""Doors for what others call a batch: mappings, collated graph batches, ASE frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from .batch import BATCH_NAMES, LABELS, Predictions, References
from .problems import LossInputError

_STRUCTURE = ("weight", "positions", "cell", "pbc", "energy_baseline", "molecules")
_MATRIX = ("stress", "polarizability")


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
    get, needed = _getter(batch), needed or {}
    _require(get, needed)
    ptr, frame_of_atom = _frames(get)
    n_frames = ptr.shape[0] - 1
    fields: dict[str, Any] = {name: get(name) for name in _STRUCTURE}
    fields["cell"] = _square(fields["cell"], n_frames)
    fields["pbc"] = _axes(fields["pbc"], n_frames)
    for quantity in LABELS:
        pair = (
            _labelled(get, quantity, needed.get(quantity))
            if quantity in BATCH_NAMES
            else (get(quantity), get(f"{quantity}_weight"))
        )
        fields[quantity], fields[f"{quantity}_weight"] = pair
    for quantity in _MATRIX:
        fields[quantity] = _square(fields[quantity], n_frames)
    for quantity in _COLUMNS:
        fields[quantity] = _column(quantity, fields[quantity], n_frames)
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
    """Predictions by key from a typed value, a mapping or an object with attributes."""
    if isinstance(output, Predictions):
        return output.as_mapping()
    if isinstance(output, Mapping):
        return dict(output)
    return dict(vars(output))


def is_batch(value: object) -> bool:
    """Whether a value looks like references rather than a model's output."""
    if isinstance(value, References):
        return True
    if isinstance(value, Predictions):
        return False
    get = _getter(value)
    return get("ptr") is not None or get("batch") is not None


def _require(get: Any, needed: Mapping[str, str]) -> None:
    for quantity, term in needed.items():
        names = _names(quantity, 0)
        if all(get(name, _ABSENT) is _ABSENT for name in names):
            raise LossInputError(
                term,
                names[0],
                expected="in the references (as None if no frame of the batch has it)",
                found="no such key",
            )


_ABSENT = object()


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


def _names(quantity: str, place: int) -> tuple[str, ...]:
    own = quantity if place == 0 else f"{quantity}_weight"
    if quantity not in BATCH_NAMES:
        return (own,)
    return (BATCH_NAMES[quantity][place], own)


def _labelled(get: Any, quantity: str, term: str | None) -> tuple[Any, Any]:
    """Value and weight of a quantity that goes by two names.

    Where a batch has values under both, the name with a weight of its own is meant: mace-torch puts zeros
    under `density_coefficients` into every batch, and no weight.

    Raises:
        LossInputError: both have a weight, they differ, and a term reads them.
    """
    other, other_weight = BATCH_NAMES[quantity]
    pairs = [(get(quantity), get(f"{quantity}_weight")), (get(other), get(other_weight))]
    (value, weight), (second, second_weight) = pairs
    if value is None or second is None:
        # One value: its weight may have either name.
        return (second if value is None else value), (second_weight if weight is None else weight)
    if weight is None:
        return (value, None) if second_weight is None else (second, second_weight)
    if second_weight is None or (value is second and weight is second_weight) or not term:
        return value, weight
    found = f"two, `{quantity}` and `{other}`, each with a weight"
    raise LossInputError(term, quantity, expected="under one name", found=found)


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
        raise LossInputError("(all)", "ptr", expected="(G+1,) first atom of each frame", found="nothing")
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
    if isinstance(value, Tensor) and value.numel() == 9 * n_frames:
        return value.reshape(n_frames, 3, 3)
    return value


def _axes(value: Any, n_frames: int) -> Any:
    """(G, 3) from any layout with three flags a frame."""
    if value is None:
        return None
    if not isinstance(value, Tensor) or value.numel() != 3 * n_frames:
        found = str(tuple(value.shape)) if isinstance(value, Tensor) else type(value).__name__
        raise LossInputError("(all)", "pbc", expected=f"({n_frames}, 3) [bool]", found=found)
    return value.reshape(n_frames, 3)


def _column(quantity: str, value: Any, n_frames: int) -> Any:
    """(G,) from (G, 1), (G, 3) from a flat 3G column; anything else stays to be refused."""
    if not isinstance(value, Tensor):
        return value
    trailing = LABELS[quantity].trailing
    if value.numel() == n_frames * (trailing[0] or 1 if trailing else 1):
        return value.reshape(n_frames, *(axis or 1 for axis in trailing))
    return value.reshape(-1) if quantity == "molecule" else value


_COLUMNS: Sequence[str] = ("energy", "fermi_level", "total_charge", "dipole", "molecule")
