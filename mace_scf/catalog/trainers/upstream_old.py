"""An older upstream trainer: fewer terms and boundary methods, other defaults."""

from __future__ import annotations

from typing import Any

import attrs

from ..option import Option, State
from .upstream import UPSTREAM

NAME = "upstream-old"

_NEWER_OPTIONS = {
    "log-all-ranks": "this version writes logs of the first rank only",
    "fixedpoint-initial-charge-head-scale": "this version scales no charge head at the start",
    "scf-convergence-summary": "this version writes the summary unless `skip-scf-convergence-summary` is given",
}
_CHANGED: dict[str, dict[str, Any]] = {
    "kspace_cutoff_factor": {
        "default": 1.25,
        "doc": "Scales the cutoff in reciprocal space; raise it when the Coulomb energy is not converged. Later "
        "versions start from 1.0.",
    },
    "field_feature_norms": {"default": "None"},
    "skip-scf-convergence-summary": {
        "state": State.USED,
        "doc": "Leaves out the summary of the convergence of the iterations after training.",
        "default": False,
        "because": "",
        "instead": "",
    },
}
_NEWER_TERMS = ("rho_fftn", "fourier_density")
_NEWER_METHODS = ("auto",)


def _older(option: Option) -> Option:
    if option.name in _NEWER_OPTIONS:
        return attrs.evolve(option, state=State.REMOVED, because=_NEWER_OPTIONS[option.name], instead="")
    if option.name == "electrostatic_pbc_method":
        kept = [
            pair
            for pair in zip(option.choices, option.choice_docs, strict=True)
            if pair[0] not in _NEWER_METHODS
        ]
        return attrs.evolve(option, choices=tuple(c for c, _ in kept), choice_docs=tuple(d for _, d in kept))
    return attrs.evolve(option, **_CHANGED.get(option.name, {}))


UPSTREAM_OLD = attrs.evolve(
    UPSTREAM,
    name=NAME,
    doc=(
        "An older MACE_SCF trainer, read at 077bbb: 19 loss terms, no boundary method `auto`, other defaults. What "
        "was not read of it is taken from the upstream trainer."
    ),
    # The snapshot carries no date: this is the date of the survey that read it.
    dated="2026-08-07",
    options=tuple(map(_older, UPSTREAM.options)),
    terms=tuple(term for term in UPSTREAM.terms if term.name not in _NEWER_TERMS),
    boundary_methods=tuple(
        method for method in UPSTREAM.boundary_methods if method.name not in _NEWER_METHODS
    ),
)
