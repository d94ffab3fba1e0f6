"""F109: a number written as a text, beyond its limits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Option
from ...config import Setting
from ...config.values import expectation, within_limits
from ...diagnostics import Diagnostic, Severity
from ..helpers import nearest, rewrite, yaml_text
from ..rule import Context, Rule
from ._blocks import blocks_in_use


@final
class FixedPointValue(Rule):
    """A number written as a text, beyond its limits.

    What it checks: `scf_tolerance` and `mixing_parameter` may be written as texts, such as `1e-6`, because
    the trainer converts them itself. Their limits hold all the same: the tolerance is positive, and the
    mixing parameter lies between 0 and 1.

    Why it matters: the trainer checks the limits at start-up and stops.

    How to fix: write a number within the limits.
    """

    code, slug, severity = "F109", "fixed-point-value", Severity.ERROR
    after = ("C110", "C112")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per value."""
        options = [option for option in context.trainer.blocks.scf if option.converted]
        for _, block, _ in blocks_in_use(context):
            for option in options:
                setting = getattr(block.scf, option.name, None)
                if (
                    isinstance(setting, Setting)
                    and isinstance(setting.raw, str)
                    and _is_beyond(option, setting)
                ):
                    yield self._beyond(context, option, setting)

    def _beyond(self, context: Context, option: Option, setting: Setting[Any]) -> Diagnostic:
        meant = nearest(option, setting.value)
        return self.finding(
            f"`{option.name}` takes {expectation(option)}, not `{setting.raw}`",
            span=setting.span,
            when="the trainer stops at start-up",
            help=f"give {expectation(option)}",
            fix=None if meant is None else rewrite(context, setting.span, yaml_text(meant), safe=False),
        )


def _is_beyond(option: Option, setting: Setting[Any]) -> bool:
    value = setting.value
    if not isinstance(value, float) or within_limits(option, value):
        return False
    # NaN passes a check against one limit: that is a finding of its own
    return not math.isnan(value) or option.maximum is not None
