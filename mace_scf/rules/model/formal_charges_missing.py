"""M104: a model of formal charges without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import known_model, new_option, replacement
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
            fix=_from_data(context) or _zeros(context, charges),
        )


def _from_data(context: Context) -> Fix | None:
    """Where the labels are mapped already."""
    head = context.run.head
    if head is None or head.key_of("charges", "arrays_keys") is None:
        return None
    return new_option(context, {"formal_charges_from_data": "true"}, "add `formal_charges_from_data: true`")


def _zeros(context: Context, charges: Setting[Any]) -> Fix | None:
    """For the elements that the run names itself: zeros are fine for the trainer."""
    energies = context.run.option("E0s").value
    elements = [key for key in energies if isinstance(key, int)] if isinstance(energies, dict) else []
    if not elements:
        return None
    text = "{" + ", ".join(f"{number}: 0.0" for number in elements) + "}"
    shown = f"write `atomic_formal_charges: {text}`"
    if charges.given:
        return replacement(context, charges, text, shown, safe=False)
    return new_option(context, {"atomic_formal_charges": text}, shown)
