"""Fermi level, V, and how it answers to charge."""

from __future__ import annotations

from mace_scf.loss.batch import Level
from mace_scf.loss.items import TermInputs
from mace_scf.loss.term import Difference, Honoured, Items, Term

_HONOURED = Honoured(properties=("fermi_level",), needs=("fermi_level",))
# Upstream loads the weight and never uses it: a frame without the label is fitted to 0 V.
_UPSTREAM = Honoured(needs=("fermi_level",))


def rising_response(inputs: TermInputs) -> Items:
    """Penalty on a charge that grows with the Fermi level: max(0, dq/dmu), e/V."""
    return Items(inputs.prediction("dq_dmu").clamp(min=0.0)[:, None])


TERMS = (
    Term(
        "fermi_level",
        Level.FRAME,
        difference=Difference("fermi_level", "fermi_level"),
        predictions=("fermi_level",),
        honoured=_HONOURED,
        upstream=_UPSTREAM,
    ),
    Term(
        "fermi_level_per_atom",
        Level.FRAME,
        difference=Difference("fermi_level", "fermi_level", per_atom=True),
        predictions=("fermi_level",),
        honoured=_HONOURED,
        upstream=_UPSTREAM,
    ),
    Term(
        "fermi_level_gradient",
        Level.FRAME,
        function=rising_response,
        predictions=("dq_dmu",),
        honoured=Honoured(),
        upstream=Honoured(config=False),
    ),
)
