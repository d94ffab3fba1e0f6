"""Data files and the labels that the heads map: codes D."""

from __future__ import annotations

from ..rule import Rule
from .fermi_level_mapped_needlessly import FermiLevelMappedNeedlessly
from .head_maps import HeadMaps
from .key_moved_by_ase import KeyMovedByAse
from .key_rewritten import KeyRewritten
from .label_file_missing import LabelFileMissing
from .label_without_consumer import LabelWithoutConsumer
from .one_head import OneHead
from .property_in_both_maps import PropertyInBothMaps
from .property_in_wrong_map import PropertyInWrongMap
from .same_file import SameFile
from .same_key_twice import SameKeyTwice
from .total_charge_unmapped import TotalChargeUnmapped

RULES: tuple[type[Rule], ...] = (
    LabelFileMissing,
    OneHead,
    HeadMaps,
    TotalChargeUnmapped,
    KeyMovedByAse,
    KeyRewritten,
    PropertyInWrongMap,
    PropertyInBothMaps,
    LabelWithoutConsumer,
    FermiLevelMappedNeedlessly,
    SameFile,
    SameKeyTwice,
)
