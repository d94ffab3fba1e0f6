"""Terms on charges, multipoles, dipoles, polarizabilities and electrostatic potentials."""

from __future__ import annotations

from ..term import Term
from .versions import in_both

_SOURCE = "upstream loss module, 6899b01"
_ENGINE_CHARGE_NOTE = "`total_charge` has no weight of its own; a frame without a number is left out."
_NO_CHARGE_WEIGHT = "`total_charge` has no weight of its own: a frame without the key is fitted to 0 e."

MULTIPOLES: tuple[Term, ...] = (
    Term(
        name="atomic_multipoles",
        doc="Squared error of the atomic multipoles, averaged over all atoms and columns.",
        unit="e², (e·Å)²",
        formula="mean over atoms and columns of w · w_atomic_multipoles · Δp²",
        quantity="atomic_multipoles",
        predictions=("density_coefficients",),
        references=("atomic_multipoles",),
        weight_of="atomic_multipoles",
        family="electrostatic",
        note=(
            "Charges (e) and dipoles (e·Å) enter with equal weight, so dipole columns dilute the charge part "
            "fourfold. Reference and prediction must have the same number of columns."
        ),
        source=_SOURCE,
    ),
    *in_both(
        Term(
            name="total_charge",
            doc="Squared error of the sum of the predicted atomic charges.",
            unit="e²",
            formula="mean over frames of w · (Q − Σ q)²",
            quantity="total_charge",
            predictions=("density_coefficients",),
            columns="charges",
            references=("total_charge",),
            family="electrostatic",
            note=_NO_CHARGE_WEIGHT,
            source=_SOURCE,
        ),
        note=_ENGINE_CHARGE_NOTE,
    ),
    *in_both(
        Term(
            name="total_charge_per_atom",
            doc="Squared error of the sum of the predicted atomic charges, per atom.",
            unit="(e/atom)²",
            formula="mean over frames of w · ((Q − Σ q) / n)²",
            quantity="total_charge",
            predictions=("density_coefficients",),
            columns="charges",
            references=("total_charge",),
            per_atom="inside",
            family="electrostatic",
            note=_NO_CHARGE_WEIGHT,
            source=_SOURCE,
        ),
        note=_ENGINE_CHARGE_NOTE,
    ),
)

DIPOLES: tuple[Term, ...] = (
    Term(
        name="dipole",
        doc="Squared error of the frame's dipole along each axis, with one weight per axis.",
        unit="(e·Å)²",
        formula="mean over frames and axes of w · w_dipole · Δμ²",
        quantity="dipole",
        predictions=("dipole",),
        references=("dipole",),
        weight_of="dipole",
        family="electrostatic",
        note=(
            "Along a periodic axis a dipole is not defined: `config_dipole_weight` switches it off per axis "
            "and is mandatory in every frame with a dipole."
        ),
        source=_SOURCE,
    ),
    Term(
        name="dipole_per_atom",
        doc="Squared error of the frame's dipole per atom, with one weight per axis.",
        unit="(e·Å/atom)²",
        formula="mean over frames and axes of w · w_dipole · (Δμ / n)²",
        quantity="dipole",
        predictions=("dipole",),
        references=("dipole",),
        weight_of="dipole",
        per_atom="inside",
        family="electrostatic",
        note=(
            "Dividing before squaring makes large frames count little: a weight of 1e6 acts like 100 on the "
            "dipole of 100 atoms. `config_dipole_weight` is mandatory in every frame with a dipole."
        ),
        source=_SOURCE,
    ),
    Term(
        name="polarizability",
        doc="Squared error of the nine polarizability components, per atom.",
        unit="(e·Å²/V/atom)²",
        formula="mean over frames and components of w · w_polarizability · (Δα / n)²",
        quantity="polarizability",
        predictions=("polarizability",),
        references=("polarizability",),
        weight_of="polarizability",
        per_atom="inside",
        family="electrostatic",
        note="The error is divided by the number of atoms although the name does not say so.",
        source=_SOURCE,
    ),
)

POTENTIALS: tuple[Term, ...] = (
    Term(
        name="esps",
        doc=(
            "Squared error of the potential at each atom, against the potential that the model computes "
            "from the reference multipoles."
        ),
        unit="V²",
        formula="mean over atoms of w · w_electrostatic_potentials · (V_reference_multipoles − V)²",
        quantity="esps",
        predictions=("esps", "esps_dft"),
        references=("atomic_multipoles",),
        weight_of="electrostatic_potentials",
        family="electrostatic",
        note=(
            "Values mapped as `electrostatic_potentials` are never used, only their presence and weight; "
            "unmapped, every frame has weight 1. Potentials straight from an electronic-structure code "
            "are not supported."
        ),
        source=f"{_SOURCE}; documentation page on losses",
    ),
    Term(
        name="field_features",
        doc="Squared error of the potential features, against those of the reference multipoles.",
        unit="",
        formula="mean over atoms of w · w_electrostatic_potentials · mean over features of Δφ²",
        quantity="feats_no_mu_model",
        predictions=("feats_no_mu_model", "feats_no_mu_dft"),
        references=("atomic_multipoles",),
        weight_of="electrostatic_potentials",
        family="electrostatic",
        note=(
            "No model returns the features that it compares: training stops at the first batch. "
            "Values mapped as `electrostatic_potentials` are never used, only their weight."
        ),
        source=_SOURCE,
    ),
)

ELECTROSTATIC: tuple[Term, ...] = (*MULTIPOLES, *DIPOLES, *POTENTIALS)
