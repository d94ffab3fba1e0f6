"""L211: a term that needs an option which was not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Condition
from ...config import Setting, Source
from ...diagnostics import Diagnostic, Severity
from ...resolve import Lookup, StageResolution, TermResolution, prediction_need, stage_lookup
from ..rule import Context, Rule
from ._words import terms


@final
class TermNeedsUnseenOption(Rule):
    """A term that needs an option which was not seen.

    What it checks: where the command line was not seen, whether the defaults of the options would do for
    each term: those of `compute_stress` and `return_electrostatic_potentials` do not.

    Why it matters: if the option is not in the training command either, the first batch of the stage ends
    with a TypeError or KeyError.

    How to fix: nothing, if the training command sets the option; else set it.
    """

    code, slug, severity = "L211", "term-needs-unseen-option", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term, at its first stage, that unseen options decide and defaults refuse."""
        told: set[str] = set()
        for stage, resolution in terms(context):
            if stage.model is None or not resolution.unknown("prediction") or resolution.entry.name in told:
                continue
            missing = _missing(context, stage, resolution)
            if missing:
                told.add(resolution.entry.name)
                yield self._unseen(context, resolution, missing)

    def _unseen(
        self, context: Context, resolution: TermResolution, missing: tuple[Condition, ...]
    ) -> Diagnostic:
        wanted = " and ".join(f"`{condition.text}`" for condition in missing)
        return self.finding(
            f"`{resolution.entry.name}` needs {wanted}, which was not seen", span=resolution.entry.key_span,
            labels=context.run.option("model").label(),
            notes=tuple(_default(context, condition) for condition in missing),
            help="give the launcher, or add the option to this file",
        )  # fmt: skip


def _missing(context: Context, stage: StageResolution, resolution: TermResolution) -> tuple[Condition, ...]:
    """Conditions that the defaults do not meet."""
    assert stage.model is not None
    assert resolution.term is not None
    lookup = _with_defaults(context, stage)
    needs = [
        prediction_need(stage.model, need.name, lookup, columns=resolution.term.columns)
        for need in resolution.unknown("prediction")
    ]
    return tuple(dict.fromkeys(condition for need in needs for condition in need.blocking))


def _with_defaults(context: Context, stage: StageResolution) -> Lookup:
    seen = stage_lookup(context.run, stage.stage)

    def lookup(name: str) -> Setting[Any]:
        setting, option = seen(name), context.trainer.option_by_name.get(name)
        if setting.known or setting.given or option is None:
            return setting
        return Setting(name, option.default, Source.DEFAULT, known=True)

    return lookup


def _default(context: Context, condition: Condition) -> str:
    default = context.trainer.option_by_name[condition.option].default
    shown = str(default).lower() if isinstance(default, bool) else default
    return f"the default of `{condition.option}` is `{shown}`"
