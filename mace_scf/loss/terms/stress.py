"""Stress: squared, Huber and absolute errors over all nine components, eV/Å³."""

from __future__ import annotations

from mace_scf.loss.batch import Level
from mace_scf.loss.errorfunction import huber_value
from mace_scf.loss.items import TermInputs, two_axes
from mace_scf.loss.presence import frame_weight
from mace_scf.loss.term import Difference, Honoured, Items, Term

from .shared import absolute, huber_option

_DIFFERENCE = Difference("stress", "stress")
_HONOURED = Honoured(properties=("stress",), needs=("stress",))


def weighted_huber(inputs: TermInputs) -> Items:
    """Huber of the weighted stresses: the weight sits inside, as in the fork that has the term."""
    weight = frame_weight(_HONOURED, inputs.columns, masked=False)[:, None]
    residual = two_axes(inputs.prediction("stress")) - two_axes(inputs.reference("stress"))
    return Items(huber_value(weight * residual, inputs.number("huber_delta")))


TERMS = (
    Term(
        "stress",
        Level.FRAME,
        difference=_DIFFERENCE,
        predictions=("stress",),
        honoured=_HONOURED,
        reduced=True,
    ),
    Term(
        "stress_huber",
        Level.FRAME,
        difference=_DIFFERENCE,
        error=huber_option,
        predictions=("stress",),
        honoured=_HONOURED,
        upstream=Honoured(config=False, needs=("stress",)),
        upstream_function=weighted_huber,
        options={"huber_delta": 0.01},
        is_class=True,
        reduced=True,
    ),
    Term(
        "stress_l1",
        Level.FRAME,
        difference=_DIFFERENCE,
        error=absolute,
        predictions=("stress",),
        honoured=_HONOURED,
        reduced=True,
    ),
)
