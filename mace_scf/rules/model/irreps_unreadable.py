"""M103: irreps that cannot be read, or not used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..helpers import replacement
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
                    context, setting, when, "is empty" if parts == () else "cannot be read as irreps"
                )
            elif name == "hidden_irreps" and len({part.multiplicity for part in parts}) > 1:
                yield self._unequal(context, setting, when, parts)

    def _unreadable(self, context: Context, setting: Setting[Any], when: str, complaint: str) -> Diagnostic:
        meant = _likely(str(setting.value))
        return self.finding(
            f"`{setting.name}: {setting.value}` {complaint}",
            span=setting.span,
            notes=("a part is a multiplicity, `x`, an order, and `e` for even or `o` for odd",),
            when=when,
            help="write parts like `128x0e + 128x1o`",
            fix=replacement(context, setting, meant, safe=False) if meant else None,
        )

    def _unequal(
        self, context: Context, setting: Setting[Any], when: str, parts: tuple[Irrep, ...]
    ) -> Diagnostic:
        text = " + ".join(f"{parts[0].multiplicity}x{_named(part)}" for part in parts)
        counts = ", ".join(str(part.multiplicity) for part in parts)
        return self.finding(
            "the parts of `hidden_irreps` have different multiplicities",
            span=setting.span,
            notes=(f"they have {counts}; the model has one number of channels for all orders",),
            when=when,
            help="give every part the same multiplicity, or use `num_channels` and `max_L`",
            fix=replacement(context, setting, text, safe=False),
        )


def _named(part: Irrep) -> str:
    return f"{part.order}{'e' if part.parity == 1 else 'o'}"


def _likely(text: str) -> str:
    """Other signs for `x` and `+`, and the parity of a vector or scalar where it was left out."""
    parts = re.split(r"[+,]", re.sub(r"[*×]|(?<=\d)\s+(?=\d)", "x", text))
    whole = [re.sub(r"(x\s*)?(\d)$", _with_parity, part.strip()) for part in parts]
    meant = " + ".join(part.replace(" ", "") for part in whole)
    return meant if meant != text and parse_irreps(meant) else ""


def _with_parity(match: re.Match[str]) -> str:
    return f"{match[1] or ''}{match[2]}{'eo'[int(match[2]) % 2]}"


def _is_overridden(context: Context) -> bool:
    """`num_channels` and `max_L` together win, and the text is never read."""
    pair = (context.run.option(name) for name in ("num_channels", "max_L"))
    return all(setting.known and setting.value is not None for setting in pair)
