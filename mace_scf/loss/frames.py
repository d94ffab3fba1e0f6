"""References from ASE frames, read through the heads of a config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import attrs
import torch
from torch import Tensor

from .batch import LABELS, Level, References
from .problems import LossInputError

_MAPS = ("info_keys", "arrays_keys")
_VOIGT = ((0, 5, 4), (5, 1, 3), (4, 3, 2))
# Names under which ASE's reader moves a label to a calculator.
_MOVED = ("energy", "free_energy", "forces", "stress", "dipole", "charges")
_PROPERTY_OF = {"molecule": "molID"}

Heads = Mapping[str, tuple[str, str]]
"""Property to where its label lives: ``("info_keys", "REF_energy")``."""


def references_from_frames(
    frames: Sequence[Any],
    heads: Heads,
    *,
    config_type_weights: Mapping[str, float] | None = None,
    dtype: torch.dtype = torch.float64,
    fill: float = torch.nan,
) -> References:
    """References of ASE frames; a label that a frame lacks is NaN with weight 0.

    Weights come from ``config_weight``, ``config_type`` and ``config_<property>_weight`` in a frame's
    info. The dipole's weight has three components.

    Args:
        frames: ``ase.Atoms``.
        heads: property to map and file key; see :func:`heads_of` for the form of a config.
        config_type_weights: factor by config type.
        dtype: of the labels.
        fill: instead of NaN; upstream's loader has 0.

    Raises:
        LossInputError: a label's shape is none that the property may have.
    """
    sizes = [len(frame) for frame in frames]
    type_weights = config_type_weights or {}
    fields: dict[str, Any] = {}
    for quantity, place in _mapped(heads).items():
        readings = [_reading(frame, quantity, place) for frame in frames]
        values = [reading.value for reading in readings]
        fields[quantity] = _joined(quantity, values, sizes, dtype, fill)
        fields[f"{quantity}_weight"] = torch.tensor([reading.weight for reading in readings], dtype=dtype)
    return References(
        ptr=torch.tensor([0, *sizes]).cumsum(0),
        weight=torch.tensor([_frame_weight(frame, type_weights) for frame in frames], dtype=dtype),
        positions=_stack([frame.positions for frame in frames], (0, 3), dtype),
        cell=_stack([frame.cell.array[None] for frame in frames], (0, 3, 3), dtype),
        pbc=torch.tensor([frame.pbc.tolist() for frame in frames], dtype=torch.bool).reshape(-1, 3),
        **fields,
    )


def heads_of(block: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Heads as the engine takes them from a config's ``info_keys`` and ``arrays_keys``.

    >>> heads_of({"info_keys": {"energy": "REF_energy"}, "arrays_keys": {"forces": "REF_forces"}})
    {'energy': ('info_keys', 'REF_energy'), 'forces': ('arrays_keys', 'REF_forces')}

    The name of the head may stand above the two.

    Raises:
        LossInputError: it has another form.
    """
    maps = _maps(block)
    if maps is None:
        return {name: (str(place), str(key)) for name, (place, key) in block.items()}
    return {str(name): (place, str(key)) for place in _MAPS for name, key in (maps.get(place) or {}).items()}


def _maps(block: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The two maps of a head, with or without its name above; None for pairs of map and key.

    Raises:
        LossInputError: it is none of these.
    """
    if any(place in block for place in _MAPS):
        return block
    inner = next(iter(block.values()), None) if len(block) == 1 else None
    if isinstance(inner, Mapping) and any(place in inner for place in _MAPS):
        return inner
    if any(
        not isinstance(pair, list | tuple) or len(pair) != 2 or pair[0] not in _MAPS
        for pair in block.values()
    ):
        expected = "a head with `info_keys` and `arrays_keys`, or property to (map, file key)"
        raise LossInputError("(all)", "heads", expected=expected, found=repr(dict(block))[:80])
    return None


def property_of(quantity: str) -> str:
    """Name of a quantity in the heads of a config."""
    return _PROPERTY_OF.get(quantity, quantity)


def is_frames(value: object) -> bool:
    """Whether a value is a list of ASE frames."""
    if not isinstance(value, list | tuple) or not value:
        return False
    return hasattr(value[0], "get_atomic_numbers") and hasattr(value[0], "info")


@attrs.frozen
class _Reading:
    value: Tensor | None
    weight: float | list[float]


def _mapped(heads: Heads) -> dict[str, tuple[str, str]]:
    found = {quantity: heads.get(property_of(quantity)) for quantity in LABELS}
    return {quantity: place for quantity, place in found.items() if place is not None}


def _reading(frame: Any, quantity: str, place: tuple[str, str]) -> _Reading:
    value = _value(frame, place)
    components = quantity == "dipole"
    if value is None:
        return _Reading(None, [0.0] * 3 if components else 0.0)
    weight = frame.info.get(f"config_{property_of(quantity)}_weight", 1.0)
    tensor = _shaped(quantity, torch.as_tensor(value, dtype=torch.float64), len(frame))
    if not components:
        return _Reading(tensor, float(weight))
    wide = torch.as_tensor(weight, dtype=torch.float64).reshape(-1)
    return _Reading(tensor, wide.expand(3).tolist() if wide.numel() == 1 else wide.tolist())


def _value(frame: Any, place: tuple[str, str]) -> Any:
    where, key = place
    holder = frame.arrays if where == "arrays_keys" else frame.info
    if key in holder:
        return holder[key]
    results = {} if frame.calc is None else frame.calc.results
    return results.get(key) if key in _MOVED else None


def _shaped(quantity: str, value: Tensor, n_atoms: int) -> Tensor:
    """A label in the shape of its quantity, of one frame.

    Raises:
        LossInputError: the number of values fits no form of the quantity.
    """
    layout = LABELS[quantity]
    if layout.trailing == (3, 3) and value.numel() == 6:
        value = value.reshape(-1)[torch.tensor(_VOIGT)]
    rows = n_atoms if layout.level is Level.ATOM else 1
    trailing = [-1 if axis is None else axis for axis in layout.trailing]
    width = prod(axis for axis in trailing if axis > 0)
    open_ended = -1 in trailing and value.shape[:1] == (rows,)
    if value.numel() != rows * width and not open_ended:
        raise LossInputError("(all)", quantity, expected=layout.shown(rows), found=str(tuple(value.shape)))
    return value.reshape(rows, *trailing)


def _joined(
    quantity: str, values: list[Tensor | None], sizes: list[int], dtype: torch.dtype, fill: float
) -> Tensor:
    present = [value for value in values if value is not None]
    trailing = present[0].shape[1:] if present else _default_trailing(quantity)
    atoms = LABELS[quantity].level is Level.ATOM
    whole = quantity == "molecule"
    fill, kind = (0, torch.int64) if whole else (fill, dtype)
    rows = [
        torch.full((size if atoms else 1, *trailing), fill, dtype=kind) if value is None else value.to(kind)
        for value, size in zip(values, sizes, strict=True)
    ]
    return torch.cat(rows) if rows else torch.zeros((0, *trailing), dtype=kind)


def _default_trailing(quantity: str) -> tuple[int, ...]:
    return tuple(axis or 1 for axis in LABELS[quantity].trailing)


def _frame_weight(frame: Any, type_weights: Mapping[str, float]) -> float:
    kind = str(frame.info.get("config_type", "Default"))
    return float(frame.info.get("config_weight", 1.0)) * float(type_weights.get(kind, 1.0))


def _stack(arrays: list[Any], empty: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    return torch.cat(
        [torch.as_tensor(array, dtype=dtype) for array in arrays] or [torch.zeros(empty, dtype=dtype)]
    )
