"""For every stage and term: is what it requires there? The one door into the loss engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from ..catalog.model import Carries, Model
from ..catalog.option import Option
from ..catalog.quantity import Quantity
from ..catalog.term import Term
from ..catalog.trainer import Trainer
from ..config import RunConfig, Setting, Source, Stage, TermEntry, typed_default
from ..diagnostics import Diagnostic, Label
from ..diagnostics.unshown import SEE_ERRORS
from .needs import Because, Lookup, Need, Verdict, all_of, prediction_need
from .validated import OptionValue, Schedule, TermSpec, ValidatedStage

NO_KEY = "none"
"""The file key that the trainer itself fills in for unmapped energy, forces and stress."""


@attrs.frozen(eq=False)
class TermResolution:
    """One term of one stage.

    Attributes:
        entry: as written.
        term: its declaration; ``None`` for an unknown name.
        needs: every requirement with its answer.
    """

    entry: TermEntry
    term: Term | None
    needs: tuple[Need, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """All requirements together."""
        return all_of(need.verdict for need in self.needs)

    def failing(self, kind: str) -> tuple[Need, ...]:
        """Requirements of a kind that are not met."""
        return tuple(need for need in self.needs if need.kind == kind and need.verdict is Verdict.NOT_MET)

    def unknown(self, kind: str) -> tuple[Need, ...]:
        """Requirements of a kind that nobody can answer yet."""
        return tuple(need for need in self.needs if need.kind == kind and need.verdict is Verdict.UNKNOWN)

    @property
    def carries(self) -> Carries:
        """What kind of value the term's first prediction is."""
        return next((need.carries for need in self.needs if need.kind == "prediction"), Carries.GRADIENT)


@attrs.frozen(eq=False)
class StageResolution:
    """One stage: its model and mode as far as known, and its terms."""

    stage: Stage
    model: Model | None
    mode: Setting[str]
    terms: tuple[TermResolution, ...]


def stage_lookup(run: RunConfig, stage: Stage) -> Lookup:
    """Settings by name, the stage's own fixed-point options before the run's options."""

    def lookup(name: str) -> Setting[Any]:
        if name == "mode":
            return stage.mode
        block = stage.fixed_point
        for holder in (block.scf if block else None, block):
            setting = getattr(holder, name, None) or (holder.others.get(name) if holder else None)
            if isinstance(setting, Setting):
                return setting
        return run.option(name)

    return lookup


def resolve(run: RunConfig, trainer: Trainer) -> tuple[StageResolution, ...]:
    """Answer every requirement of every term of every stage."""
    return tuple(_resolve_stage(run, stage, trainer) for stage in run.stages)


def _resolve_stage(run: RunConfig, stage: Stage, trainer: Trainer) -> StageResolution:
    model_setting = run.option("model")
    model = trainer.model_by_name.get(str(model_setting.value)) if model_setting.known else None
    lookup = stage_lookup(run, stage)
    terms = tuple(_resolve_term(entry, run, model, trainer, lookup) for entry in stage.loss.values())
    return StageResolution(stage, model, stage.mode, terms)


def _resolve_term(
    entry: TermEntry, run: RunConfig, model: Model | None, trainer: Trainer, lookup: Lookup
) -> TermResolution:
    term = trainer.term_by_name.get(entry.name)
    if term is None:
        unknown = Because(f"trainer `{trainer.name}` knows no term `{entry.name}`")
        return TermResolution(entry, None, (Need("term", entry.name, Verdict.NOT_MET, (unknown,)),))
    predictions = (_prediction(name, term, model, trainer, lookup) for name in term.predictions)
    references = (_reference(trainer.quantity_by_name[name], run) for name in term.references)
    return TermResolution(entry, term, (*predictions, *references))


def _prediction(name: str, term: Term, model: Model | None, trainer: Trainer, lookup: Lookup) -> Need:
    if model is not None:
        return prediction_need(model, name, lookup, columns=term.columns)
    if lookup("model").given and lookup("model").known:
        because = Because(
            f"`model` is `{lookup('model').value}`, which is not declared", lookup("model").label()
        )
        return Need("prediction", name, Verdict.UNKNOWN, (because,))
    able = [candidate.name for candidate in trainer.models if candidate.provisions(name)]
    if not able:
        because = Because(f"no model returns `{name}`")
        return Need("prediction", name, Verdict.NOT_MET, (because,))
    if len(able) == len(trainer.models):
        return Need("prediction", name, Verdict.MET, (Because(f"every model returns `{name}`"),))
    needed = Because(f"`{name}` needs one of {', '.join(able)}")
    return Need("prediction", name, Verdict.UNKNOWN, (needed, Because("`model` was not seen")))


def _reference(quantity: Quantity, run: RunConfig) -> Need:
    head = run.head
    if head is None:
        return Need("reference", quantity.name, Verdict.UNKNOWN, (Because("`heads` was not seen"),))
    key = head.key_of(quantity.name, quantity.container)
    if key is None or key.raw == NO_KEY:
        return Need("reference", quantity.name, Verdict.NOT_MET, (_unmapped(quantity, head, key),))
    return Need("reference", quantity.name, Verdict.MET, (Because(f"mapped to `{key.value}`", key.label()),))


