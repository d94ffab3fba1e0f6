"""D104: a property that the trainer insists on is not mapped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.quantity import Quantity
from ...config import Head, Setting
from ...diagnostics import Diagnostic, Severity
from ...source import Mapping
from ..helpers import insertion
from ..rule import Context, Rule
from ._heads import entry_of


@final
class TotalChargeUnmapped(Rule):
    """The mandatory property `total_charge` is not mapped.

    What it checks: `info_keys` maps the total charge of a frame, for every model.

    Why it matters: the trainer stops at start-up with a ValueError. The key need not be in the files: a frame
    without it counts as neutral, and nobody complains.

    How to fix: add `total_charge: KEY`, with the key that holds the net charge in the files.
    """

    code, slug, severity = "D104", "total-charge-unmapped", Severity.ERROR
    after = ("D103",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each mandatory property without a mapping."""
        head = context.run.head
        if head is None:
            return
        for name in context.trainer.required_labels:
            quantity = context.trainer.quantity_by_name[name]
            entry = entry_of(head, quantity.container or "info_keys")
            if isinstance(entry.node, Mapping) and head.key_of(name) is None and entry.node.get(name) is None:
                yield self._unmapped(context, head, quantity, entry)

    def _unmapped(
        self, context: Context, head: Head, quantity: Quantity, entry: Setting[object]
    ) -> Diagnostic:
        assert isinstance(entry.node, Mapping)
        line = f"{quantity.name}: {quantity.safe_key}"
        return self.finding(
            f"`{quantity.container}` maps no `{quantity.name}`", span=entry.place,
            when="the trainer stops at start-up, whatever the model",
            help=f"add `{quantity.name}` with the key of the files; frames without it count as neutral",
            fix=insertion(context, entry.key_span, entry.node, line, safe=False),
        )  # fmt: skip
