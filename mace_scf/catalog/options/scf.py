"""FixedPoint: potential features, charge heads, field blocks and the reference potential."""

from __future__ import annotations

from functools import partial

from ..option import Kind, Option, State
from .common import ADDED, FIXED_POINT_ONLY

_fixed_point = partial(Option, group="self-consistency", source=ADDED, only_if=(FIXED_POINT_ONLY,))

SCF: tuple[Option, ...] = (
    _fixed_point(
        "field_feature_max_l",
        Kind.INTEGER,
        "Order of the potential features on each atom: 0 for potentials, 1 for potentials and fields; "
        "nothing higher exists.",
        default=1,
        known=(0, 1),
        minimum=0,
    ),
    _fixed_point(
        "field_feature_widths",
        Kind.LITERAL,
        "Widths of the Gaussians with which potential features are probed.",
        default="[1.0, 2.0]",
        unit="Å",
    ),
    _fixed_point(
        "field_feature_norms",
        Kind.LITERAL,
        "Divisors of the potential features: `None`, `average` over the training labels, or a list "
        "sorted by multipole order, then by width. Older versions start from `None`.",
        default="average",
        known=("None", "average"),
    ),
    _fixed_point(
        "field_norm_factor",
        Kind.NUMBER,
        "Factor that is handed to the update block of FixedPoint.",
        default=1.0,
        state=State.INERT,
        only_if=(),
        because="the update blocks store it and never apply it",
        instead="field_feature_norms",
    ),
    _fixed_point(
        "include_field_si",
        Kind.FLAG,
        "Keeps the potential of an atom's own charge in its potential features.",
        default=False,
    ),
    _fixed_point(
        "use_linear_local_charges",
        Kind.FLAG,
        "Makes the first, field-independent charge head linear; otherwise its shape follows `MLP_irreps`.",
        default=False,
    ),
    _fixed_point(
        "include_local_electron_energy",
        Kind.STRICT_BOOLEAN,
        "Adds an energy of the electrons that depends on the local density alone.",
        default=True,
    ),
    _fixed_point(
        "return_electrostatic_potentials",
        Kind.FLAG,
        "Returns the potential on each atom, predicted and from the reference multipoles, as an `esps` term "
        "needs.",
        default=False,
    ),
    _fixed_point(
        "atom_density_scaling",
        Kind.LITERAL,
        "Scale of the charge density by element: `None`, `average` over the training labels, or one number "
        "for every element of the data.",
        default="None",
        known=("None", "average"),
        because="only FixedPoint's linear charge head and update blocks with Scaled in their name read it",
        instead="use_linear_local_charges",
    ),
    Option(
        "fermi_level_offset",
        Kind.NUMBER,
        "Potential from which Fermi levels are counted; left out, it is the mean of the Fermi-level labels.",
        unit="V",
        group="self-consistency",
        source=ADDED,
    ),
    _fixed_point(
        "fixedpoint_update_config",
        Kind.MAPPING,
        "Block that turns potentials into a new density; left out, OneBodyVariableUpdate with a biased "
        "linear embedding and no non-linearity. A mapping replaces all of that.",
    ),
    _fixed_point(
        "field_readout_config",
        Kind.MAPPING,
        "Block that reads an energy off the density and the potential; left out, "
        "StrictQuadraticFieldEnergyReadout.",
    ),
    _fixed_point(
        "fixedpoint-initial-charge-head-scale",
        Kind.NUMBER,
        "Shrinks the charge heads at the start, which calms the first iterations; 1 leaves them alone.",
        default=0.01,
    ),
    _fixed_point(
        "scf-convergence-summary",
        Kind.FLAG,
        "Writes a summary of the convergence of the iterations after training; older versions always write "
        "it.",
        default=False,
    ),
    Option(
        "skip-scf-convergence-summary",
        Kind.FLAG,
        "Turns the summary of the convergence off in older versions.",
        state=State.REMOVED,
        group="self-consistency",
        because="the summary is off unless `scf-convergence-summary` asks for it",
        instead="scf-convergence-summary",
        source="upstream parser 077bbb",
    ),
)
