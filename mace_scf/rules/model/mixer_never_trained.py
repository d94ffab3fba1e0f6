"""M114: a mixer of oxidation states whose weights stay as they start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold
from ..rule import Context, Rule

_MIXER, _NONE = "oxidation_state_mixer", "NoOxidationStateMixer"


@final
class MixerNeverTrained(Rule):
    """A mixer of oxidation states whose weights stay as they start.

    What it checks: whether `oxidation_state_mixer` asks for a mixer in LocalSplitCharges. The
    default is one too, and is not reported.

    Why it matters: the trainer hands the optimizer a list of parameter groups, and the weights of this mixer
    are in none of them. They keep their random start values through all stages, silently.

    How to fix: take `NoOxidationStateMixer`, or a fork that has the group `oxidation_state_mixer`.
    """

    code, slug, severity = "M114", "mixer-never-trained", Severity.INFO
    after = ("M110",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding; silent where the model has the group."""
        option, setting = context.trainer.option_by_name[_MIXER], context.run.option(_MIXER)
        if not setting.given or not setting.known or setting.value in (_NONE, option.default):
            return
        model = context.trainer.model_by_name.get(str(context.run.option("model").value))
        if model is None or all_hold(option.only_if, context.run.option) is not Verdict.MET:
            return
        if _MIXER not in model.parameter_groups:
            yield self.finding(
                f"the weights of `{_MIXER}: {setting.value}` are never trained",
                span=setting.span,
                labels=context.run.option("model").label(),
                notes=("they are in no parameter group of the optimizer",),
                when="silently; they keep their random start values",
                help=f"take `{_NONE}`, if the mixing is not wanted untrained",
            )
