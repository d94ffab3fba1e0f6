"""The charge density in Fourier space, e, long waves weighing more (`rho_fftn`) or as chosen."""

from __future__ import annotations

import torch
from torch import Tensor

from mace_scf.loss.batch import Level
from mace_scf.loss.items import TermInputs
from mace_scf.loss.term import Honoured, Items, Term

_KEYS = ("rho_fftn", "rho_fftn_dft", "k_vectors_normed_squared")
_CAP = 10.0  # weight of k = 0 and of anything longer than 10 Å/2π
_HONOURED = Honoured(properties=("rho_fftn",), needs=("rho_fftn",))
_UPSTREAM = Honoured(config=False)


def long_waves(inputs: TermInputs) -> Items:
    """Squared residual times min(1/|k|, 10); padded k vectors are left out where a mask says so."""
    squares = _squares(inputs)
    weight = torch.where(
        inputs.prediction("k_vectors_normed_squared") > 1.0 / _CAP**2,
        _norm(inputs).clamp(min=1.0 / _CAP).reciprocal(),
        _CAP,
    )
    return _items(inputs, squares * weight[:, :, None])


def long_waves_upstream(inputs: TermInputs) -> Items:
    """The same, padding included; the first column is taken for k = 0 whatever it is."""
    weight = _norm(inputs).clamp(min=1.0 / _CAP).reciprocal()
    first = torch.zeros_like(weight, dtype=torch.bool)
    first[:, :1] = True
    weight = torch.where(first, _CAP, weight)
    values = _squares(inputs) * weight[:, :, None]
    return Items(values.flatten(1))


def windowed(inputs: TermInputs) -> Items:
    """Squared residual times a squared window of |k|; the mean is over the unmasked k vectors."""
    window = _window(inputs, _norm(inputs))
    return _items(inputs, _squares(inputs) * window.square()[:, :, None], count_unmasked=True)


def _window(inputs: TermInputs, norm: Tensor) -> Tensor:
    alpha = inputs.number("alpha")
    match inputs.options["form"]:
        case "gaussian":
            return torch.exp(-alpha * norm.square())
        case "exponential":
            return torch.exp(-alpha * norm)
        case _:
            cap = inputs.number("k_min") ** alpha
            safe = torch.where(norm > 0, norm, torch.ones_like(norm))
            return torch.where(norm > 0, safe.pow(alpha).clamp(max=cap), cap)


def _norm(inputs: TermInputs) -> Tensor:
    squared = inputs.prediction("k_vectors_normed_squared")
    # The root's slope at 0 is infinite, and infinity times 0 is NaN: in a cell that a stress differentiates by.
    return torch.where(squared > 0, squared.where(squared > 0, 1.0).sqrt(), 0.0)


def _squares(inputs: TermInputs) -> Tensor:
    predicted, target = inputs.prediction("rho_fftn"), inputs.prediction("rho_fftn_dft")
    if not inputs.masked:
        return (predicted - target).square()
    # Padding and unlabelled frames may hold anything, so they are masked before the square.
    keep = _unmasked(inputs)[:, :, None] & (target.abs() < torch.inf)
    return torch.where(keep, predicted - target, torch.zeros_like(predicted)).square()


def _unmasked(inputs: TermInputs) -> Tensor:
    mask = inputs.predictions.get("k_vectors_mask")
    if mask is not None:
        return mask.bool()
    return torch.ones_like(inputs.predictions["k_vectors_normed_squared"], dtype=torch.bool)


def _items(inputs: TermInputs, values: Tensor, *, count_unmasked: bool = False) -> Items:
    unmasked = _unmasked(inputs)[:, :, None].expand_as(values)
    target = inputs.predictions["rho_fftn_dft"]
    present = (unmasked & (target.abs() < torch.inf)) if inputs.masked else unmasked
    elements = unmasked.sum() if count_unmasked else None
    values = torch.where(present, values, torch.zeros_like(values))
    return Items(values.flatten(1), present.flatten(1), elements)


TERMS = (
    Term(
        "rho_fftn",
        Level.FRAME,
        function=long_waves,
        upstream_function=long_waves_upstream,
        predictions=_KEYS,
        targets=_KEYS[1:],
        honoured=_HONOURED,
        upstream=_UPSTREAM,
    ),
    Term(
        "fourier_density",
        Level.FRAME,
        function=windowed,
        predictions=(*_KEYS, "k_vectors_mask"),
        targets=(*_KEYS[1:], "k_vectors_mask"),
        honoured=_HONOURED,
        upstream=_UPSTREAM,
        options={"form": "poly", "alpha": 1.0, "k_min": 1.0},
        is_class=True,
    ),
)
