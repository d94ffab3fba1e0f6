"""Data files and the labels that the heads map: codes D."""

from __future__ import annotations

from ..rule import Rule
from . import damage
from .batch_larger_than_train import BatchLargerThanTrain
from .card_out_of_date import CardOutOfDate
from .cell_left_handed import CellLeftHanded
from .charge_beyond_limit import ChargeBeyondLimit
from .charge_under_another_key import ChargeUnderAnotherKey
from .config_type_weights_mismatch import ConfigTypeWeightsMismatch
from .constant_label import ConstantLabel
from .density_scaling_coverage import DensityScalingCoverage
from .dipole_weights_missing import DipoleWeightsMissing
from .e0s_coverage import E0sCoverage
from .e0s_far_from_energies import E0sFarFromEnergies
from .element_only_in_test import ElementOnlyInTest
from .energy_level_shift import EnergyLevelShift
from .fermi_level_doubtful import FermiLevelDoubtful
from .fermi_level_mapped_needlessly import FermiLevelMappedNeedlessly
from .fermi_level_missing import FermiLevelMissing
from .formal_charge_out_of_range import FormalChargeOutOfRange
from .formal_charges_coverage import FormalChargesCoverage
from .frame_weight_sign import FrameWeightSign
from .geometry_relabelled import GeometryRelabelled
from .head_maps import HeadMaps
from .input_on_no_frame import InputOnNoFrame
from .isolated_without_box import IsolatedWithoutBox
from .key_in_wrong_place import KeyInWrongPlace
from .key_moved_by_ase import KeyMovedByAse
from .key_rewritten import KeyRewritten
from .label_file_missing import LabelFileMissing
from .label_not_finite import LabelNotFinite
from .label_on_no_frame import LabelOnNoFrame
from .label_on_some_frames import LabelOnSomeFrames
from .label_shape import LabelShape
from .label_without_consumer import LabelWithoutConsumer
from .labels_contradict import LabelsContradict
from .large_frames import LargeFrames
from .low_density import LowDensity
from .multipole_columns import MultipoleColumns
from .one_head import OneHead
from .pbc_against_method import PbcAgainstMethod
from .property_in_both_maps import PropertyInBothMaps
from .property_in_wrong_map import PropertyInWrongMap
from .rare_element import RareElement
from .repeated_frames import RepeatedFrames
from .same_file import SameFile
from .same_key_twice import SameKeyTwice
from .split_overlap import SplitOverlap
from .split_too_small import SplitTooSmall
from .total_charge_unmapped import TotalChargeUnmapped
from .vacuum_in_bulk import VacuumInBulk
from .weight_of_nothing import WeightOfNothing

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
    CardOutOfDate,
    SameKeyTwice,
    LabelOnNoFrame,
    LabelOnSomeFrames,
    InputOnNoFrame,
    KeyInWrongPlace,
    DipoleWeightsMissing,
    PbcAgainstMethod,
    LowDensity,
    CellLeftHanded,
    MultipoleColumns,
    FormalChargesCoverage,
    E0sCoverage,
    ElementOnlyInTest,
    BatchLargerThanTrain,
    ChargeBeyondLimit,
    FermiLevelMissing,
    WeightOfNothing,
    ConfigTypeWeightsMismatch,
    SplitOverlap,
    ConstantLabel,
    LabelNotFinite,
    SplitTooSmall,
    LabelsContradict,
    IsolatedWithoutBox,
    RepeatedFrames,
    *damage.RULES,
    LabelShape,
    DensityScalingCoverage,
    GeometryRelabelled,
    FrameWeightSign,
    ChargeUnderAnotherKey,
    E0sFarFromEnergies,
    RareElement,
    EnergyLevelShift,
    FermiLevelDoubtful,
    LargeFrames,
    VacuumInBulk,
    FormalChargeOutOfRange,
)
