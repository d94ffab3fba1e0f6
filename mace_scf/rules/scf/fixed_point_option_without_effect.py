"""F115: a fixed-point option that its stage does not use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Condition, Option, State
from ...config import FixedPointOptions, Setting, Stage
from ...diagnostics import Diagnostic, Fix, Severity
from ...resolve import Lookup, Verdict, all_hold, holds
from ..helpers import removal
from ..rule import Context, Rule
from ._blocks import blocks_in_use


@final
class FixedPointOptionWithoutEffect(Rule):
    """A fixed-point option that its stage does not use.

    What it checks: an option of `fixed_point_training_options` or `scf` that differs from its default is
    one that the mode and the other options of the stage leave in use: `linear_solve` where a linear system
    is solved, `use_autograd_forces` at constant Fermi level, `initial_fermi_level` where the iterations
    may choose their start.

    Why it matters: the trainer takes the value and never uses it. `use_autograd_forces: false` at constant
    charge changes nothing; `initial_fermi_level: zero` in implicit at constant Fermi level still takes the
    label of each frame.

    How to fix: remove the line, or change the option in the message on which it depends.
    """

    code, slug, severity = "F115", "fixed-point-option-without-effect", Severity.WARNING
    after = ("F106", "F109", "F110", "F113", "F114")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per option; a default that is spelled out is no finding."""
        options = [*context.trainer.blocks.fixed_point, *context.trainer.blocks.scf]
        for stage, block, lookup in blocks_in_use(context):
            for option in options:
                setting = _setting(block, option)
                if setting is not None and setting.given and setting.known:
                    yield from self._unused(context, stage, option, setting, lookup)

    def _unused(
        self, context: Context, stage: Stage, option: Option, setting: Setting[Any], lookup: Lookup
    ) -> Iterator[Diagnostic]:
        causes = _causes(option, lookup)
        inert = option.state is State.INERT
        if not (inert or (causes and setting.value != option.default)):
            return
        deciders = [lookup(cause.option) for cause in causes]
        shown = tuple(decider.shown for decider in deciders if not decider.given)
        yield self.finding(
            f"{setting.shown} has no effect",
            span=setting.span,
            labels=tuple(label for decider in deciders for label in decider.label()),
            notes=(option.because, *shown),
            when="the value is read and never used",
            help=f"remove `{option.name}`" + (_ways(option) if not inert else ""),
            fix=_removed(context, stage, setting),
        )


def _setting(block: FixedPointOptions, option: Option) -> Setting[Any] | None:
    if option.name in ("scf", "mode"):
        return None
    holder: Any = block if hasattr(block, option.name) else block.scf
    setting = getattr(holder, option.name, None)
    return setting if isinstance(setting, Setting) else None


def _removed(context: Context, stage: Stage, setting: Setting[Any]) -> Fix | None:
    """Not where the key is merged from a block that another stage may need."""
    if setting.key_span is None or not stage.span.covers(setting.key_span):
        return None
    return removal(context, setting.key_span, setting.span, f"remove `{setting.name}`")


def _causes(option: Option, lookup: Lookup) -> list[Condition]:
    """The conditions that make it useless, as far as they are known."""
    failing = [condition for condition in option.only_if if holds(condition, lookup) is Verdict.NOT_MET]
    if failing:
        return failing
    return list(option.not_if) if option.not_if and all_hold(option.not_if, lookup) is Verdict.MET else []


def _ways(option: Option) -> str:
    return (
        f"; it counts with {' and '.join(f'`{condition.text}`' for condition in option.only_if)}"
        if option.only_if
        else ""
    )
