"""What the rules about loss terms share: where a term stands, and when a mistake in it is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...catalog.model import Carries, Model
from ...catalog.term import Term
from ...catalog.trainer import Trainer
from ...config import Setting, Stage, TermEntry
from ...diagnostics import Fix, Label, Span
from ...resolve import StageResolution, TermResolution
from ...source import Scalar
from ..helpers import removal, stage_begins
from ..rule import Context


def terms(context: Context) -> Iterator[tuple[StageResolution, TermResolution]]:
    """Every term of every stage, with its stage."""
    for stage in context.stages:
        for term in stage.terms:
            yield stage, term


def entries(context: Context) -> Iterator[tuple[Stage, TermEntry]]:
    """Every line of every loss, with its stage."""
    for stage in context.run.stages:
        for entry in stage.loss.values():
            yield stage, entry


def places(context: Context) -> dict[Span, tuple[Stage, TermEntry]]:
    """Stage and term by the place of the term's key; for a loss shared by alias the first stage."""
    found: dict[Span, tuple[Stage, TermEntry]] = {}
    for stage, entry in entries(context):
        found.setdefault(entry.key_span, (stage, entry))
    return found


def without_term(context: Context, resolution: TermResolution) -> Fix | None:
    """The loss without a term; not if it is the only one."""
    key = resolution.entry.key_span
    return removal(context, key, key, f"remove `{resolution.entry.name}`", safe=False)


def at_stage_start(stage: Stage, trainer: Trainer) -> str:
    """When a term that cannot be built is noticed."""
    if trainer.term_check == "start-up":
        return "the run stops at start-up"
    after = ", after all earlier stages have trained" if stage.index else ", before its first step"
    return f"training stops when {stage_begins(stage)}{after}"


def at_first_batch(stage: Stage, trainer: Trainer, how: str = "") -> str:
    """When a term that can be built but not computed is noticed; ``how`` names the error."""
    error = f" ({how})" if how else ""
    if trainer.term_check == "start-up":
        return "the run stops at start-up: the loss engine takes no such stage"
    after = ", after all earlier stages have trained" if stage.index else ""
    return f"training stops at the first batch after {stage_begins(stage)}{after}{error}"


def able_models(term: Term, trainer: Trainer) -> tuple[Model, ...]:
    """Models that return, under some options, all that a term compares."""
    return tuple(model for model in trainer.models if serves(model, term))


def serves(model: Model, term: Term) -> bool:
    """Whether a model returns, under some options, all that a term compares."""
    return all(model.provisions(name, term.columns) for name in term.predictions)


def ways(model: Model, term: Term) -> str:
    """Under which options a model predicts what a term compares: " with `compute_stress: true`", or ""."""
    texts: dict[str, None] = {}
    for name in term.predictions:
        for entry in model.provisions(name, term.columns):
            if entry.carries is Carries.GRADIENT:
                texts.setdefault(" and ".join(f"`{condition.text}`" for condition in entry.when))
    alternatives = [text for text in texts if text]
    return f" with {', or with '.join(alternatives)}" if alternatives and "" not in texts else ""


def stands_alone(node: Any) -> bool:
    """A plain scalar whose place holds its characters and nothing else, so that they can be rewritten.

    False for values out of a quoted Python literal, whose place is the whole literal.
    """
    if not isinstance(node, Scalar) or not node.is_plain:
        return False
    return node.span.line == node.span.end_line and node.span.end_column - node.span.column == len(node.text)


def labels_of(*settings: Setting[Any]) -> tuple[Label, ...]:
    """Second places for a finding: where these settings were written, each place once."""
    return tuple(dict.fromkeys(label for setting in settings for label in setting.label()))


def code_list(names: tuple[str, ...] | list[str], last: str = "or") -> str:
    """```a`, `b` or `c```."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
