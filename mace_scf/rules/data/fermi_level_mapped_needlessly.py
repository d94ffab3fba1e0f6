"""D111: Fermi levels mapped for a run that has no use for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import known_model
from ..rule import Context, Rule
from ._heads import mapped, may_be_input, read_by_terms

_LEVEL = "fermi_level"  # the one label whose mean is taken for every model


@final
class FermiLevelMappedNeedlessly(Rule):
    """Fermi levels mapped for a run that has no use for them.

    What it checks: `fermi_level` is mapped only if a term or the model reads it.

    Why it matters: the trainer takes the mean of the Fermi levels of the training frames for every model,
    also for those without one. If the property is mapped and no training frame carries it, the run stops
    with a ValueError before the model is built.

    How to fix: remove the mapping, or make sure that training frames carry the key.
    """

    code, slug, severity = "D111", "fermi-level-mapped-needlessly", Severity.INFO
    after = ("D105", "D215")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding, where the model is known and no offset is given."""
        offset = context.run.option("fermi_level_offset")
        if known_model(context) is None or offset.given or not context.stages:
            return
        if _LEVEL in read_by_terms(context) | may_be_input(context):
            return
        for line in mapped(context):
            if line.name == _LEVEL and line.is_read and line.is_at_home:
                yield self.finding(
                    f"`{_LEVEL}` is mapped, and nothing in this run needs it", span=line.key.place,
                    labels=context.run.option("model").label(),
                    when="the trainer stops before the model is built, if no training frame carries the key",
                    help=f"remove `{_LEVEL}`, or confirm that training frames carry `{line.key.value}`",
                )  # fmt: skip
