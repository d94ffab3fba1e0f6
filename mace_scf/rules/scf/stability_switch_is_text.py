"""F113: a switch that is on whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config.structure import describe
from ...diagnostics import Diagnostic, Severity
from ...source import Scalar
from ..helpers import rewrite
from ..rule import Context, Rule
from ._blocks import blocks_in_use


@final
class StabilitySwitchIsText(Rule):
    """A switch that is on whatever it says.

    What it checks: `fixedpoint_scf_stability` of a stage is a plain boolean.

    Why it matters: the trainer takes any value and asks only whether it is empty, so the text "false"
    means true. It stores and logs the result.

    How to fix: write `true` or `false` without quotes, or remove the line: the loss decides then.
    """

    code, slug, severity = "F113", "stability-switch-is-text", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        for _, block, _ in blocks_in_use(context):
            switch = block.fixedpoint_scf_stability
            if not switch.given or isinstance(switch.raw, bool) or switch.raw is None:
                continue
            word = switch.node.text.lower() if isinstance(switch.node, Scalar) else ""
            yield self.finding(
                f"`{switch.name}` is {describe(switch.raw)}, which counts as {str(bool(switch.raw)).lower()}",
                span=switch.span,
                when="the trainer logs the wrong thing; nothing else reads it",
                help="write `true` or `false` without quotes, or remove the line",
                fix=rewrite(context, switch.span, word) if word in ("true", "false") else None,
            )
