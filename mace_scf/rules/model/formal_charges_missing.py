"""M104: a model of formal charges without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import known_model
from ..rule import Context, Rule


@final
class FormalChargesMissing(Rule):
    """A model of formal charges without them.

    What it checks: LocalSplitCharges and FixedChargeBaselinedMACE have `atomic_formal_charges` with an
    entry at least, or `formal_charges_from_data`.

    Why it matters: the default is an empty mapping, which never covers the elements of the data: the
    trainer stops while the model is built, after the data were loaded.

    How to fix: give the formal charge of every element by atomic number, such as `{1: 1, 8: -2}`; zeros
    are fine. Or set `formal_charges_from_data: true` and map `charges`.
    """

    code, slug, severity = "M104", "formal-charges-missing", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding, and none while something may still be given elsewhere."""
        model = known_model(context)
        charges = context.run.option("atomic_formal_charges")
        from_data = context.run.option("formal_charges_from_data")
        if model is None or not model.needs_formal_charges or not from_data.is_known(False):
            return
        if not charges.known or charges.value not in ("{}", {}):
            return
        yield self.finding(
            f"`{model.name}` needs formal charges",
            span=charges.span if charges.given else context.run.option("model").place,
            labels=context.run.option("model").label() if charges.given else (),
            notes=("`atomic_formal_charges` is empty" + ("" if charges.given else " by default"),),
            when="the trainer stops while the model is built, after the data were loaded",
            help="give `atomic_formal_charges` for every element, or set `formal_charges_from_data: true`",
        )
