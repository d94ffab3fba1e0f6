"""M103: irreps that cannot be read, or not used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..irreps import Irrep, parse_irreps
from ..rule import Context, Rule

_OPTIONS = {
    "hidden_irreps": "the trainer stops at start-up",
    "MLP_irreps": "the trainer stops while the model is built, after the data were loaded",
}


@final
class IrrepsUnreadable(Rule):
    """Irreps that cannot be read, or not used.

    What it checks: `hidden_irreps` and `MLP_irreps` are sums of parts such as `128x0e`: how many, of which
    order, even (`e`) or odd (`o`). The parts of `hidden_irreps` all have one multiplicity.

    Why it matters: the trainer reads `hidden_irreps` at start-up and stops at another text, at an empty one
    and at multiplicities that differ; the other irreps are read when the model is built.

    How to fix: write parts like `128x0e + 128x1o`.
    """

    code, slug, severity = "M103", "irreps-unreadable", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per option."""
        for name, when in _OPTIONS.items():
            setting = context.run.option(name)
            if (
                not setting.given
                or not setting.known
                or (name == "hidden_irreps" and _is_overridden(context))
            ):
                continue
            parts = parse_irreps(str(setting.value))
            if not parts:
                yield self._unreadable(
                    setting, when, "is empty" if parts == () else "cannot be read as irreps"
                )
            elif name == "hidden_irreps" and len({part.multiplicity for part in parts}) > 1:
                yield self._unequal(setting, when, parts)

    def _unreadable(self, setting: Setting[Any], when: str, complaint: str) -> Diagnostic:
        return self.finding(
            f"`{setting.name}: {setting.value}` {complaint}",
            span=setting.span,
            notes=("a part is a multiplicity, `x`, an order, and `e` for even or `o` for odd",),
            when=when,
            help="write parts like `128x0e + 128x1o`",
        )

    def _unequal(self, setting: Setting[Any], when: str, parts: tuple[Irrep, ...]) -> Diagnostic:
        counts = ", ".join(str(part.multiplicity) for part in parts)
        return self.finding(
            "the parts of `hidden_irreps` have different multiplicities",
            span=setting.span,
            notes=(f"they have {counts}; the model has one number of channels for all orders",),
            when=when,
            help="give every part the same multiplicity, or use `num_channels` and `max_L`",
        )


def _is_overridden(context: Context) -> bool:
    """`num_channels` and `max_L` together win, and the text is never read."""
    pair = (context.run.option(name) for name in ("num_channels", "max_L"))
    return all(setting.known and setting.value is not None for setting in pair)
