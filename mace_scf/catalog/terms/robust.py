"""Variants of the plain terms that large residuals pull less: Huber, L1 and norm."""

from __future__ import annotations

from ..option import Kind, Option
from ..term import Term

_SOURCE = "ThomasWarford fork, 26ae82d, 06a4808 and later tests"
_ENGINE_ONLY = "The upstream trainer does not know it."
_H = "H(x) = x²/2 up to huber_delta, linear beyond"


def _delta(unit: str) -> Option:
    return Option(
        name="huber_delta",
        kind=Kind.NUMBER,
        doc="Residual at which the square turns into a line.",
        default=0.01,
        unit=unit,
        minimum=0.0,
        exclusive_minimum=True,
        source=_SOURCE,
    )


HUBER: tuple[Term, ...] = (
    Term(
        name="energy_per_atom_huber",
        doc="Huber loss of the energy per atom: squared for small errors, linear for large ones.",
        unit="(eV/atom)²",
        formula=f"mean over frames of w · w_energy · H(ΔE / n); {_H}",
        quantity="energy",
        predictions=("energy",),
        references=("energy",),
        weight_of="energy",
        options=(_delta("eV/atom"),),
        form="class",
        per_atom="inside",
        family="robust",
        base="energy_per_atom",
        note=_ENGINE_ONLY,
        trainers=("engine",),
        source=_SOURCE,
    ),
    Term(
        name="forces_huber",
        doc="Huber loss of the force components, with a smaller threshold on atoms under large forces.",
        unit="(eV/Å)²",
        formula=(
            f"mean over atoms and axes of w · w_forces · H(ΔF); {_H}, times 1, 0.7, 0.4 or 0.1 for reference "
            "forces below 100, 200, 300 eV/Å, or above"
        ),
        quantity="forces",
        predictions=("forces",),
        references=("forces",),
        weight_of="forces",
        options=(_delta("eV/Å"),),
        form="class",
        family="robust",
        base="forces",
        note=_ENGINE_ONLY,
        trainers=("engine",),
        source=_SOURCE,
    ),
    Term(
        name="stress_huber",
        doc="Huber loss of the stress components: squared for small errors, linear for large ones.",
        unit="(eV/Å³)²",
        formula=f"mean over frames and components of w · w_stress · H(Δσ); {_H}",
        quantity="stress",
        predictions=("stress",),
        references=("stress",),
        weight_of="stress",
        options=(_delta("eV/Å³"),),
        form="class",
        family="robust",
        base="stress",
        note=_ENGINE_ONLY,
        trainers=("engine",),
        source=_SOURCE,
    ),
    Term(
        name="atomic_multipoles_huber",
        doc="Huber loss of the atomic multipoles: squared for small errors, linear for large ones.",
        unit="e², (e·Å)²",
        formula=f"mean over atoms and columns of w · w_atomic_multipoles · H(Δp); {_H}",
        quantity="atomic_multipoles",
        predictions=("density_coefficients",),
        references=("atomic_multipoles",),
        weight_of="atomic_multipoles",
        # Its default was not read; its tests pass the threshold of the others.
        options=(_delta("e, e·Å"),),
        form="class",
        family="robust",
        base="atomic_multipoles",
        note=f"{_ENGINE_ONLY} One threshold serves charges (e) and dipoles (e·Å).",
        trainers=("engine",),
        source=_SOURCE,
    ),
)

ABSOLUTE: tuple[Term, ...] = (
    Term(
        name="energy_per_atom_l1",
        doc="Absolute error of the energy per atom, averaged over the frames.",
        unit="eV/atom",
        formula="mean over frames of w · w_energy · |ΔE| / n",
        quantity="energy",
        predictions=("energy",),
        references=("energy",),
        weight_of="energy",
        per_atom="inside",
        family="robust",
        base="energy_per_atom",
        note=_ENGINE_ONLY,
        trainers=("engine",),
        source=_SOURCE,
    ),
    Term(
        name="forces_l2norm",
        doc="Length of the force error of each atom, averaged over the atoms.",
        unit="eV/Å",
        formula="mean over atoms of w · w_forces · |ΔF|",
        quantity="forces",
        predictions=("forces",),
        references=("forces",),
        weight_of="forces",
        family="robust",
        base="forces",
        note=f"{_ENGINE_ONLY} The mean runs over atoms, not over components.",
        trainers=("engine",),
        source=_SOURCE,
    ),
    Term(
        name="stress_l1",
        doc="Absolute error of the nine stress components, averaged over frames and components.",
        unit="eV/Å³",
        formula="mean over frames and components of w · w_stress · |Δσ|",
        quantity="stress",
        predictions=("stress",),
        references=("stress",),
        weight_of="stress",
        family="robust",
        base="stress",
        note=_ENGINE_ONLY,
        trainers=("engine",),
        source=_SOURCE,
    ),
)

ROBUST: tuple[Term, ...] = (*HUBER, *ABSOLUTE)
