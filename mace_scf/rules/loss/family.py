"""Loss terms, their weights and what they require: codes L."""

from __future__ import annotations

from ..rule import Rule
from .bare_class_term import BareClassTerm
from .empty_loss import EmptyLoss
from .esps_on_isolated_frames import EspsOnIsolatedFrames
from .esps_values_unused import EspsValuesUnused
from .esps_weight_unmapped import EspsWeightUnmapped
from .integer_weight import IntegerWeight
from .term_echoes_reference import TermEchoesReference
from .term_needs_model import TermNeedsModel
from .term_needs_option import TermNeedsOption
from .term_needs_unseen_option import TermNeedsUnseenOption
from .term_on_conserved_quantity import TermOnConservedQuantity
from .term_option_invalid import TermOptionInvalid
from .term_without_gradient import TermWithoutGradient
from .term_without_prediction import TermWithoutPrediction
from .term_without_producer import TermWithoutProducer
from .term_without_reference import TermWithoutReference
from .terms_without_common_model import TermsWithoutCommonModel
from .unknown_term import UnknownTerm
from .unknown_term_option import UnknownTermOption
from .weight_missing import WeightMissing
from .weight_not_a_number import WeightNotANumber
from .weight_sign import WeightSign

RULES: tuple[type[Rule], ...] = (
    UnknownTerm,
    IntegerWeight,
    WeightSign,
    WeightMissing,
    UnknownTermOption,
    BareClassTerm,
    EmptyLoss,
    WeightNotANumber,
    TermOptionInvalid,
    TermWithoutPrediction,
    TermNeedsOption,
    TermEchoesReference,
    TermOnConservedQuantity,
    TermWithoutGradient,
    TermWithoutProducer,
    TermNeedsModel,
    EspsOnIsolatedFrames,
    TermsWithoutCommonModel,
    TermNeedsUnseenOption,
    TermWithoutReference,
    EspsValuesUnused,
    EspsWeightUnmapped,
)
