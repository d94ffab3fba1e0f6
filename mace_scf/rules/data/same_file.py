"""D114: one file for two splits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations
from typing import final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..data_facts import FILES
from ..rule import Context, Rule

_ADVICE = {"valid_file": "name another file, or leave it out to set a share of the training frames aside"}


@final
class SameFile(Rule):
    """One file for two splits.

    What it checks: training, validation and test frames come from different files.

    Why it matters: validation errors on the training frames fall with every overfit epoch; they choose the
    checkpoint and stop the run. Test errors on them mean nothing. The trainer does not look.

    How to fix: name another file; or leave `valid_file` out, and a random share of the training frames is set
    aside by `valid_fraction`.
    """

    code, slug, severity = "D114", "same-file", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each pair of options that name one file."""
        settings = [context.run.option(name) for name in FILES.values()]
        named = [setting for setting in settings if setting.given and setting.known and setting.value]
        for first, second in combinations(named, 2):
            if _normal(first) == _normal(second):
                yield self.finding(
                    f"`{second.name}` is the same file as `{first.name}`",
                    span=second.span, labels=first.label(),
                    when="errors on it tell nothing about new frames; nobody complains",
                    help=_ADVICE.get(second.name, "name another file"),
                )  # fmt: skip


def _normal(setting: Setting[str]) -> str:
    return os.path.normpath(str(setting.value))
