"""The training command and its script: codes R."""

from __future__ import annotations

from ..rule import Rule
from .broken_continuation import BrokenContinuation
from .carriage_return import CarriageReturn
from .comment_in_continuation import CommentInContinuation
from .config_mismatch import ConfigMismatch
from .config_overwritten import ConfigOverwritten
from .duplicate_flag import DuplicateFlag
from .empty_value import EmptyValue
from .missing_value import MissingValue
from .not_one_training_command import NotOneTrainingCommand
from .processes_alone import ProcessesAlone
from .stray_word import StrayWord
from .switch_with_value import SwitchWithValue
from .unparsable_shell import UnparsableShell

RULES: tuple[type[Rule], ...] = (
    BrokenContinuation,
    CommentInContinuation,
    EmptyValue,
    UnparsableShell,
    SwitchWithValue,
    MissingValue,
    StrayWord,
    DuplicateFlag,
    NotOneTrainingCommand,
    ConfigMismatch,
    CarriageReturn,
    ConfigOverwritten,
    ProcessesAlone,
)
