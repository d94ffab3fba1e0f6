"""The upstream trainer, from the newest facts that were read."""

from __future__ import annotations

from ..boundary import BOUNDARY_METHODS
from ..error_tables import ERROR_TABLES
from ..field_blocks import FIELD_BLOCKS
from ..models import MODELS
from ..options import OPTIONS
from ..quantities import QUANTITIES
from ..stage_keys import FIXED_POINT, READOUT, READOUT_PASSED, SCF, STAGE, UPDATE, UPDATE_PASSED
from ..terms import TERMS
from ..trainer import Blocks, Trainer

NAME = "upstream"

UPSTREAM = Trainer(
    name=NAME,
    doc=(
        "The MACE_SCF trainer on mace 0.3.14: its loss module at 6899b01, its parser at cb5a67c, and the "
        "documentation page on losses."
    ),
    # The revisions carry no date of their own: this is the newest date of the survey that read them.
    dated="2026-08-07",
    options=OPTIONS,
    terms=tuple(term for term in TERMS if NAME in term.trainers),
    models=tuple(model for model in MODELS if NAME in model.trainers),
    quantities=tuple(
        quantity for quantity in QUANTITIES if not quantity.trainers or NAME in quantity.trainers
    ),
    blocks=Blocks(
        stage=STAGE,
        fixed_point=FIXED_POINT,
        scf=SCF,
        update=UPDATE,
        readout=READOUT,
        update_passed=UPDATE_PASSED,
        readout_passed=READOUT_PASSED,
    ),
    error_tables=ERROR_TABLES,
    boundary_methods=BOUNDARY_METHODS,
    field_blocks=FIELD_BLOCKS,
)
