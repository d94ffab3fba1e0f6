"""Energy per atom: squared, Huber and absolute errors, eV/atom."""

from __future__ import annotations

from mace_scf.loss.batch import Level
from mace_scf.loss.errorfunction import huber_value
from mace_scf.loss.items import TermInputs
from mace_scf.loss.presence import frame_weight
from mace_scf.loss.term import Difference, Honoured, Items, Term

from .shared import absolute, huber_option

_PER_ATOM = Difference("energy", "energy", per_atom=True)
_HONOURED = Honoured(properties=("energy",), needs=("energy",))


def weighted_huber(inputs: TermInputs) -> Items:
    """Huber of the weighted energies per atom: the weight sits inside, as in the fork that has the term."""
    weight = frame_weight(_HONOURED, inputs.columns, masked=False)
    residual = (inputs.prediction("energy") - inputs.reference("energy")) / inputs.sizes
    return Items(huber_value(weight * residual, inputs.number("huber_delta"))[:, None])


TERMS = (
    Term(
        "energy_per_atom",
        Level.FRAME,
        difference=_PER_ATOM,
        predictions=("energy",),
        honoured=_HONOURED,
        reduced=True,
    ),
    Term(
        "energy_per_atom_huber",
        Level.FRAME,
        difference=_PER_ATOM,
        error=huber_option,
        predictions=("energy",),
        honoured=_HONOURED,
        upstream=Honoured(config=False, needs=("energy",)),
        upstream_function=weighted_huber,
        options={"huber_delta": 0.01},
        is_class=True,
        reduced=True,
    ),
    Term(
        "energy_per_atom_l1",
        Level.FRAME,
        difference=_PER_ATOM,
        error=absolute,
        predictions=("energy",),
        honoured=_HONOURED,
        reduced=True,
    ),
)
