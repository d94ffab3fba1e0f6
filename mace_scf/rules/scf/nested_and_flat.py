"""F123: the old form with iterations both nested and flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Entry, Mapping
from ..helpers import move
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
                    fix=_moved(context, flat[0], nested),
                )


def _moved(context: Context, flat: Entry, nested: Entry) -> Fix | None:
    """One key at a time; another pass takes the next."""
    home: Setting[Any] = Setting("scf", node=nested.value, key_span=nested.key.span)
    return move(context, flat.key.span, home, f"move `{flat.name}` under `scf`")
