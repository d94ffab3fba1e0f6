"""Fixed-point training: codes F."""

from __future__ import annotations

from ..rule import Rule
from .both_option_blocks import BothOptionBlocks
from .deprecated_options import DeprecatedOptions
from .direct_drops_scf import DirectDropsScf
from .field_block_key_collides import FieldBlockKeyCollides
from .field_block_keyword_unknown import FieldBlockKeywordUnknown
from .field_block_type_missing import FieldBlockTypeMissing
from .fixed_point_option_without_effect import FixedPointOptionWithoutEffect
from .fixed_point_options_missing import FixedPointOptionsMissing
from .fixed_point_options_unused import FixedPointOptionsUnused
from .fixed_point_value import FixedPointValue
from .input_without_label import InputWithoutLabel
from .linear_solve_unusable import LinearSolveUnusable
from .mode_refuses_option import ModeRefusesOption
from .nested_and_flat import NestedAndFlat
from .norms_length import NormsLength
from .partial_update_block import PartialUpdateBlock
from .scf_in_direct import ScfInDirect
from .scf_key_missing import ScfKeyMissing
from .scf_missing import ScfMissing
from .setting_not_finite import SettingNotFinite
from .single_scf_step import SingleScfStep
from .stability_switch_is_text import StabilitySwitchIsText
from .unknown_field_block import UnknownFieldBlock
from .update_without_vectors import UpdateWithoutVectors

RULES: tuple[type[Rule], ...] = (
    FixedPointOptionsMissing,
    FixedPointOptionsUnused,
    BothOptionBlocks,
    DeprecatedOptions,
    ScfInDirect,
    ScfMissing,
    ScfKeyMissing,
    FixedPointValue,
    LinearSolveUnusable,
    ModeRefusesOption,
    SingleScfStep,
    StabilitySwitchIsText,
    DirectDropsScf,
    FixedPointOptionWithoutEffect,
    FieldBlockTypeMissing,
    UnknownFieldBlock,
    NormsLength,
    SettingNotFinite,
    InputWithoutLabel,
    NestedAndFlat,
    FieldBlockKeyCollides,
    UpdateWithoutVectors,
    FieldBlockKeywordUnknown,
    PartialUpdateBlock,
)
