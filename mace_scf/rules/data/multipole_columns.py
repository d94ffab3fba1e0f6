"""D209: multipoles with another number of columns than the model has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Condition
from ...catalog.term import Term
from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ..data_facts import Split
from ..helpers import blocking, new_option, replacement
from ..rule import Context, Rule
from ._heads import Mapped
from ._labels import counted, is_findable, listed, read_lines, terms_reading, verb

_LABEL, _ORDER = "atomic_multipoles", "atomic_multipoles_max_l"


@final
class MultipoleColumns(Rule):
    """Multipoles with another number of columns than the model has.

    What it checks: the column of `atomic_multipoles` is (`atomic_multipoles_max_l` + 1)² wide in every frame:
    1 for charges, 4 for charges and dipoles in the order Q, d_y, d_z, d_x.

    Why it matters: with too few columns the loss on multipoles stops with an AssertionError at the first
    batch, and without that loss the errors in validation compare one column with four. Surplus columns are
    cut from the right, silently: fine, if that is meant.

    How to fix: set `atomic_multipoles_max_l` to what the files hold, or write the columns.
    """

    code, slug, severity = "D209", "multipole-columns", Severity.ERROR
    after = ("D105", "D201", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file."""
        order = context.run.option(_ORDER)
        if not order.known or not isinstance(order.value, int):
            return
        wanted = (order.value + 1) ** 2
        allowed = [(value + 1) ** 2 for condition in blocking(context) for value in _orders(condition)]
        for line in read_lines(context):
            for split in context.data.splits if line.name == _LABEL and is_findable(line) else ():
                widths = _widths(split, str(line.key.value))
                if any(width != wanted for width in widths) and list(widths) != allowed:
                    yield self._other(context, line, split, order, widths)

    def _other(
        self, context: Context, line: Mapped, split: Split, order: Setting[int], widths: dict[int, int]
    ) -> Diagnostic:
        wanted = ((order.value or 0) + 1) ** 2
        few = any(width < wanted for width in widths)
        terms = terms_reading(context, _LABEL)
        severity = Severity.INFO if not few else Severity.ERROR if terms else Severity.WARNING
        return self.finding(
            f"`{line.key.value}` has {_listed(widths)}, and order {order.value} takes {wanted}",
            span=line.key.span, severity=severity,
            labels=(*split.setting.label(f"the {split.name} frames"), *(order.label() if order.given else ())),
            notes=(order.shown, *_counts(widths), *_first(split, str(line.key.value), wanted)),
            when=_few(terms) if few else f"columns beyond the {_ordinal(wanted)} are cut, and nobody complains",
            help=f"set `{_ORDER}: 0`, or write {wanted} columns: Q, d_y, d_z, d_x" if few else
                 "nothing, if the higher orders are not wanted",
            fix=_charges_alone(context, order) if few else None,
        )  # fmt: skip


def _orders(condition: Condition) -> tuple[Any, ...]:
    """What the terms of the run ask for in place of the order (L202); such columns are right."""
    return condition.values if condition.option == _ORDER and not condition.negated else ()


def _charges_alone(context: Context, order: Setting[int]) -> Fix | None:
    if order.given:
        return replacement(context, order, 0, f"write `{_ORDER}: 0`", safe=False)
    return new_option(context, {_ORDER: "0"}, f"add `{_ORDER}: 0`")


def _listed(widths: dict[int, int]) -> str:
    *others, last = widths
    return " or ".join([*map(str, others), counted(last, "column")])


def _counts(widths: dict[int, int]) -> tuple[str, ...]:
    if len(widths) < 2:
        return ()
    return tuple(f"{width} wide in {counted(count, 'frame')}" for width, count in widths.items())


def _first(split: Split, key: str, wanted: int) -> tuple[str, ...]:
    """Where another width is first; nothing for a card by hand."""
    first = min(
        seen.first
        for item, seen in split.profile.items.items()
        if (item.location, item.key) == ("arrays", key) and item.reading.size != wanted
    )
    return (f"the first is {first.shown}",) if first.frame >= 0 else ()


def _few(terms: dict[str, Term]) -> str:
    if not terms:
        return "errors in validation compare one column with four"
    return f"{listed(terms)} {verb(len(terms), 'stop')} at the first batch with such frames"


def _ordinal(number: int) -> str:
    return {1: "first", 4: "fourth", 9: "ninth"}.get(number, f"{number}th")


def _widths(split: Split, key: str) -> dict[int, int]:
    from ...dataset.answers import find_key

    facts = find_key(split.profile, "arrays", key)
    widths: dict[int, int] = {}
    for reading, count in facts.readings if facts is not None else ():
        if reading.numeric:
            widths[reading.size] = widths.get(reading.size, 0) + count
    return dict(sorted(widths.items()))
