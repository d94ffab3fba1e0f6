"""Whether an option that was given does anything in this run, and what decides it."""

from __future__ import annotations

from typing import Any

import attrs

from ...catalog.option import Condition, Option, State
from ...config import Setting
from ...diagnostics import Label
from ..rule import Context


@attrs.frozen
class NoEffect:
    """Why an option is not read.

    Attributes:
        notes: the reasons, outermost first.
        labels: places of the settings that decide it.
    """

    notes: tuple[str, ...]
    labels: tuple[Label, ...] = ()


def without_effect(option: Option, context: Context) -> NoEffect | None:
    """Why a given value of this option is never read; None where it is, or where nobody can tell."""
    if option.state is State.INERT:
        return NoEffect((option.because or "the trainer never reads it",))
    for condition in option.only_if:
        decider = context.run.option(condition.option)
        if decider.known and not condition.holds(decider.value):
            return _undone(option, f"`{option.name}` counts only {_where(condition)}", (decider,))
    if option.not_if and all(_known_to_hold(condition, context) for condition in option.not_if):
        deciders = tuple(context.run.option(condition.option) for condition in option.not_if)
        return _undone(option, "", deciders)
    return None


def is_cut_short(setting: Setting[Any], context: Context) -> bool:
    """Whether words behind the value belong to no option: then the shell has cut it to pieces."""
    span = setting.span
    stray = (finding.span for finding in context.structural if finding.code == "R107")
    return span is not None and any(
        other is not None
        and other.file == span.file
        and other.line == span.end_line
        and other.start > span.start
        for other in stray
    )


def _where(condition: Condition) -> str:
    """``with `optimizer: adam or adamw```, without a file, or with another model than some."""
    values = " or ".join(f"`{value}`" for value in condition.values)
    if condition.values == (None,):
        return f"{'with' if condition.negated else 'without'} a `{condition.option}`"
    return (
        f"with another `{condition.option}` than {values}"
        if condition.negated
        else f"with `{condition.text}`"
    )


def instead_of(option: Option) -> str:
    """What to do without the option, as a phrase."""
    names = " and ".join(f"`{name}`" for name in option.instead.split(", "))
    return f"use {names}" if option.instead else f"remove `{option.name}`"


def _known_to_hold(condition: Condition, context: Context) -> bool:
    decider = context.run.option(condition.option)
    return decider.known and condition.holds(decider.value)


def _undone(option: Option, needs: str, deciders: tuple[Setting[Any], ...]) -> NoEffect:
    notes = (needs, "; ".join(decider.shown for decider in deciders), option.because)
    labels = tuple(label for decider in deciders for label in decider.label())
    return NoEffect(tuple(note for note in notes if note), labels)
