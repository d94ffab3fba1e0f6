"""F123: the old form with iterations both nested and flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...source import Mapping
from ..rule import Context, Rule
from ._blocks import DEPRECATED_BLOCK


@final
class NestedAndFlat(Rule):
    """The old form with iterations both nested and flat.

    What it checks: the deprecated `scf_training_options` sets the iterations under `scf` or beside `mode`,
    not in both places.

    Why it matters: the trainer does not merge them; it stops at start-up.

    How to fix: move every setting of the iterations under `scf`.
    """

    code, slug, severity = "F123", "nested-and-flat", Severity.ERROR
    after = ("F102",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        names = {option.name for option in context.trainer.blocks.scf}
        for stage in context.run.stages:
            entry = stage.node.get(DEPRECATED_BLOCK)
            if entry is None or not isinstance(entry.value, Mapping):
                continue
            nested = entry.value.get("scf")
            flat = [line for line in entry.value if line.name in names]
            if nested is not None and isinstance(nested.value, Mapping) and flat:
                yield self.finding(
                    f"`{flat[0].name}` stands beside `scf`, not in it",
                    span=flat[0].key.span,
                    labels=context.run.stages[stage.index].blocks[-1].scf_entry.label("the nested settings"),
                    when="the trainer stops at start-up",
                    help=f"move {', '.join(f'`{line.name}`' for line in flat)} under `scf`",
                )
