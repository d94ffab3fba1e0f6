"""D219: a label that is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._heads import Mapped
from ._labels import is_findable, listed, moments_of, read_lines, terms_reading

if TYPE_CHECKING:
    from ...dataset import DatasetProfile

_MAY_BE_CONSTANT = frozenset({"total_charge", "external_field", "molID", "head", "elec_temp"})


@final
class ConstantLabel(Rule):
    """A label that is the same everywhere.

    What it checks: a label that a term compares is not zero throughout the training frames, and not one and
    the same number. Labels of the comment line are always looked at, columns with `--values`. Total charges
    and external fields may be constant.

    Why it matters: placeholders of a converter look like labels. The term fits them, its error falls
    quickly, and nothing was learnt.

    How to fix: leave the entry out of frames without the label; map the key of the real label.
    """

    code, slug, severity = "D219", "constant-label", Severity.WARNING
    after = ("D105", "D201", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such label."""
        train = context.data.train
        for line in read_lines(context):
            terms = terms_reading(context, line.name)
            if train is None or not terms or line.name in _MAY_BE_CONSTANT or not is_findable(line):
                continue
            value = _constant(train.profile, line)
            if value is not None:
                what = "zero" if value == 0.0 else f"{value:g}" if value == value else "the same"
                yield self.finding(
                    f"`{line.key.value}` is {what} in all training frames that have it", span=line.key.span,
                    labels=train.setting.label("read from here"), notes=(f"read by {listed(terms)}",),
                    when="the terms fit a constant, and nobody complains",
                    help="leave the entry out where there is no label, or map the key of the real one",
                )  # fmt: skip


def _constant(profile: DatasetProfile, line: Mapped) -> float | None:
    """The number; NaN if the components differ among each other; None if the label varies."""
    found = moments_of(profile, line)
    if not found or not all(moments.constant and not moments.nan for moments in found):
        return None
    values = {moments.minimum.value for moments in found if moments.minimum is not None}
    return values.pop() if len(values) == 1 else float("nan")
