"""S115: a run whose models are its latest checkpoints, not its best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import removal
from ..rule import Context, Rule


@final
class LatestCheckpointAsModel(Rule):
    """A run whose models are its latest checkpoints, not its best.

    What it checks: whether `save_all_checkpoints` is switched on. That may be meant, so it is a fact to
    confirm.

    Why it matters: at the end of a stage the trainer makes the model of the latest checkpoint that it finds.
    As a rule that is the one with the lowest validation loss, because no other is written; with
    `save_all_checkpoints` it is whatever came last, however bad.

    How to fix: to keep the checkpoints and the best model both, set `keep_checkpoints` instead.
    """

    code, slug, severity = "S115", "latest-checkpoint-as-model", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Switched on by the file or the command."""
        setting = context.run.option("save_all_checkpoints")
        if setting.given and setting.is_known(True):
            yield self.finding(
                "with `save_all_checkpoints` the model of a stage is its latest checkpoint, not its best",
                span=setting.place,
                when="silently, at the end of each stage",
                help="set `keep_checkpoints` instead, if the best model is wanted and old checkpoints shall stay",
                fix=removal(
                    context, setting.key_span, setting.span, "remove `save_all_checkpoints`", safe=False
                ),
            )
