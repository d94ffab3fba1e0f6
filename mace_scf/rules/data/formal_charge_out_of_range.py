"""D242: formal charges beyond the oxidation states of the embedding."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..helpers import known_model
from ..rule import Context, Rule
from ._labels import is_findable, moments_of, read_lines

_RANGE, _MAPPING, _FROM_DATA = "oxidation_state_range", "atomic_formal_charges", "formal_charges_from_data"


@final
class FormalChargeOutOfRange(Rule):
    """Formal charges beyond the oxidation states of the embedding.

    What it checks: the formal charges of LocalSplitCharges lie within `oxidation_state_range` (−6 to 6 e):
    those of `atomic_formal_charges`, and with `--values` those of the mapped column.

    Why it matters: the embedding of oxidation states is made for that range. Charges beyond it are mostly a
    wrong key or unit; where they are meant, states beyond the ends are not told apart as those within are.

    How to fix: correct the charges, or widen `oxidation_state_range`.
    """

    code, slug, severity = "D242", "formal-charge-out-of-range", Severity.WARNING
    after = ("M104", "M105", "D210")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        model, option = known_model(context), context.trainer.option_by_name.get(_RANGE)
        setting, from_data = context.run.option(_RANGE), context.run.option(_FROM_DATA)
        ends = _ends(setting.value) if setting.known else None
        if model is None or not model.needs_formal_charges or option is None or ends is None:
            return
        if all_hold(option.only_if, context.run.option) is not Verdict.MET or not from_data.known:
            return
        place, charges = _column(context) if from_data.value else _mapping(context)
        beyond = [charge for charge in charges if not ends[0] <= charge <= ends[1]]
        if beyond and place is not None:
            worst = max(beyond, key=abs)
            yield self.finding(
                f"a formal charge of {worst:g} e is beyond `{_RANGE}`", span=place.span,
                labels=setting.label() if setting.given else (), notes=(f"it goes from {ends[0]:g} to {ends[1]:g} e",),
                when="states beyond the range are not told apart as those within are; nobody complains",
                help=f"correct the charge, or widen `{_RANGE}`",
            )  # fmt: skip


def _mapping(context: Context) -> tuple[Setting[Any] | None, list[float]]:
    setting = context.run.option(_MAPPING)
    value = setting.value if setting.known and setting.given else None
    charges = value.values() if isinstance(value, dict) else ()
    return setting, [float(charge) for charge in charges if type(charge) in (int, float)]


def _column(context: Context) -> tuple[Setting[Any] | None, list[float]]:
    """The extremes of the column, where its numbers were read."""
    for line in read_lines(context):
        if line.name == "charges" and is_findable(line):
            moments = [one for split in context.data.splits for one in moments_of(split.profile, line)]
            return line.key, [end.value for one in moments for end in (one.minimum, one.maximum) if end]
    return None, []


def _ends(value: object) -> tuple[float, float] | None:
    """Lowest and highest state; None where the literal is no pair of numbers."""
    try:
        pair = ast.literal_eval(value) if isinstance(value, str) else value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if (
        not isinstance(pair, list | tuple)
        or len(pair) != 2
        or any(type(end) not in (int, float) for end in pair)
    ):
        return None
    return float(pair[0]), float(pair[1])
