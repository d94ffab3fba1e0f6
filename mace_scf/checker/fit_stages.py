"""Which stages no error touches, so that the loss engine may take them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import attrs

from ..config import RunConfig, Stage
from ..diagnostics import Diagnostic, Severity, Span

FitStages: TypeAlias = dict[int, tuple[Diagnostic, ...]]
"""Findings by the index of a stage, none of them an error."""


def fit_stages(run: RunConfig, findings: Iterable[Diagnostic]) -> FitStages:
    """Findings by stage index, for stages that no error touches; an error elsewhere touches all."""
    stages = sorted(run.stages, key=lambda stage: _extent(stage).start)
    starts = [_extent(stage).start for stage in stages]
    inside: dict[int, list[Diagnostic]] = {stage.index: [] for stage in stages}
    for finding in findings:
        at = bisect_right(starts, finding.span.start) - 1 if finding.span else -1
        if at >= 0 and finding.span and _extent(stages[at]).covers(finding.span):
            inside[stages[at].index].append(finding)
        elif finding.severity is Severity.ERROR:
            return {}
    broken = _broken_places(run, inside)
    return {
        stage.index: tuple(inside[stage.index])
        for stage in run.stages
        if all(finding.severity < Severity.ERROR for finding in inside[stage.index])
        and not any(place in broken for place in _shareable(stage))
    }


def _broken_places(run: RunConfig, inside: Mapping[int, Sequence[Diagnostic]]) -> set[Span]:
    """Places with an error that an alias may hand to other stages: whole stages, losses, fixed-point options."""
    return {
        place
        for stage in run.stages
        for finding in inside[stage.index]
        if finding.severity is Severity.ERROR and finding.span is not None
        for place in _shareable(stage)
        if place.covers(finding.span)
    }


def _shareable(stage: Stage) -> list[Span]:
    places = [stage.span, *(block.span for block in stage.blocks)]
    return places if stage.loss_entry.span is None else [*places, stage.loss_entry.span]


def _extent(stage: Stage) -> Span:
    """From the stage's number to the end of its mapping; findings about a missing key stand at the number."""
    number = stage.key.key_span or stage.span
    if number.file != stage.span.file or number.start > stage.span.start:
        return stage.span
    return attrs.evolve(stage.span, line=number.line, column=number.column)
