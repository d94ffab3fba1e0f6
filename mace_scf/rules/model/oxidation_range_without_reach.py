"""M113: a range of oxidation states that the bond block does not take over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import equals_default
from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..rule import Context, Rule

_RANGE, _BLOCK = "oxidation_state_range", "static_bond_transfer_block"
_OWN_RANGE = "-4 to 4"


@final
class OxidationRangeWithoutReach(Rule):
    """A range of oxidation states that the bond block does not take over.

    What it checks: whether `oxidation_state_range` is given for a model whose bond block depends on
    oxidation states. The default is not reported.

    Why it matters: the range reaches the embedding of the states alone. The oxidation-dependent bond block
    keeps its own range of −4 to 4, silently, so states outside of it are not told apart there.

    How to fix: nothing, if the states of the data lie within −4 to 4; otherwise take the bond block that
    does not look at them.
    """

    code, slug, severity = "M113", "oxidation-range-without-reach", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        option = context.trainer.option_by_name[_RANGE]
        setting, block = context.run.option(_RANGE), context.run.option(_BLOCK)
        if not setting.given or equals_default(option, setting.value):
            return
        if all_hold(option.only_if, context.run.option) is not Verdict.MET:
            return
        if block.known and "OxidationDependent" in str(block.value):
            yield self.finding(
                f"`{_RANGE}` does not reach the bond block, which keeps {_OWN_RANGE}",
                span=setting.place,
                labels=block.label(),
                notes=(block.shown,),
                when="silently",
                help=f"make sure that all oxidation states lie within {_OWN_RANGE}, or take another bond block",
            )
