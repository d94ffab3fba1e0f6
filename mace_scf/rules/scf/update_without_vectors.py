"""F126: an update block that needs features of order 1 in a model that has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...resolve import Verdict, all_hold
from ..helpers import replacement
from ..irreps import parse_irreps
from ..rule import Context, Rule
from ._blocks import field_block


@final
class UpdateWithoutVectors(Rule):
    """An update block that needs features of order 1 in a model that has none.

    What it checks: with the scaled update blocks of `fixedpoint_update_config`, the hidden features have a
    part of order 0 and a part of order 1.

    Why it matters: these blocks take the second hidden part by its number, so a model of scalars alone is
    an error when it is built, after the data were loaded.

    How to fix: set `max_L: 1`, or add a `1o` part to `hidden_irreps`, or take another update block.
    """

    code, slug, severity = "F126", "update-without-vectors", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        update = field_block(context, "fixedpoint_update_config", "update")
        option = context.trainer.option_by_name["fixedpoint_update_config"]
        if update is None or not update.needs_vectors:
            return
        scalars = _scalars_only(context)
        if scalars is None or all_hold(option.only_if, context.run.option) is not Verdict.MET:
            return
        setting = context.run.option("fixedpoint_update_config")
        yield self.finding(
            f"`{update.name}` needs hidden features of order 1",
            span=setting.place,
            labels=scalars.label("scalars alone"),
            when="the trainer stops while the model is built, after the data were loaded",
            help="set `max_L: 1`, or add a `1o` part to `hidden_irreps`",
            fix=_with_vectors(context, scalars),
        )


def _with_vectors(context: Context, setting: Setting[object]) -> Fix | None:
    """As many vectors as scalars."""
    if setting.name == "max_L":
        return replacement(context, setting, 1, "write `max_L: 1`", safe=False)
    parts = parse_irreps(str(setting.value))
    count = parts[0].multiplicity if parts else 0
    text = f"{count}x0e + {count}x1o"
    return (
        replacement(context, setting, text, safe=False) if count and parts and parts[0].order == 0 else None
    )


def _scalars_only(context: Context) -> Setting[object] | None:
    """The setting by which all hidden features are scalars, if it is certain."""
    order, channels, irreps = (
        context.run.option(name) for name in ("max_L", "num_channels", "hidden_irreps")
    )
    if not (order.known and channels.known):
        return None
    if order.value is not None and channels.value is not None:
        return order if order.value == 0 else None
    parts = parse_irreps(str(irreps.value)) if irreps.known and irreps.given else None
    return irreps if parts and len(parts) < 2 else None
