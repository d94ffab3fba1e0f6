"""Terms of every interatomic potential: energy, forces, stress."""

from __future__ import annotations

from ..term import Term

PLAIN: tuple[Term, ...] = (
    Term(
        name="energy_per_atom",
        doc="Squared error of the total energy per atom, averaged over the frames.",
        unit="(eV/atom)²",
        formula="mean over frames of w · w_energy · (ΔE / n)²",
        quantity="energy",
        predictions=("energy",),
        references=("energy",),
        weight_of="energy",
        per_atom="inside",
        note="Energies are total energies: those of the isolated atoms are part of both sides.",
        source="upstream loss module, 6899b01",
    ),
    Term(
        name="forces",
        doc="Squared error of the force components, averaged over all atoms and axes.",
        unit="(eV/Å)²",
        formula="mean over atoms and axes of w · w_forces · ΔF²",
        quantity="forces",
        predictions=("forces",),
        references=("forces",),
        weight_of="forces",
        note="Every atom counts alike, so a large frame counts more than a small one.",
        source="upstream loss module, 6899b01",
    ),
    Term(
        name="stress",
        doc="Squared error of the nine stress components, averaged over frames and components.",
        unit="(eV/Å³)²",
        formula="mean over frames and components of w · w_stress · Δσ²",
        quantity="stress",
        predictions=("stress",),
        references=("stress",),
        weight_of="stress",
        note=(
            "The documentation grants stress to local-source models only; the trainer's code serves it for "
            "MACE and ScaleShiftMACE too. All of them need `compute_stress: true`. "
            "There is no factor for volume or number of atoms."
        ),
        source="upstream loss module, 6899b01; documentation page on losses",
    ),
)
