"""Forces: squared, conditional Huber and Euclidean-norm errors, eV/Å."""

from __future__ import annotations

import torch
from torch import Tensor

from mace_scf.loss.batch import Level
from mace_scf.loss.errorfunction import huber_value
from mace_scf.loss.items import TermInputs, residual_rows
from mace_scf.loss.presence import frame_weight
from mace_scf.loss.term import Difference, Honoured, Items, Term

_DIFFERENCE = Difference("forces", "forces")
_HONOURED = Honoured(properties=("forces",), needs=("forces",))


def conditional_factor(reference: Tensor) -> Tensor:
    """Factor of the Huber width by the norm of the reference force (eV/Å), for each atom, (n_atoms, 1)."""
    norm = torch.linalg.vector_norm(reference, dim=1, keepdim=True)
    # Numbers stand in the body, not in a table: compilers take them for what they are.
    factor = torch.where(norm < 300.0, 0.4, torch.full_like(norm, 0.1))
    factor = torch.where(norm < 200.0, 0.7, factor)
    return torch.where(norm < 100.0, 1.0, factor)


def conditional_huber(inputs: TermInputs) -> Items:
    """Huber of the residual with a width set by the unweighted reference force."""
    residual, present = residual_rows(inputs, _DIFFERENCE)
    width = conditional_factor(inputs.reference("forces")) * inputs.scalars["huber_delta"]
    return Items(huber_value(residual, width.to(residual.dtype)), present)


def weighted_conditional_huber(inputs: TermInputs) -> Items:
    """The same with weights inside residual and bins, as in the fork that has the term."""
    per_frame = frame_weight(_HONOURED, inputs.columns, masked=False)
    weight = inputs.columns.rows(Level.ATOM, per_frame)[:, None]
    reference = weight * inputs.reference("forces")
    width = conditional_factor(reference) * inputs.scalars["huber_delta"]
    return Items(huber_value(weight * inputs.prediction("forces") - reference, width))


def euclidean(inputs: TermInputs) -> Items:
    """Length of the residual vector of each atom that has all three components."""
    residual, present = residual_rows(inputs, _DIFFERENCE)
    complete = None if present is None else present.all(dim=1, keepdim=True)
    if complete is not None:
        residual = torch.where(complete, residual, torch.zeros_like(residual))
    return Items(torch.linalg.vector_norm(residual, dim=1, keepdim=True), complete)


TERMS = (
    Term(
        "forces",
        Level.ATOM,
        difference=_DIFFERENCE,
        predictions=("forces",),
        honoured=_HONOURED,
        reduced=True,
    ),
    Term(
        "forces_huber",
        Level.ATOM,
        function=conditional_huber,
        compared=_DIFFERENCE,
        predictions=("forces",),
        honoured=_HONOURED,
        upstream=Honoured(config=False, needs=("forces",)),
        upstream_function=weighted_conditional_huber,
        options={"huber_delta": 0.01},
        is_class=True,
        reduced=True,
    ),
    Term(
        "forces_l2norm",
        Level.ATOM,
        function=euclidean,
        compared=_DIFFERENCE,
        predictions=("forces",),
        honoured=_HONOURED,
        reduced=True,
    ),
)
