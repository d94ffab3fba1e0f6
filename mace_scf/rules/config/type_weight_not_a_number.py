"""C155: a weight of a frame type that is no number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...config.structure import describe
from ...diagnostics import Diagnostic, Severity, Span
from ...source import Mapping
from ..rule import Context, Rule


@final
class TypeWeightNotANumber(Rule):
    """A weight of a frame type that is no number.

    What it checks: the values of `config_type_weights` are numbers.

    Why it matters: at start-up the trainer only looks whether it is a mapping. Each frame's weight is
    multiplied by the value of its type while the data are loaded, where a text is a TypeError.

    How to fix: write numbers: `{Default: 1.0, surface: 2.0}`.
    """

    code, slug, severity = "C155", "type-weight-not-a-number", Severity.ERROR
    after = ("C110", "C120", "C123", "C147")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such value."""
        setting = context.run.option("config_type_weights")
        if not setting.given or not isinstance(setting.value, dict):
            return
        for name, value in setting.value.items():
            if not isinstance(value, int | float):
                yield self.finding(
                    f"the weight of the type `{name}` takes a number, not {describe(value)}",
                    span=_place(setting, name),
                    when="the trainer stops when it loads the data, at the first frame of that type",
                    help="write a number",
                )


def _place(setting: Setting[Any], name: Any) -> Span | None:
    entry = setting.node.get(str(name)) if isinstance(setting.node, Mapping) else None
    return entry.value.span if entry is not None else setting.span
