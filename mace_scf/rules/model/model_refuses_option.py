"""M101: options with which the model crashes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.model import Model, Refusal
from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...resolve import Verdict, all_hold
from ..helpers import blocking, drop, known_model, replacement, rewrite
from ..rule import Context, Rule


@final
class ModelRefusesOption(Rule):
    """Options with which the model crashes.

    What it checks: the options of the run are among those that its model works with: no `compute_stress`
    with FixedPoint and MACEQEq, no multipoles or potential features beyond order 1, no
    `scaling: no_scaling` with ScaleShiftMACE, no multipole columns beyond the charges with MACEQEq.

    Why it matters: nothing of this is checked at start-up. The trainer loads the data, and crashes while
    the model is built or at the first batch.

    How to fix: change the option that the message names, or take another model.
    """

    code, slug, severity = "M101", "model-refuses-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per combination; silent where the model was not seen."""
        model = known_model(context)
        for refusal in model.refuses if model else ():
            outside = all(context.trainer.is_of_the_run(condition.option) for condition in refusal.when)
            if (
                model
                and refusal.when
                and outside
                and all_hold(refusal.when, context.run.option) is Verdict.MET
                and not _told_of_a_term(context, refusal)
            ):
                yield self._refused(context, model, refusal)

    def _refused(self, context: Context, model: Model, refusal: Refusal) -> Diagnostic:
        settings = [context.run.option(condition.option) for condition in refusal.when]
        chosen, named = context.run.option("model"), settings[0]
        return self.finding(
            f"`{model.name}` cannot work with {' and '.join(setting.shown for setting in settings)}",
            span=named.span if named.given else chosen.place,
            severity=Severity.ERROR if refusal.certain else Severity.WARNING,
            labels=chosen.label() if named.given else (),
            notes=(refusal.reason,),
            when=f"training stops {refusal.at}" + ("" if refusal.certain else ", as far as is known"),
            help=_help(refusal),
            fix=_changed(context, refusal, named),
        )


def _told_of_a_term(context: Context, refusal: Refusal) -> bool:
    """L202 asks for another value of the same option, and knows when training stops."""
    options = {condition.option for condition in refusal.when}
    return not refusal.certain and any(condition.option in options for condition in blocking(context))


def _help(refusal: Refusal) -> str:
    (first, *_) = refusal.when
    if first.values[0] is True:
        return f"set `{first.option}: false`, or take another model"
    if first.negated:
        allowed = " or ".join(str(value) for value in first.values)
        return f"set `{first.option}` to {allowed}, or take another model"
    if all(isinstance(value, int) for value in first.values):
        return f"set `{first.option}` to {min(first.values) - 1}, or take another model"
    return f"choose another value of `{first.option}`, or another model"


def _changed(context: Context, refusal: Refusal, setting: Setting[Any]) -> Fix | None:
    """Switched off; or the allowed value that is nearest; or the default."""
    first, option = refusal.when[0], context.trainer.option_by_name[setting.name]
    if not setting.given:
        return None
    if setting.value is True:
        on_command_line = setting.span is not None and setting.span.file in context.scripts
        return (
            drop(context, setting) if on_command_line else rewrite(context, setting.span, "false", safe=False)
        )
    if first.negated and all(isinstance(value, int) for value in first.values):
        return replacement(context, setting, max(first.values), safe=False)
    if all(isinstance(value, int) for value in first.values):
        return replacement(context, setting, min(first.values) - 1, safe=False)
    usable = option.default is not None and first.holds(option.default) is False
    return replacement(context, setting, option.default, safe=False) if usable else None
