"""S101: a schedule that is no mapping of stages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config.structure import describe
from ...diagnostics import Diagnostic, Edit, Fix, Severity
from ...source import Mapping, Node, Sequence, trainer_object
from ...source.page import Page, page_of
from ..rule import Context, Rule


@final
class ScheduleNotAMapping(Rule):
    """A schedule that is no mapping of stages.

    What it checks: `train_schedule` is a mapping from stage numbers to stages, in YAML or as a quoted
    Python literal.

    Why it matters: the trainer evaluates the schedule at start-up and stops at a list and at a text that is
    no literal.

    How to fix: put every stage under its number: `0:`, `1:`, and so on.
    """

    code, slug, severity = "S101", "schedule-not-a-mapping", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding, at the value."""
        entry = context.effective.root.get("train_schedule")
        if entry is None or isinstance(entry.value, Mapping):
            return
        written = trainer_object(entry.value)
        if written is None:
            return  # an empty value is no option given: the run lacks its schedule
        found = describe(written)
        yield self.finding(
            f"`train_schedule` takes a mapping of stages, not {found}",
            span=entry.value.span,
            when="the trainer stops at start-up",
            help="write each stage under its number: `0:`, `1:`, …",
            fix=_numbered(context, entry.value),
        )


def _numbered(context: Context, stages: Node) -> Fix | None:
    """Numbers in place of the dashes of a list; its order is that of the stages."""
    page = page_of(context.document)
    if not isinstance(stages, Sequence) or page.is_shared(stages.span) or page.is_odd:
        return None
    edits = [_number(page, number, item) for number, item in enumerate(stages.items)]
    known = tuple(edit for edit in edits if edit is not None)
    whole = bool(known) and len(known) == len(edits)
    return Fix("number the stages from 0", known) if whole else None


def _number(page: Page, number: int, item: Node) -> Edit | None:
    """A stage in lines of its own goes below its number."""
    line, column = item.span.start
    before = page.line(line)[:column] if item.span.file == page.document.file else ""
    if not isinstance(item, Mapping) or not before.rstrip().endswith("-") or before.strip() != "-":
        return None
    start = page.starts[line] + before.index("-")
    below = "" if page.is_flow(item) else page.newline + " " * column
    return page.edit(start, page.offset(item.span.start), f"{number}: " if not below else f"{number}:{below}")
