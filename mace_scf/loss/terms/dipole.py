"""Dipole of the frame, e·Å, with one weight for each Cartesian component."""

from __future__ import annotations

from mace_scf.loss.batch import Level
from mace_scf.loss.term import Difference, Honoured, Term

_HONOURED = Honoured(properties=("dipole",), needs=("dipole",))

TERMS = (
    Term(
        "dipole",
        Level.FRAME,
        difference=Difference("dipole", "dipole"),
        predictions=("dipole",),
        honoured=_HONOURED,
    ),
    Term(
        "dipole_per_atom",
        Level.FRAME,
        difference=Difference("dipole", "dipole", per_atom=True),
        predictions=("dipole",),
        honoured=_HONOURED,
    ),
)
