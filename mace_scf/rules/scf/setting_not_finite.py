"""F119: a tolerance or an offset that is no finite number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..helpers import drop
from ..rule import Context, Rule
from ._blocks import blocks_in_use


@final
class SettingNotFinite(Rule):
    """A tolerance or an offset that is no finite number.

    What it checks: `scf_tolerance` and `fermi_level_offset` are finite.

    Why it matters: a quoted "nan" tolerance passes the check at start-up, and no iteration is ever
    converged. An offset of NaN passes too and makes every Fermi level NaN. Nothing stops the run.

    How to fix: write a number, or remove the line to take the default.
    """

    code, slug, severity = "F119", "setting-not-finite", Severity.ERROR
    after = ("C112", "C120", "C121", "C122", "C123", "C124")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per value."""
        for stage, block, _ in blocks_in_use(context):
            if block.scf is not None and _is_not_finite(block.scf.scf_tolerance):
                never = "no iteration ever counts as converged, silently"
                yield self._not_finite(context, block.scf.scf_tolerance, f"{never}, in {stage.title}")
        offset = context.run.option("fermi_level_offset")
        if _is_not_finite(offset):
            yield self._not_finite(
                context, offset, "every Fermi level and what follows from it is NaN, silently"
            )

    def _not_finite(self, context: Context, setting: Setting[Any], when: str) -> Diagnostic:
        return self.finding(
            f"`{setting.name}` is `{setting.raw}`, not a finite number",
            span=setting.span,
            when=when,
            help=f"write a number, or remove `{setting.name}`",
            fix=drop(context, setting),
        )


def _is_not_finite(setting: Setting[Any]) -> bool:
    if not (setting.given and setting.known and isinstance(setting.value, float)):
        return False
    return math.isnan(setting.value) or (math.isinf(setting.value) and setting.name == "fermi_level_offset")
