"""Terms on the net forces of molecules, told apart by ``molID``."""

from __future__ import annotations

from ..term import Term
from .versions import in_both

_SOURCE = "upstream loss module, 6899b01"
_VIRIAL_NOTE = (
    "The weight is that of `molID`; that of `forces` is ignored, so a frame without forces is compared with "
    "zero forces. Positions are taken as they are: a molecule wrapped across the cell, or a net force, "
    "shifts the value."
)
_ENGINE_VIRIAL_NOTE = (
    "The weight is that of `molID`; a frame without forces is left out. Molecules are made whole, so that "
    "the value depends neither on the origin nor on wrapping."
)
_AFTER_SQUARING = "The division comes after squaring, unlike that of `energy_per_atom`."

CLUSTER: tuple[Term, ...] = (
    *in_both(
        Term(
            name="cluster_virial",
            doc="Squared error of the virial that the net forces of the molecules make with their centres.",
            unit="eV²",
            formula="mean over frames of w · w_molID · (Σ over molecules of R · ΔF)²",
            quantity="forces",
            predictions=("forces",),
            references=("forces", "molID"),
            weight_of="molID",
            family="cluster",
            note=_VIRIAL_NOTE,
            source=_SOURCE,
        ),
        note=_ENGINE_VIRIAL_NOTE,
    ),
    *in_both(
        Term(
            name="cluster_virial_per_atom",
            doc="The same as `cluster_virial`, its square divided by the number of atoms of the frame.",
            unit="eV²/atom",
            formula="mean over frames of w · w_molID · (Σ over molecules of R · ΔF)² / n",
            quantity="forces",
            predictions=("forces",),
            references=("forces", "molID"),
            weight_of="molID",
            per_atom="outside",
            family="cluster",
            note=f"{_VIRIAL_NOTE} {_AFTER_SQUARING}",
            source=_SOURCE,
        ),
        note=f"{_ENGINE_VIRIAL_NOTE} {_AFTER_SQUARING}",
    ),
    *in_both(
        Term(
            name="molecular_forces",
            doc="Squared error of the net force on each molecule, summed over molecules, per atom.",
            unit="(eV/Å)²/atom",
            formula="mean over frames and axes of w · w_forces · (Σ over molecules of ΔF²) / n",
            quantity="forces",
            predictions=("forces",),
            references=("forces", "molID"),
            weight_of="forces",
            per_atom="outside",
            family="cluster",
            note=(
                "The weight of `molID` is ignored: a frame without it counts as one molecule, and its net "
                f"force is fitted. {_AFTER_SQUARING}"
            ),
            source=_SOURCE,
        ),
        note=f"A frame without `molID` is left out. {_AFTER_SQUARING}",
    ),
)
