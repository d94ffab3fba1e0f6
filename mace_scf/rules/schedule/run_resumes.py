"""S114: checkpoints of an earlier run from which this one would go on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import final

from ...config import Stage
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule

_EPOCH = re.compile(r"_epoch-(\d+)\.pt$")
_MANY = 100_000  # names of a folder that are worth reading


@final
class RunResumes(Rule):
    """A run that goes on from checkpoints which are there already.

    What it checks: the folder of checkpoints, seen from the folder of the config, that of the launcher, or the
    present one, holds none of this name, seed and stage while `restart_latest` is on. `--no-data` leaves it out.

    Why it matters: the trainer resumes by default and says nothing about options that have changed since. A
    stage whose newest checkpoint is at its `end` is skipped, and an edited config trains nothing new. Changed
    array shapes stop it with an error.

    How to fix: to start afresh, give another `name` or `seed`, empty the folder, or switch `restart_latest`
    off. To go on is what a continued job wants: then nothing is wrong.
    """

    code, slug, severity = "S114", "run-resumes", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each stage that has a checkpoint."""
        run = context.run
        name, seed = run.option("name"), run.option("seed")
        resumes = run.option("restart_latest").is_known(True)
        if not (context.data.files and resumes and name.known and seed.known):
            return
        newest = _newest(_folders(context), f"{name.value}_run-{seed.value}_")
        for stage in run.stages:
            if stage.name.known and stage.name.value in newest:
                yield self._resumes(stage, *newest[str(stage.name.value)])

    def _resumes(self, stage: Stage, epoch: int, path: str) -> Diagnostic:
        done = stage.end.known and stage.end.value is not None and epoch >= stage.end.value
        return self.finding(
            f"{stage.title} has a checkpoint of epoch {epoch}", span=stage.name.span,
            notes=(f"it is `{path}`", "`restart_latest` is on"),
            when="the stage is skipped as finished" if done else
                 f"training goes on from epoch {epoch}, whatever has changed in the config",
            help="give another `name` or `seed` to start afresh, or confirm that the run is to go on",
        )  # fmt: skip


def _folders(context: Context) -> list[str]:
    """Where checkpoints may lie; nothing where the options were not seen."""
    work, own = context.run.option("work_dir"), context.run.option("checkpoints_dir")
    if not (work.known and own.known):
        return []
    inner = str(own.value) if own.value else os.path.join(str(work.value or os.curdir), "checkpoints")
    return [os.path.normpath(os.path.join(start, inner)) for start in context.data.folders]


def _newest(folders: list[str], prefix: str) -> dict[str, tuple[int, str]]:
    """Highest epoch and its file, by stage name."""
    found: dict[str, tuple[int, str]] = {}
    for folder in dict.fromkeys(folders):
        for name in _names(folder):
            match = _EPOCH.search(name) if name.startswith(prefix) else None
            if match:
                stage = name[len(prefix) : match.start()]
                found[stage] = max(found.get(stage, (-1, "")), (int(match[1]), os.path.join(folder, name)))
    return found


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)[:_MANY]
    except (OSError, ValueError):
        return []
