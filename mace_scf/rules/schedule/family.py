"""Stages, epochs and learning rates: codes S."""

from __future__ import annotations

from ..rule import Rule
from .duplicate_stage_name import DuplicateStageName
from .empty_learning_rate import EmptyLearningRate
from .empty_schedule import EmptySchedule
from .epoch_gap import EpochGap
from .epoch_not_an_integer import EpochNotAnInteger
from .epochs_missing import EpochsMissing
from .group_lr_without_group import GroupLrWithoutGroup
from .latest_checkpoint_as_model import LatestCheckpointAsModel
from .learning_rate_of_zero import LearningRateOfZero
from .run_resumes import RunResumes
from .schedule_not_a_mapping import ScheduleNotAMapping
from .stage_key import StageKey
from .stage_name_type import StageNameType
from .stage_never_runs import StageNeverRuns
from .stage_without_checkpoint import StageWithoutCheckpoint

RULES: tuple[type[Rule], ...] = (
    ScheduleNotAMapping,
    StageKey,
    EpochGap,
    EpochsMissing,
    StageNeverRuns,
    EpochNotAnInteger,
    DuplicateStageName,
    StageNameType,
    EmptyLearningRate,
    StageWithoutCheckpoint,
    EmptySchedule,
    GroupLrWithoutGroup,
    LearningRateOfZero,
    RunResumes,
    LatestCheckpointAsModel,
)
