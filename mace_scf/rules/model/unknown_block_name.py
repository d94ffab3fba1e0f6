"""M110: a block of the model by an unknown name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Kind, Option
from ...catalog.suggest import suggest
from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..helpers import replacement
from ..rule import Context, Rule


@final
class UnknownBlockName(Rule):
    """A block of the model by an unknown name.

    What it checks: `static_bond_transfer_block` and `oxidation_state_mixer` of LocalSplitCharges have one
    of the names that exist.

    Why it matters: the argument parser takes any text. The name is looked up while the model is built,
    after the data were loaded, and the trainer stops there with a KeyError.

    How to fix: take one of the names in the message.
    """

    code, slug, severity = "M110", "unknown-block-name", Severity.ERROR
    after = ("C111", "C151")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per option; silent where the model does not read it, or was not seen."""
        for setting in context.run.given():
            option = context.trainer.option_by_name[setting.name]
            if option.kind is not Kind.STRING or option.group == "schedule" or not option.known:
                continue
            read = option.only_if and all_hold(option.only_if, context.run.option) is Verdict.MET
            if read and setting.known and setting.value not in option.known:
                yield self._unknown(context, option, setting)

    def _unknown(self, context: Context, option: Option, setting: Setting[Any]) -> Diagnostic:
        names = tuple(str(name) for name in option.known)
        near = suggest(str(setting.value), names)
        meant = "did you mean " + " or ".join(f"`{name}`" for name in near) + "?"
        return self.finding(
            f"`{option.name}` knows no `{setting.value}`",
            span=setting.span,
            labels=context.run.option("model").label(),
            notes=(f"it knows {', '.join(names)}",),
            when="the trainer stops while the model is built, after the data were loaded",
            help=meant if near else "take one of the known names",
            suggestions=near,
            fix=replacement(context, setting, near[0], safe=False) if near else None,
        )
