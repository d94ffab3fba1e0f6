"""Keys of a stage that stand in the schedule itself: checked as the one stage that was meant."""

from __future__ import annotations

import re

import attrs

from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic, Severity
from ..source import Entry, Mapping, Scalar

STAGE_NUMBER = "^(0|[1-9][0-9]*)$"


def is_stage_number(name: str) -> bool:
    """Whether a key is written as a stage number: `0`, `12`, not `01`."""
    return re.match(STAGE_NUMBER, name) is not None


def with_number(root: Mapping, trainer: Trainer) -> tuple[Mapping, tuple[Diagnostic, ...]]:
    """The run with the number 0 in front of the keys of a stage that has none, and what is said about that."""
    schedule = root.get("train_schedule")
    if schedule is None or not isinstance(schedule.value, Mapping):
        return root, ()
    legal = {option.name for option in trainer.blocks.stage}
    key = next((entry.key for entry in schedule.value if entry.name in legal), None)
    if key is None or any(is_stage_number(entry.name) for entry in schedule.value):
        return root, ()
    stages = Mapping((Entry(Scalar("0", "", key.span), schedule.value),), schedule.value.span)
    entries = (attrs.evolve(entry, value=stages) if entry is schedule else entry for entry in root)
    return attrs.evolve(root, entries=tuple(entries)), (without_number(key),)


def without_number(key: Scalar) -> Diagnostic:
    """A key of a stage, where the number of a stage is expected."""
    return Diagnostic(
        "S102", "stage-key", Severity.ERROR,
        f"`{key.text}` stands in `train_schedule` itself, not in a numbered stage", key.span,
        when="the trainer stops at start-up", help="put the keys of the stage under `0:`",
    )  # fmt: skip
