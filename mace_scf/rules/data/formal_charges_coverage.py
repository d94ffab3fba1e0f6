"""D210: formal charges that do not fit the elements or the frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping as MappingNode
from ..helpers import addition, known_model, removal
from ..rule import Context, Rule
from ._elements import all_seen, first_with, shown, table_of
from ._labels import counted, first_lacking, is_findable, presences, read_lines

_MAPPING, _FROM_DATA = "atomic_formal_charges", "formal_charges_from_data"


@final
class FormalChargesCoverage(Rule):
    """Formal charges that do not fit the elements or the frames.

    What it checks: for models of formal charges, `atomic_formal_charges` has one entry for every element of
    the training and validation frames and none besides; with `formal_charges_from_data`, every frame has the
    mapped column.

    Why it matters: a missing element is a ValueError while the model is built, a surplus one an
    AssertionError, both after the data were loaded. A frame without the column has formal charges of zero,
    and nobody complains: the sum of its charges is then zero for ever.

    How to fix: write the entries, or the column in every frame.
    """

    code, slug, severity = "D210", "formal-charges-coverage", Severity.ERROR
    after = ("M104", "M105", "D105", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """The mapping against the elements, or the column against the frames."""
        model = known_model(context)
        from_data = context.run.option(_FROM_DATA)
        if model is None or not model.needs_formal_charges or not from_data.known:
            return
        if from_data.value:
            yield from self._column(context)
        else:
            yield from self._mapping(context, context.run.option(_MAPPING))

    def _mapping(self, context: Context, setting: Setting[object]) -> Iterator[Diagnostic]:
        elements, charges = table_of(context), setting.value
        if (
            not isinstance(charges, dict)
            or elements is None
            or not all(isinstance(key, int) for key in charges)
        ):
            return
        missing = set(elements) - set(charges)
        surplus = set(charges) - set(elements) if all_seen(context) else set()
        if charges and (missing or surplus):
            train = context.data.train
            what = "lacks" if missing else "has an entry too many:"
            yield self.finding(
                f"`{_MAPPING}` {what} {shown(missing or surplus)}", span=setting.span,
                labels=train.setting.label("elements are those of these frames") if train else (),
                notes=(f"elements of the training and validation frames: {shown(elements)}",
                       *first_with(context, missing),
                       *([f"entries without such frames: {shown(surplus)}"] if missing and surplus else [])),
                when="the trainer stops while the model is built, after the data were loaded",
                help="write one entry for each element of the frames, and no more",
                fix=_completed(context, setting, missing) or _shortened(context, setting, surplus),
            )  # fmt: skip

    def _column(self, context: Context) -> Iterator[Diagnostic]:
        for line in read_lines(context):
            lacking = [entry for entry in presences(context, line) if entry.missing]
            if line.name == "charges" and is_findable(line) and lacking:
                missing = sum(entry.missing for entry in lacking)
                yield self.finding(
                    f"`{line.key.value}` is missing in {counted(missing, 'frame')}, whose formal charges become zero",
                    span=line.key.span, labels=context.run.option(_FROM_DATA).label(),
                    severity=Severity.WARNING if any(entry.carried for entry in lacking) else Severity.ERROR,
                    notes=("; ".join(entry.shown for entry in lacking), *first_lacking(lacking)),
                    when="the charges of these frames add up to zero for ever, and nobody complains",
                    help=f"write the column `{line.key.value}` in every frame, or give `{_MAPPING}`",
                )  # fmt: skip


def _completed(context: Context, setting: Setting[object], missing: set[int]) -> Fix | None:
    """Zeros, which the trainer takes as well as any other charges."""
    if not missing or not isinstance(setting.node, MappingNode):
        return None
    content = {str(number): "0.0" for number in sorted(missing)}
    return addition(context, setting.key_span, setting.node, content, safe=False)


def _shortened(context: Context, setting: Setting[object], surplus: set[int]) -> Fix | None:
    """One entry at a time; another pass takes the next."""
    entries = setting.node.entries if isinstance(setting.node, MappingNode) else ()
    entry = next((entry for entry in entries if entry.key.trainer_value in surplus), None)
    if entry is None:
        return None
    return removal(context, entry.key.span, entry.value.span, f"remove `{entry.name}`", safe=False)
