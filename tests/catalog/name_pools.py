"""Names among which a mistyped word may have been meant, place by place, out of the catalog."""

from __future__ import annotations

from mace_scf.catalog.models import MODELS
from mace_scf.catalog.options import OPTIONS
from mace_scf.catalog.quantities import QUANTITIES
from mace_scf.catalog.stage_keys import FIXED_POINT, SCF, STAGE
from mace_scf.catalog.terms import TERMS

GROUPS = dict.fromkeys(f"{group}_lr" for model in MODELS for group in model.parameter_groups)

POOLS: dict[str, tuple[str, ...]] = {
    "options": tuple(spelling for option in OPTIONS for spelling in option.spellings),
    "stage": (*(option.name for option in STAGE), *GROUPS),
    "terms": tuple(term.name for term in TERMS),
    "labels": tuple(quantity.name for quantity in QUANTITIES if quantity.container),
    "fixed_point": tuple(option.name for option in FIXED_POINT),
    "scf": tuple(option.name for option in SCF),
}
