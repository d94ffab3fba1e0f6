"""Terms on the Fermi level and on how well self-consistency converges."""

from __future__ import annotations

import attrs

from ..option import Kind, Option
from ..term import Term

_SOURCE = "upstream loss module, 6899b01"
_FERMI_NOTE = (
    "The weight of `fermi_level` is ignored: a frame without the label is fitted to 0 V. The level is a free "
    "prediction only at constant charge; elsewhere it is an input handed back."
)

_BETA = Option(
    name="beta",
    kind=Kind.NUMBER,
    doc="Sharpness of the softplus: the larger, the closer to a hinge.",
    default=10.0,
    minimum=0.0,
    exclusive_minimum=True,
    source=_SOURCE,
)
_OFFSET = Option(
    name="offset",
    kind=Kind.NUMBER,
    doc="Gain of one iteration below which nothing is penalised.",
    default=1.0,
    source=_SOURCE,
)
_SMOOTH = Option(
    name="smooth",
    kind=Kind.STRICT_BOOLEAN,
    doc="Softplus (true) or a hard hinge (false).",
    default=True,
    source=_SOURCE,
)

_STABILITY = Term(
    name="fixedpoint_scf_stability",
    doc="Penalty on the gain of a perturbation in one self-consistency iteration.",
    unit="",
    formula="mean over frames and columns of softplus(Σ over atoms of y² / Σ over atoms of x² − offset)",
    quantity="perturbed_density",
    predictions=("perturbing_vector", "perturbed_density"),
    references=(),
    config_weight=False,
    options=(_SMOOTH, _BETA, _OFFSET),
    form="class",
    family="scf",
    note=(
        "No model returns the perturbation and its image, so it stops training at the first batch. "
        "Gains are taken per multipole column, and no weight of a frame acts."
    ),
    trainers=("engine",),
    source=_SOURCE,
)

# The upstream trainer asks torch for a function that does not exist when `smooth` is false.
_UPSTREAM_STABILITY = attrs.evolve(
    _STABILITY,
    options=(
        attrs.evolve(
            _SMOOTH,
            doc="Softplus. Only true works: false asks for a function that does not exist.",
            choices=(True,),
            because="with false the term raises an AttributeError when it is built",
        ),
        _BETA,
        _OFFSET,
    ),
    trainers=("upstream",),
)

SCF: tuple[Term, ...] = (
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
        note=(
            "The history is cut from the graph: the term adds a number and trains nothing. It needs two "
            "iterations at least, and no weight of a frame acts."
        ),
        source=_SOURCE,
    ),
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
        note="No model returns the derivative, so the first batch stops training. No frame weight acts.",
        source=_SOURCE,
    ),
    _UPSTREAM_STABILITY,
    _STABILITY,
)
