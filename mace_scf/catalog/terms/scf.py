"""Terms on the Fermi level and on how well self-consistency converges."""

from __future__ import annotations

import attrs

from ..option import Kind, Option
from ..term import Term
from .versions import in_both

_SOURCE = "upstream loss module, 6899b01"

_LEVEL_GIVEN = (
    "The level is predicted only where FixedPoint iterates at constant charge; elsewhere it is given."
)
_FERMI_NOTE = (
    f"The weight of `fermi_level` is ignored: a frame without the label is fitted to 0 V. {_LEVEL_GIVEN}"
)

_NO_WEIGHT = "No weight of a frame acts."
_HISTORY_NOTE = "The history is cut from the graph, so the term adds a number and trains nothing."
_DERIVATIVE_NOTE = "No model returns the derivative: training stops at the first batch."
_STABILITY_NOTE = (
    "No model returns the perturbation and its image: training stops at the first batch. The gain is taken "
    "for each multipole column by itself."
)

_SMOOTH = Option(
    name="smooth",
    kind=Kind.STRICT_BOOLEAN,
    doc="Softplus (true) or a hard hinge (false).",
    default=True,
    source=_SOURCE,
)
# The upstream trainer asks torch for a function that does not exist when `smooth` is false.
_ALWAYS_SMOOTH = attrs.evolve(
    _SMOOTH,
    doc="Takes a softplus; the alternative does not work.",
    choices=(True,),
    because="false asks for a function that does not exist: the stage stops with an AttributeError",
)
_SOFTPLUS = (
    Option(
        name="beta",
        kind=Kind.NUMBER,
        doc="Sharpness of the softplus: the larger, the closer to a hinge.",
        default=10.0,
        minimum=0.0,
        exclusive_minimum=True,
        source=_SOURCE,
    ),
    Option(
        name="offset",
        kind=Kind.NUMBER,
        doc="Gain of one iteration up to which hardly anything is penalised.",
        default=1.0,
        source=_SOURCE,
    ),
)

FERMI: tuple[Term, ...] = (
    *in_both(
        Term(
            name="fermi_level",
            doc="Squared error of the Fermi level, averaged over the frames.",
            unit="V²",
            formula="mean over frames of w · Δμ²",
            quantity="fermi_level",
            predictions=("fermi_level",),
            references=("fermi_level",),
            family="scf",
            note=_FERMI_NOTE,
            source=_SOURCE,
        ),
        formula="mean over frames of w · w_fermi_level · Δμ²",
        weight_of="fermi_level",
        note=_LEVEL_GIVEN,
    ),
    *in_both(
        Term(
            name="fermi_level_per_atom",
            doc="Squared error of the Fermi level divided by the number of atoms, averaged over the frames.",
            unit="(V/atom)²",
            formula="mean over frames of w · (Δμ / n)²",
            quantity="fermi_level",
            predictions=("fermi_level",),
            references=("fermi_level",),
            per_atom="inside",
            family="scf",
            note=_FERMI_NOTE,
            source=_SOURCE,
        ),
        formula="mean over frames of w · w_fermi_level · (Δμ / n)²",
        weight_of="fermi_level",
        note=_LEVEL_GIVEN,
    ),
)

CONVERGENCE: tuple[Term, ...] = (
    *in_both(
        Term(
            name="final_terms_fixedpoint_scf_stability",
            doc="Mean absolute change of the multipoles in the last self-consistency iteration.",
            unit="e, e·Å",
            formula="mean over atoms and columns of |h_last − h_previous|",
            quantity="charges_history",
            predictions=("charges_history",),
            references=(),
            config_weight=False,
            gradient=False,
            family="scf",
            note=f"{_HISTORY_NOTE} It needs two iterations at least. {_NO_WEIGHT}",
            source=_SOURCE,
        ),
        formula="mean over atoms and columns of w · |h_last − h_previous|",
        config_weight=True,
        note=_HISTORY_NOTE,
    ),
    *in_both(
        Term(
            name="fermi_level_gradient",
            doc="Penalty on a total charge that grows with the Fermi level.",
            unit="e/V",
            formula="mean over frames of max(0, dq/dμ)",
            quantity="dq_dmu",
            predictions=("dq_dmu",),
            references=(),
            config_weight=False,
            family="scf",
            note=f"{_DERIVATIVE_NOTE} {_NO_WEIGHT}",
            source=_SOURCE,
        ),
        formula="mean over frames of w · max(0, dq/dμ)",
        config_weight=True,
        note=_DERIVATIVE_NOTE,
    ),
    *in_both(
        Term(
            name="fixedpoint_scf_stability",
            doc="Penalty on the gain of a perturbation in one self-consistency iteration.",
            unit="",
            formula="mean over frames and columns of softplus(Σ y² / Σ x² − offset), Σ over atoms",
            quantity="perturbed_density",
            predictions=("perturbing_vector", "perturbed_density"),
            references=(),
            config_weight=False,
            options=(_ALWAYS_SMOOTH, *_SOFTPLUS),
            form="class",
            family="scf",
            note=f"{_STABILITY_NOTE} {_NO_WEIGHT}",
            source=_SOURCE,
        ),
        formula="mean over frames and columns of w · softplus(Σ y² / Σ x² − offset), Σ over atoms",
        config_weight=True,
        options=(_SMOOTH, *_SOFTPLUS),
        note=_STABILITY_NOTE,
    ),
)

SCF: tuple[Term, ...] = (*FERMI, *CONVERGENCE)
