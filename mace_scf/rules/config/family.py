"""Keys, types and options of the run as a whole: codes C."""

from __future__ import annotations

from ..rule import Rule
from .abbreviated_option import AbbreviatedOption
from .compute_forces_off import ComputeForcesOff
from .dry_run_trains import DryRunTrains
from .duplicate_key import DuplicateKey
from .e0s_key import E0sKey
from .error_table_needs import ErrorTableNeeds
from .error_table_unknown import ErrorTableUnknown
from .file_suffix import FileSuffix
from .ignore_without_code import IgnoreWithoutCode
from .list_for_text import ListForText
from .literal_unreadable import LiteralUnreadable
from .log_level_unknown import LogLevelUnknown
from .missing_key import MissingKey
from .missing_option import MissingOption
from .nested_nan_or_infinity import NestedNanOrInfinity
from .not_a_choice import NotAChoice
from .not_a_training_config import NotATrainingConfig
from .null_keeps_default import NullKeepsDefault
from .option_overridden_by_command_line import OptionOverriddenByCommandLine
from .option_without_effect import OptionWithoutEffect
from .out_of_range import OutOfRange
from .overridden_option import OverriddenOption
from .rejected_option import RejectedOption
from .removed_option import RemovedOption
from .run_name_with_slash import RunNameWithSlash
from .several_documents import SeveralDocuments
from .shards_without_validation_set import ShardsWithoutValidationSet
from .switch_cannot_be_turned_off import SwitchCannotBeTurnedOff
from .syntax_error import BrokenSyntax
from .test_set_logging_without_test_file import TestSetLoggingWithoutTestFile
from .too_large import TooLarge
from .type_weight_not_a_number import TypeWeightNotANumber
from .unknown_key import UnknownKey
from .unknown_scheduler import UnknownScheduler
from .unknown_wandb_hyper import UnknownWandbHyper
from .unused_ignore import UnusedIgnore
from .wrong_type import WrongType
from .yaml_number_is_text import YamlNumberIsText
from .yaml_octal_number import YamlOctalNumber
from .yaml_word_is_boolean import YamlWordIsBoolean

RULES: tuple[type[Rule], ...] = (
    BrokenSyntax,
    NotATrainingConfig,
    DuplicateKey,
    SeveralDocuments,
    TooLarge,
    UnknownKey,
    UnusedIgnore,
    IgnoreWithoutCode,
    AbbreviatedOption,
    WrongType,
    NotAChoice,
    OutOfRange,
    MissingKey,
    YamlNumberIsText,
    YamlOctalNumber,
    YamlWordIsBoolean,
    NestedNanOrInfinity,
    NullKeepsDefault,
    ListForText,
    SwitchCannotBeTurnedOff,
    OptionWithoutEffect,
    RejectedOption,
    RemovedOption,
    OverriddenOption,
    DryRunTrains,
    MissingOption,
    FileSuffix,
    ShardsWithoutValidationSet,
    RunNameWithSlash,
    LogLevelUnknown,
    ComputeForcesOff,
    E0sKey,
    TestSetLoggingWithoutTestFile,
    UnknownWandbHyper,
    ErrorTableUnknown,
    ErrorTableNeeds,
    LiteralUnreadable,
    OptionOverriddenByCommandLine,
    UnknownScheduler,
    TypeWeightNotANumber,
)
