"""Stability of the self-consistent loop: how much it amplifies, and what its last step still changed."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from mace_scf.loss.batch import Level
from mace_scf.loss.items import TermInputs, two_axes
from mace_scf.loss.term import Honoured, Items, Term


def amplification(inputs: TermInputs) -> Items:
    """Softplus (or ramp) of the gain of a perturbation above an offset, per multipole column.

    The gain is the ratio of the summed squares of the perturbed density to those of the perturbation.
    """
    start = inputs.frame_sums(two_axes(inputs.prediction("perturbing_vector")).square())
    end = inputs.frame_sums(two_axes(inputs.prediction("perturbed_density")).square())
    start = inputs.or_one(start)  # an absent frame has no gain, and 0/0 has no gradient
    some = _with_atoms(inputs)
    if some is not None:
        start = torch.where(some, start, 1.0)
    excess = end / start - inputs.number("offset")
    if not inputs.options["smooth"]:
        return Items(functional.relu(excess), some)
    return Items(functional.softplus(excess, beta=inputs.number("beta"), threshold=20.0), some)


def _with_atoms(inputs: TermInputs) -> Tensor | None:
    """Frames that have atoms, whose gain alone is a number, (G, 1); ``None`` where nothing is masked."""
    return (inputs.columns.atom_counts > 0)[:, None] if inputs.masked else None


def last_step(inputs: TermInputs) -> Items:
    """What the last iteration changed, in absolute value; 0 if there was only one.

    The history comes detached from its models: the term reports and trains nothing.
    """
    history = inputs.prediction("charges_history")
    last = history[..., -1]
    previous = history[..., -2] if history.shape[-1] > 1 else last
    return Items(two_axes((last - previous).abs()))


TERMS = (
    Term(
        "fixedpoint_scf_stability",
        Level.FRAME,
        function=amplification,
        predictions=("perturbing_vector", "perturbed_density"),
        honoured=Honoured(),
        upstream=Honoured(config=False),
        options={"smooth": True, "beta": 10.0, "offset": 1.0},
        is_class=True,
    ),
    Term(
        "final_terms_fixedpoint_scf_stability",
        Level.ATOM,
        function=last_step,
        predictions=("charges_history",),
        honoured=Honoured(),
        upstream=Honoured(config=False),
    ),
)
