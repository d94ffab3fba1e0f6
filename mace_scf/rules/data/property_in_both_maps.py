"""D108: a property in both maps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Head
from ...diagnostics import Diagnostic, Severity
from ..helpers import removal
from ..rule import Context, Rule
from ._heads import Mapped, mapped


@final
class PropertyInBothMaps(Rule):
    """A property in both maps.

    What it checks: no property is mapped under `info_keys` and under `arrays_keys`.

    Why it matters: the trainer looks both up, `arrays_keys` last. Where one of the two keys is missing in a
    frame the label gets weight 0, even if the other key delivered a value. Nothing complains.

    How to fix: keep the line in the map where the property belongs.
    """

    code, slug, severity = "D108", "property-in-both-maps", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each property that also stands in the map where it does not belong."""
        head = context.run.head
        for line in mapped(context):
            if head is not None and line.quantity is not None and not line.is_at_home:
                right = head.key_of(line.name, line.quantity.container)
                if right is not None:
                    yield self._twice(context, head, line)

    def _twice(self, context: Context, head: Head, line: Mapped) -> Diagnostic:
        assert line.quantity is not None
        right = head.key_of(line.name, line.quantity.container)
        return self.finding(
            f"`{line.name}` is mapped twice, and does not belong under `{line.container}`",
            span=line.key.place,
            labels=right.label("it belongs here") if right else (),
            when="a frame that lacks one of the two keys loses the label; nobody complains",
            help=f"remove it from `{line.container}`",
            fix=removal(context, line.key.key_span, line.key.span, f"remove `{line.name}` here"),
        )  # fmt: skip
