"""F114: settings of iterations that the old form drops in mode direct."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import FixedPointOptions, Setting
from ...diagnostics import Diagnostic, Label, Severity
from ..rule import Context, Rule
from ._blocks import DEPRECATED_BLOCK, blocks_in_use


@final
class DirectDropsScf(Rule):
    """Settings of iterations that the old form drops in mode direct.

    What it checks: the deprecated `scf_training_options` in mode direct holds no settings of iterations,
    neither flat nor under `scf`.

    Why it matters: `fixed_point_training_options` refuses that combination; the old form drops the
    settings and says nothing, and the stage makes one pass from the reference density.

    How to fix: remove the settings, or choose a mode that iterates.
    """

    code, slug, severity = "F114", "direct-drops-scf", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        for _, block, _ in blocks_in_use(context):
            if not block.deprecated or not block.mode.is_known("direct"):
                continue
            dropped = _dropped(block, [option.name for option in context.trainer.blocks.scf])
            if dropped:
                yield self._dropped(block, dropped)

    def _dropped(self, block: FixedPointOptions, dropped: list[Setting[object]]) -> Diagnostic:
        first, *others = dropped
        places = (other.key_span for other in others)
        return self.finding(
            f"`mode: direct` drops {', '.join(f'`{setting.name}`' for setting in dropped)}",
            span=first.key_span,
            labels=(*block.mode.label(), *(Label(place, "dropped too") for place in places if place)),
            when=f"the stage makes no iterations, and `{DEPRECATED_BLOCK}` says nothing about it",
            help="remove these settings, or choose a mode that iterates",
        )


def _dropped(block: FixedPointOptions, names: list[str]) -> list[Setting[object]]:
    if block.scf_entry.given:
        return [block.scf_entry] if block.scf_entry.raw is not None else []
    settings = (getattr(block.scf, name, None) for name in names)
    return [setting for setting in settings if isinstance(setting, Setting) and setting.given]
