"""L201: a term on something that the model can never return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

from ...catalog.model import Model
from ...catalog.term import Term
from ...catalog.trainer import Trainer
from ...config import Setting, Source
from ...diagnostics import Diagnostic, Severity
from ...resolve import StageResolution, TermResolution
from ..rule import Context, Rule
from ._words import able_models, at_first_batch, serves, terms, ways, without_term


@final
class TermWithoutPrediction(Rule):
    """A term on something that the model can never return.

    What it checks: the run's `model` can return what each term compares, under some option or mode at least:
    stress needs a model without self-consistency, a Fermi level needs FixedPoint, charges and dipoles need
    an electrostatic model, potentials need FixedPoint.

    Why it matters: the trainer looks the prediction up in the first batch of the stage and finds no such key,
    or nothing behind it. In a later stage that is after all earlier stages have trained.

    How to fix: remove the term, or choose one of the models that the message names. The model is one for the
    whole run. `mace-scf capabilities` shows who serves what.
    """

    code, slug, severity = "L201", "term-without-prediction", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each term that the model cannot serve while another model can."""
        wanted = _wanted(context)
        for stage, resolution in terms(context):
            term, model = resolution.term, stage.model
            if term is None or model is None or serves(model, term):
                continue
            able = able_models(term, context.trainer)
            if able:
                yield self._refused(context, stage, resolution, term, model, _nearest(model, able, wanted))

    def _refused(
        self, context: Context, stage: StageResolution, resolution: TermResolution,
        term: Term, model: Model, nearest: Model | None,
    ) -> Diagnostic:  # fmt: skip
        setting = context.run.option("model")
        return self.finding(
            f"`{term.name}` does not work with model `{model.name}`",
            span=resolution.entry.key_span, labels=setting.label(),
            notes=(*_why(term, model, setting), f"models that do: {_offers(term, context.trainer)}"),
            when=at_first_batch(stage.stage, context.trainer), help=_advice(term, nearest),
            fix=without_term(context, resolution),
        )  # fmt: skip


def _wanted(context: Context) -> tuple[Term, ...]:
    """The terms of the run, each once."""
    found = {resolution.term.name: resolution.term for _, resolution in terms(context) if resolution.term}
    return tuple(found.values())


def _nearest(model: Model, able: Sequence[Model], wanted: Sequence[Term]) -> Model | None:
    """A model that serves every term of the run, most like the present one; None if there is none."""
    complete = [candidate for candidate in able if all(serves(candidate, term) for term in wanted)]
    return min(complete, key=lambda candidate: _unlike(model, candidate), default=None)


def _unlike(model: Model, candidate: Model) -> tuple[bool, bool]:
    return candidate.electrostatic != model.electrostatic, candidate.family != model.family


def _why(term: Term, model: Model, setting: Setting[str]) -> Iterator[str]:
    default = ", the default model," if setting.source is Source.DEFAULT else ""
    for name in term.predictions:
        if not model.provisions(name, term.columns):
            shape = " with all columns" if model.provisions(name) else ""
            yield f"it compares `{name}`, and `{model.name}`{default} returns none{shape}"


def _offers(term: Term, trainer: Trainer) -> str:
    """The able models, those with the same condition together."""
    groups: dict[str, list[str]] = {}
    for model in able_models(term, trainer):
        groups.setdefault(ways(model, term), []).append(f"`{model.name}`")
    return "; ".join(f"{', '.join(names)}{way}" for way, names in groups.items())


def _advice(term: Term, nearest: Model | None) -> str:
    if nearest is None:
        return f"remove `{term.name}`: no model serves all terms of this run"
    return f"remove `{term.name}`, or train `{nearest.name}`, which serves all terms of this run"
