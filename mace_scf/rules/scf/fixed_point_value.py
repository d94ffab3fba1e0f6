"""F109: a value of the fixed-point options that the trainer does not take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Kind, Option
from ...config import FixedPointOptions, Setting
from ...config.structure import describe
from ...config.values import expectation, within_limits
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Scalar
from ..helpers import rewrite
from ..rule import Context, Rule


@final
class FixedPointValue(Rule):
    """A value of the fixed-point options that the trainer does not take.

    What it checks: numbers of steps are whole numbers without a point, switches are plain booleans, and
    the two numbers that may be written as texts (`scf_tolerance`, `mixing_parameter`) respect their limits.

    Why it matters: the trainer checks these types at start-up and stops: `num_scf_steps: 10.0` and
    `constant_charge: 'true'` look right and are refused. `constant_charge: yes` is a boolean for its YAML
    reader and passes.

    How to fix: write what the message asks for.
    """

    code, slug, severity = "F109", "fixed-point-value", Severity.ERROR
    after = ("C111", "C112", "C120", "C121", "C122", "C123", "C124", "F119")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per value."""
        blocks = context.trainer.blocks
        options = [option for option in (*blocks.fixed_point, *blocks.scf) if option.name not in _FREE]
        for stage in context.run.stages:
            for block in stage.blocks:
                for option in options:
                    setting = _setting(block, option.name)
                    if setting is not None and setting.given and not _accepted(option, setting):
                        yield self._refused(context, option, setting)

    def _refused(self, context: Context, option: Option, setting: Setting[Any]) -> Diagnostic:
        return self.finding(
            f"`{option.name}` takes {expectation(option)}, not {describe(setting.raw)}",
            span=setting.span,
            when="the trainer stops at start-up",
            help=f"give {expectation(option)}",
            fix=_meant(context, option, setting),
        )


_FREE = ("scf", "fixedpoint_scf_stability")  # a mapping, and a switch that takes anything


def _setting(block: FixedPointOptions, name: str) -> Setting[Any] | None:
    holder: Any = block if hasattr(block, name) else block.scf
    setting = getattr(holder, name, None)
    return setting if isinstance(setting, Setting) else None


def _accepted(option: Option, setting: Setting[Any]) -> bool:
    """Right type and, where a text stands for a number, within the limits; other limits are the schema's."""
    if setting.raw is None:
        return True
    if not setting.known:
        return False
    value = setting.value
    if not (option.converted and isinstance(setting.raw, str) and isinstance(value, float)):
        return True
    # NaN passes a check against one limit: that is a finding of its own
    return (math.isnan(value) and option.maximum is None) or within_limits(option, value)


def _meant(context: Context, option: Option, setting: Setting[Any]) -> Fix | None:
    raw, node = setting.raw, setting.node
    if option.kind is Kind.INTEGER and isinstance(raw, float) and raw.is_integer():
        return rewrite(context, setting.span, str(int(raw)))
    if (
        option.kind is Kind.STRICT_BOOLEAN
        and isinstance(node, Scalar)
        and node.text.lower() in ("true", "false")
    ):
        return rewrite(context, setting.span, node.text.lower())
    return None
