"""The model and what it is built from: codes M."""

from __future__ import annotations

from ..rule import Rule
from .density_scaling_malformed import DensityScalingMalformed
from .density_scaling_without_effect import DensityScalingWithoutEffect
from .formal_charges_malformed import FormalChargesMalformed
from .formal_charges_missing import FormalChargesMissing
from .irreps_missing import IrrepsMissing
from .irreps_unreadable import IrrepsUnreadable
from .local_dipoles_always_zero import LocalDipolesAlwaysZero
from .mixer_never_trained import MixerNeverTrained
from .mode_needs_package import ModeNeedsPackage
from .model_refuses_option import ModelRefusesOption
from .oxidation_range_without_reach import OxidationRangeWithoutReach
from .unknown_block_name import UnknownBlockName

RULES: tuple[type[Rule], ...] = (
    ModelRefusesOption,
    IrrepsMissing,
    IrrepsUnreadable,
    FormalChargesMissing,
    FormalChargesMalformed,
    LocalDipolesAlwaysZero,
    DensityScalingWithoutEffect,
    UnknownBlockName,
    ModeNeedsPackage,
    DensityScalingMalformed,
    OxidationRangeWithoutReach,
    MixerNeverTrained,
)
