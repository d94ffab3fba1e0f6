"""D115: two properties read from one file key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Label, Severity
from ..rule import Context, Rule
from ._heads import Mapped, mapped

# One column of charges may serve as start values and as multipoles of order 0.
_PLAUSIBLE = frozenset({frozenset({"charges", "atomic_multipoles"})})


@final
class SameKeyTwice(Rule):
    """Two properties read from one file key.

    What it checks: within a map, no two properties are mapped to the same key of the files.

    Why it matters: one of them is read from numbers of another kind and unit, often after a line was copied
    and only half changed. Shapes may fit, and then nothing complains.

    How to fix: map each property to its own key.
    """

    code, slug, severity = "D115", "same-key-twice", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding at the second of two properties with one key."""
        first: dict[tuple[str, str], Mapped] = {}
        for line in mapped(context):
            if not line.is_read or not line.is_at_home:
                continue
            other = first.setdefault((line.container, str(line.key.value)), line)
            if other is not line and frozenset({other.name, line.name}) not in _PLAUSIBLE:
                yield self._twice(line, other)

    def _twice(self, line: Mapped, other: Mapped) -> Diagnostic:
        span = other.key.span
        return self.finding(
            f"`{line.name}` and `{other.name}` are read from one key, `{line.key.value}`", span=line.key.span,
            labels=() if span is None else (Label(span, "and here"),),
            when="one of them is read from the other's numbers; nobody complains if the shapes fit",
            help=f"map `{line.name}` to its own key",
        )  # fmt: skip
