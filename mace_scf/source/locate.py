"""From a place in a document to the path of keys that leads there: `train_schedule.1.loss.forces`."""

from __future__ import annotations

from bisect import bisect_right

import attrs

from ..diagnostics import Span
from .node import Entry, Mapping, Node, Scalar, Sequence


@attrs.define(eq=False, repr=False)
class Locator:
    """Finds paths in one document; each mapping is put in order once."""

    root: Node | None
    _ordered: dict[int, tuple[list[tuple[int, int]], list[Entry]]] = attrs.field(init=False, factory=dict)

    def path(self, span: Span) -> str:
        """Keys from the top to the deepest entry that holds the place; "" for the top itself."""
        keys: list[str] = []
        node = self.root
        while node is not None and not isinstance(node, Scalar):
            step = self._into(node, span)
            if step is None:
                break
            key, node = step
            keys.append(key)
        return ".".join(keys)

    def _into(self, node: Mapping | Sequence, span: Span) -> tuple[str, Node] | None:
        if isinstance(node, Sequence):
            found = (item for item in enumerate(node.items) if item[1].span.covers(span))
            return next(((str(index), item) for index, item in found), None)
        starts, entries = self._in_order(node)
        at = bisect_right(starts, span.start) - 1
        if at < 0:
            return None
        entry = entries[at]
        inside = (
            span.start < entry.value.span.end or entry.key.span.covers(span) or entry.value.span.covers(span)
        )
        return (entry.name, entry.value) if inside else None

    def _in_order(self, node: Mapping) -> tuple[list[tuple[int, int]], list[Entry]]:
        if id(node) not in self._ordered:
            own = [entry for entry in node if not entry.merged]
            own.sort(key=lambda entry: entry.key.span.start)
            self._ordered[id(node)] = ([entry.key.span.start for entry in own], own)
        return self._ordered[id(node)]
