"""What the terms of a stage require against what model and data provide."""

from __future__ import annotations

from .needs import Because, Lookup, Need, Verdict, all_hold, holds, prediction_need
from .resolve import (
    ALL_MET,
    StageResolution,
    TermResolution,
    resolve,
    stage_lookup,
    stage_summary,
    validated_stages,
)
from .validated import OptionValue, Schedule, TermSpec, ValidatedStage

__all__ = [
    "ALL_MET",
    "Because",
    "Lookup",
    "Need",
    "OptionValue",
    "Schedule",
    "StageResolution",
    "TermResolution",
    "TermSpec",
    "ValidatedStage",
    "Verdict",
    "all_hold",
    "holds",
    "prediction_need",
    "resolve",
    "stage_lookup",
    "stage_summary",
    "validated_stages",
]
