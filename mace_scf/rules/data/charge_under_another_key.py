"""D235: total charges of zero beside another key that holds charges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..helpers import rewrite
from ..rule import Context, Rule
from ._labels import is_findable, moments_of, read_lines

if TYPE_CHECKING:
    from ...dataset.moments import Moments

_CHARGE = "total_charge"
_NAMES = re.compile(
    r"(?i)(?:.*_)?(?:(?:net|total|tot|mol|molecular|system)_?)?(?:charge|q)(?:_(?:tot|total))?"
)


@final
class ChargeUnderAnotherKey(Rule):
    """Total charges of zero beside another key that holds charges.

    What it checks: where the mapped `total_charge` is 0 in all training frames, that no other entry of the
    comment lines that is called after a charge (`charge`, `Q`, `net_charge`, …) is different from 0.

    Why it matters: every frame is trained as neutral. Ions whose charge stands under another key pull the
    model towards energies and densities that no neutral system has, and nobody complains.

    How to fix: map `total_charge` to the key that holds the charges.
    """

    code, slug, severity = "D235", "charge-under-another-key", Severity.WARNING
    after = ("D105", "D201", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        train = context.data.train
        for line in read_lines(context):
            if train is None or line.name != _CHARGE or not is_findable(line):
                continue
            mapped = moments_of(train.profile, line)
            others = dict(_charged(train.profile.numbers, str(line.key.value)))
            if mapped and all(one.zeros == one.count for one in mapped) and others:
                key, (low, high) = next(iter(others.items()))
                yield self.finding(
                    f"`{line.key.value}` is 0 in all training frames, and `{key}` is not", span=line.key.span,
                    labels=train.setting.label("they are read from here"),
                    notes=(f"`{key}` goes from {low:g} to {high:g}",),
                    when="every frame counts as neutral, and nobody complains",
                    help=f"map `{_CHARGE}` to `{key}`, if that is the charge of the frame",
                    suggestions=(key,), fix=rewrite(context, line.key.span, key, safe=False),
                )  # fmt: skip


def _charged(
    numbers: Mapping[tuple[str, str, int], Moments], mapped: str
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Scalars of the comment lines that are called after a charge and are not 0 throughout."""
    for (location, key, component), moments in sorted(numbers.items()):
        if location != "info" or component or key == mapped or key.startswith("config_"):
            continue
        low, high = moments.minimum, moments.maximum
        single = (location, key, 1) not in numbers
        if (
            single
            and low is not None
            and high is not None
            and _NAMES.fullmatch(key)
            and (low.value or high.value)
        ):
            yield key, (low.value, high.value)
