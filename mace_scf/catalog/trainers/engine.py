"""A loop of one's own around the loss engine: upstream's run files, more terms, checked at start-up."""

from __future__ import annotations

import attrs

from ..models import MODELS
from ..quantities import QUANTITIES
from ..terms import TERMS
from .upstream import UPSTREAM

NAME = "engine"

ENGINE = attrs.evolve(
    UPSTREAM,
    name=NAME,
    doc=(
        "A training loop around mace-scf's loss engine. It reads the same files as the upstream trainer, has "
        "the Huber, L1 and norm variants too, and takes integer weights and terms without options."
    ),
    terms=tuple(term for term in TERMS if NAME in term.trainers),
    models=tuple(model for model in MODELS if NAME in model.trainers),
    quantities=tuple(
        quantity for quantity in QUANTITIES if not quantity.trainers or NAME in quantity.trainers
    ),
    integer_weights=True,
    bare_class_terms=True,
    term_check="start-up",
    leaves_out_unlabelled=True,
    open_outputs=True,
)
