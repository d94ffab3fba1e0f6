"""Polarizability, e·Å²/V: divided by the number of atoms although the name does not say so."""

from __future__ import annotations

from mace_scf.loss.batch import Level
from mace_scf.loss.term import Difference, Honoured, Term

TERMS = (
    Term(
        "polarizability",
        Level.FRAME,
        difference=Difference("polarizability", "polarizability", per_atom=True),
        predictions=("polarizability",),
        honoured=Honoured(properties=("polarizability",), needs=("polarizability",)),
    ),
)
