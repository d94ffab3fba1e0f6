"""D107: a property in the map where the trainer does not look for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...config import Head
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping, Scalar
from ..helpers import insertion, removal
from ..rule import Context, Rule
from ._heads import Mapped, entry_of, mapped


@final
class PropertyInWrongMap(Rule):
    """A property in the map where the trainer does not look for it.

    What it checks: values per frame stand under `info_keys`, values per atom under `arrays_keys`.

    Why it matters: the trainer searches the label in the wrong container of each frame and finds none: value
    0 with weight 0, so its term vanishes, or is fitted to zeros where the weight is ignored. Nothing
    complains.

    How to fix: move the line to the other map.
    """

    code, slug, severity = "D107", "property-in-wrong-map", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each property that stands in the other map only."""
        head = context.run.head
        for line in mapped(context):
            if head is None or line.quantity is None or line.quantity.container is None or line.is_at_home:
                continue
            home = line.quantity.container
            if head.key_of(line.name, home) is None:
                yield self.finding(
                    f"`{line.name}` belongs under `{home}`, not `{line.container}`", span=line.key.place,
                    labels=entry_of(head, home).label("it belongs here"),
                    notes=(f"it holds one value set per {line.quantity.per}",),
                    when="no frame has the label where the trainer looks for it; nobody complains",
                    help=f"move it to `{home}`", fix=_move(context, head, line),
                )  # fmt: skip


def _move(context: Context, head: Head, line: Mapped) -> Fix | None:
    """Remove the line here and write it there; not where it is the only one of its map."""
    assert line.quantity is not None
    assert line.quantity.container is not None
    here, there = entry_of(head, line.container), entry_of(head, line.quantity.container)
    node = line.key.node
    if not isinstance(here.node, Mapping) or not isinstance(there.node, Mapping) or len(here.node) < 2:
        return None
    if not isinstance(node, Scalar) or node.style not in ("", "'", '"'):
        return None
    written = f"{line.name}: {node.style}{node.text}{node.style}"
    removed = removal(context, line.key.key_span, node.span, "")
    added = insertion(context, there.key_span, there.node, written)
    if removed is None or added is None:
        return None
    return attrs.evolve(added, description=f"move `{line.name}`", edits=(*removed.edits, *added.edits))
