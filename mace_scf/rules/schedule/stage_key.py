"""S102: stages that are not numbered 0, 1, 2, …"""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.option import is_whole
from ...diagnostics import Diagnostic, Fix, Severity
from ...schema.numbering import is_stage_number, without_number
from ...source import Entry, Mapping
from ..helpers import addition, rewrite
from ..rule import Context, Rule
from ._epochs import schedule_mapping


@final
class StageKey(Rule):
    """Stages that are not numbered 0, 1, 2, …

    What it checks: the keys of `train_schedule` are the whole numbers from 0 upwards, unquoted, without
    a gap and in this order.

    Why it matters: the trainer compares the keys with that list at start-up and stops at a quoted number,
    at a name, at stages that start from 1, skip a number or stand in another order.

    How to fix: number the stages from 0 in the order in which they train. A name goes into `name`.
    """

    code, slug, severity = "S102", "stage-key", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per schedule: the first key that is not the number of its place."""
        schedule = schedule_mapping(context)
        if schedule is None:
            return
        entries = tuple(schedule)
        legal = {option.name for option in context.trainer.blocks.stage}
        if any(entry.name in legal for entry in entries):
            yield without_number(next(entry for entry in entries if not is_stage_number(entry.name)).key)
            return
        wrong = [(place, entry) for place, entry in enumerate(entries) if not _is_number(entry, place)]
        if wrong:
            texts = [(place, entry) for place, entry in wrong if not is_stage_number(entry.name)]
            yield self._wrong_key((texts or wrong)[0], wrong, entries, context)

    def _wrong_key(
        self,
        worst: tuple[int, Entry],
        wrong: list[tuple[int, Entry]],
        entries: tuple[Entry, ...],
        context: Context,
    ) -> Diagnostic:
        place, entry = worst
        return self.finding(
            f"stage key {_shown(entry)} {_complaint(place, entry, entries)}",
            span=entry.key.span,
            notes=_others([entry for _, entry in wrong if entry is not worst[1]]),
            when="the trainer stops at start-up",
            help=_advice(len(entries)),
            fix=_renumbered(wrong, context),
        )


def _is_number(entry: Entry, place: int) -> bool:
    value = entry.key.trainer_value
    return is_whole(value) and value == place


def _shown(entry: Entry) -> str:
    return f"`'{entry.name}'`" if not entry.key.is_plain else f"`{entry.name}`"


def _complaint(place: int, entry: Entry, entries: tuple[Entry, ...]) -> str:
    value = entry.key.trainer_value
    if isinstance(value, str):
        return (
            "is quoted, so it is a text, not a number" if value.isdigit() else "is a text, not a stage number"
        )
    if not is_whole(value):
        return "is no stage number"
    if {other.key.trainer_value for other in entries} == set(range(len(entries))):
        return f"is out of order: stage {place} belongs here"
    return "does not start from 0" if place == 0 else f"follows stage {place - 1}: number {place} is missing"


def _others(entries: list[Entry]) -> tuple[str, ...]:
    keys = ", ".join(_shown(entry) for entry in entries[:5])
    return (f"wrong too: {keys}{' and more' if len(entries) > 5 else ''}",) if entries else ()


def _advice(count: int) -> str:
    numbers = ", ".join(map(str, range(count))) if count < 4 else f"0 to {count - 1}"
    return "write `0`" if count == 1 else f"number the stages {numbers}, in the order in which they train"


def _renumbered(wrong: list[tuple[int, Entry]], context: Context) -> Fix | None:
    """Numbers by place; not where an order was written that the author may have meant otherwise."""
    values = [entry.key.trainer_value for _, entry in wrong]
    numbers = [value for value in values if isinstance(value, int)]
    places = [entry.key.span for _, entry in wrong]
    if numbers != sorted(numbers) or len(set(places)) < len(places):
        return None
    fixes = [rewrite(context, entry.key.span, str(place)) for place, entry in wrong]
    if not all(fixes):
        return None
    names = [named for _, entry in wrong if (named := _kept_name(entry, context))]
    description = "number the stages from 0" + (", with their names under `name`" if names else "")
    return Fix(description, tuple(edit for fix in (*fixes, *names) if fix for edit in fix.edits))


def _kept_name(entry: Entry, context: Context) -> Fix | None:
    """What a key said in words, as the stage's `name`, where it has none."""
    value = entry.key.trainer_value
    if not isinstance(value, str) or value.isdigit() or not isinstance(block := entry.value, Mapping):
        return None
    if block.get("name") is not None:
        return None
    return addition(context, entry.key.span, block, {"name": value}, at_end=False)
