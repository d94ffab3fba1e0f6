"""C002: a YAML file that is no training config."""

from __future__ import annotations

from typing import final

from ...diagnostics import Severity
from ..rule import StructuralRule


@final
class NotATrainingConfig(StructuralRule):
    """A YAML file that is no training config.

    What it checks: the file is a mapping and holds at least one option of a training run, or something
    close to one.

    Why it matters: given as a config, such a file stops the trainer at start-up. One finding says so,
    instead of one for every key.

    How to fix: give the config of a run. It has `heads` and `train_schedule` and usually more options
    beside them.
    """

    code, slug, severity = "C002", "not-a-training-config", Severity.ERROR
