"""M102: a model without a width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity, Span
from ..helpers import new_option
from ..rule import Context, Rule

_PAIR = ("num_channels", "max_L")
_USUAL = {"num_channels": "128", "max_L": "1"}


@final
class IrrepsMissing(Rule):
    """A model without a width.

    What it checks: a run that is seen as a whole has `hidden_irreps`, or both `num_channels` and `max_L`.
    One of the two alone counts for nothing.

    Why it matters: these options have no defaults. The trainer builds the hidden irreps from them at
    start-up and stops where they are missing.

    How to fix: give `hidden_irreps`, such as `128x0e + 128x1o`, or both `num_channels: 128` and `max_L: 1`.
    """

    code, slug, severity = "M102", "irreps-missing", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding, and none while something may still be given elsewhere."""
        irreps = context.run.option("hidden_irreps")
        pair = [context.run.option(name) for name in _PAIR]
        if not all(setting.known for setting in (irreps, *pair)):
            return
        missing = [setting.name for setting in pair if setting.value is None]
        if len(missing) == 1:
            yield from self._half(context, missing[0])
        elif len(missing) == 2 and irreps.value is None:
            yield self.finding(
                "the run lacks `hidden_irreps`",
                span=context.run.option("model").place or Span(context.document.file),
                when="the trainer stops at start-up",
                help="give `hidden_irreps`, or both `num_channels` and `max_L`",
                fix=new_option(
                    context, {"hidden_irreps": "128x0e + 128x1o"}, "add `hidden_irreps: 128x0e + 128x1o`"
                ),
            )

    def _half(self, context: Context, missing: str) -> Iterator[Diagnostic]:
        (present,) = (context.run.option(name) for name in _PAIR if name != missing)
        irreps = context.run.option("hidden_irreps")
        if irreps.value is None:
            yield self.finding(
                f"`{present.name}` counts only together with `{missing}`",
                span=present.place,
                when="the trainer stops at start-up: it has neither this pair nor `hidden_irreps`",
                help=f"add `{missing}`, or give `hidden_irreps` in place of `{present.name}`",
                fix=new_option(context, {missing: _USUAL[missing]}, f"add `{missing}: {_USUAL[missing]}`"),
            )
            return
        yield self.finding(
            f"`{present.name}` has no effect: it counts only together with `{missing}`",
            span=present.place,
            severity=Severity.WARNING,
            labels=irreps.label("this decides"),
            when="the model is built from `hidden_irreps` alone",
            help=f"remove `{present.name}`, or add `{missing}` and remove `hidden_irreps`",
        )
