"""D220: labels that are NaN or infinite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._labels import broken_numbers, is_findable, location_of, read_lines


@final
class LabelNotFinite(Rule):
    """Labels that are NaN or infinite.

    What it checks: no mapped label holds NaN or an infinite number. Labels of the comment line are always
    looked at, columns with `--values`.

    Why it matters: NaN does not count as missing. It keeps its weight, and even a weight of 0 gives NaN: one
    such number makes the loss of its whole batch NaN, and then all parameters.

    How to fix: leave the entry out of that frame; a column must be left out as a whole.
    """

    code, slug, severity = "D220", "label-not-finite", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each label and file."""
        for line in read_lines(context):
            for split in context.data.splits if is_findable(line) else ():
                key = str(line.key.value)
                broken = broken_numbers(split.profile).get((location_of(line), key))
                if broken is not None:
                    yield self.finding(
                        f"`{key}` {broken.phrase}",
                        span=line.key.span, labels=split.setting.label("read from here"),
                        notes=(f"the first in {broken.first.shown}",),
                        when="the loss becomes NaN at the first batch with such a frame",
                        help="leave the entry out of these frames",
                    )  # fmt: skip
