"""What tests of the launcher reader share."""

from __future__ import annotations

from mace_scf.source.launcher import TrainingCommand, read_launcher


def only_command(script: str) -> TrainingCommand:
    """The one training command of a script."""
    (command,) = read_launcher(script, file="train.sh").commands
    return command
