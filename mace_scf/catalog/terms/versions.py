"""One term under two trainers: what the engine does otherwise."""

from __future__ import annotations

from typing import Any

import attrs

from ..term import Term


def in_both(term: Term, **in_engine: Any) -> tuple[Term, Term]:
    """The term of the upstream trainer, and the engine's, which differs in the given attributes."""
    return (
        attrs.evolve(term, trainers=("upstream",)),
        attrs.evolve(term, trainers=("engine",), **in_engine),
    )
