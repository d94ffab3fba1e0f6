"""Atomic multipoles: charges (e) and dipoles (e·Å) with equal weight; surplus label columns are cut."""

from __future__ import annotations

from mace_scf.loss.batch import Level
from mace_scf.loss.term import Difference, Honoured, Term

from .shared import huber_option

_DIFFERENCE = Difference("density_coefficients", "atomic_multipoles")
_HONOURED = Honoured(properties=("atomic_multipoles",), needs=("atomic_multipoles",))

TERMS = (
    Term(
        "atomic_multipoles",
        Level.ATOM,
        difference=_DIFFERENCE,
        predictions=("density_coefficients",),
        honoured=_HONOURED,
    ),
    Term(
        "atomic_multipoles_huber",
        Level.ATOM,
        difference=_DIFFERENCE,
        error=huber_option,
        predictions=("density_coefficients",),
        honoured=_HONOURED,
        options={"huber_delta": 0.01},
        is_class=True,
        reduced=True,
    ),
)