def _unmapped(quantity: Quantity, head: Any, key: Setting[str] | None) -> Because:
    value, weight = quantity.unmapped
    becomes = f"every frame then gets {value:g}" + ("" if weight is None else f" with weight {weight:g}")
    entry = head.info_entry if quantity.container == "info_keys" else head.arrays_entry
    labels = key.label() if key else tuple(Label(span, "mapped labels") for span in (entry.key_span,) if span)
    return Because(f"`heads` maps no `{quantity.name}` in `{quantity.container}`; {becomes}", labels)


ALL_MET = "every requirement met"


def stage_summary(resolution: StageResolution, *, ready: bool = True) -> str:
    """One line about a stage: its epochs, mode and weighted terms, and how far their requirements are met.

    A stage that is not ``ready`` has an error of another kind: then nothing is promised.
    """
    stage = resolution.stage
    facts = [f"epochs {stage.start.value}–{stage.end.value}"] if stage.start.known and stage.end.known else []
    facts += [f"mode {stage.mode.value}"] if stage.mode.known else []
    terms = ", ".join(_shown_term(entry) for entry in resolution.terms) or "no terms"
    known = f" ({', '.join(facts)})" if facts else ""
    return f"{stage.title}{known}: {terms}; {_state(resolution, ready=ready)}"


def _shown_term(resolution: TermResolution) -> str:
    weight = resolution.entry.weight
    return f"{resolution.entry.name} {weight.value:g}" if weight.known else resolution.entry.name


def _state(resolution: StageResolution, *, ready: bool) -> str:
    verdicts = [term.verdict for term in resolution.terms]
    open_ones = verdicts.count(Verdict.UNKNOWN)
    if Verdict.NOT_MET in verdicts:
        return f"{verdicts.count(Verdict.NOT_MET)} of {len(verdicts)} terms lack something"
    return f"{open_ones} of {len(verdicts)} terms not knowable yet" if open_ones else _met(ready)


def _met(ready: bool) -> str:
    return ALL_MET if ready else SEE_ERRORS


def validated_stages(
    resolutions: Iterable[StageResolution],
    run: RunConfig,
    trainer: Trainer,
    findings: Mapping[int, tuple[Diagnostic, ...]],
) -> tuple[ValidatedStage, ...]:
    """The stages, given the non-error findings of those that are clean, by stage index."""
    heads, settings = _head_keys(run, trainer), _settings(run, trainer)
    return tuple(
        attrs.evolve(
            _validated(resolution, run, trainer, heads, findings[resolution.stage.index]), settings=settings
        )
        for resolution in resolutions
        if resolution.stage.index in findings
    )


def _validated(
    resolution: StageResolution, run: RunConfig, trainer: Trainer,
    heads: Mapping[str, tuple[str, str]], findings: tuple[Diagnostic, ...],
) -> ValidatedStage:  # fmt: skip
    stage, model = resolution.stage, run.option("model")
    return ValidatedStage(
        name=str(stage.name.value or stage.key.value), trainer=trainer.name,
        model=str(model.value) if model.known else None,
        mode=stage.mode.value if stage.mode.known else None,
        terms=tuple(_spec(entry) for entry in resolution.terms), heads=heads, findings=findings,
        schedule=_schedule(stage), fixed_point=_fixed_point(stage),
    )  # fmt: skip


def _settings(run: RunConfig, trainer: Trainer) -> dict[str, OptionValue]:
    """Every option as the trainer uses it, by name."""
    return {name: _value(trainer.option_by_name[name], setting) for name, setting in run.options.items()}


def _value(option: Option, setting: Setting[Any]) -> OptionValue:
    value = typed_default(option) if setting.source is Source.DEFAULT else setting.value
    place = setting.place.shown if setting.place else ""
    return OptionValue(value if setting.known else None, setting.source.value, place, setting.known)


def _schedule(stage: Stage) -> Schedule:
    groups = {name: rate.value for name, rate in stage.group_lrs.items() if rate.known}
    return Schedule(
        start=stage.start.value if stage.start.known else None,
        end=stage.end.value if stage.end.known else None,
        lr=stage.lr.value if stage.lr.known else None,
        group_lrs={name: float(rate) for name, rate in groups.items() if rate is not None},
    )


def _fixed_point(stage: Stage) -> dict[str, Any]:
    """What the stage says of its self-consistency, the nested block laid flat."""
    block = stage.fixed_point
    if block is None:
        return {}
    settings = [
        setting
        for holder in (block, block.scf)
        if holder is not None
        for setting in (*attrs.asdict(holder, recurse=False).values(), *holder.others.values())
        if isinstance(setting, Setting) and setting is not getattr(holder, "scf_entry", None)
    ]
    return {setting.name: setting.value for setting in settings if setting.known}


def _spec(resolution: TermResolution) -> TermSpec:
    entry, term = resolution.entry, resolution.term
    assert term is not None
    options = {option.name: option.default for option in term.options}
    options |= {name: setting.value for name, setting in entry.options.items()}
    return TermSpec(entry.name, float(entry.weight.value or 0.0), options)


def _head_keys(run: RunConfig, trainer: Trainer) -> dict[str, tuple[str, str]]:
    if run.head is None:
        return {}
    maps = {"info_keys": run.head.info_keys, "arrays_keys": run.head.arrays_keys}
    return {
        name: (container, str(key.value))
        for container, keys in maps.items()
        for name, key in keys.items()
        if key.known
    }
