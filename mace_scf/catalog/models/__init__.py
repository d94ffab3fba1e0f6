"""Every model of every trainer version, in the order of the reference page."""

from __future__ import annotations

from ..model import Model
from .charge_equilibration import MACE_QEQ
from .fixed_point import FIXED_POINT
from .local_sources import FIXED_CHARGE_BASELINED_MACE, LOCAL_CHARGES, LOCAL_SPLIT_CHARGES
from .plain import MACE, SCALE_SHIFT_MACE

__all__ = ["MODELS"]

MODELS: tuple[Model, ...] = (
    MACE,
    SCALE_SHIFT_MACE,
    LOCAL_SPLIT_CHARGES,
    LOCAL_CHARGES,
    FIXED_CHARGE_BASELINED_MACE,
    FIXED_POINT,
    MACE_QEQ,
)
