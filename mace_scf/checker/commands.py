"""One config under several training commands, or arms of branches: their reports become one."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ..diagnostics import Report, Severity, Span, sorted_findings
from ..diagnostics.alternatives import merged_alternatives
from ..diagnostics.unshown import SEE_ERRORS
from ..resolve import ALL_MET, ValidatedStage

# What is wrong with a single word of a command, whatever else stands in it.
_OF_ONE_WORD = frozenset(["C101", "C103", "C110", "C111", "C112", "C131", "C132", "R105"])


def with_words(
    report: Report[ValidatedStage], alone: list[Report[ValidatedStage]], launchers: tuple[str, ...]
) -> Report[ValidatedStage]:
    """Findings about words that stand in one arm of a branch, of which it is not known whether it is run."""
    told = {(finding.code, finding.span, finding.message) for finding in report.findings}
    more = [
        attrs.evolve(finding, notes=(*finding.notes, "in one branch of the script"))
        for other in alone for finding in other.findings
        if finding.code in _OF_ONE_WORD and finding.span is not None and finding.span.file in launchers
        and (finding.code, finding.span, finding.message) not in told
    ]  # fmt: skip
    report = attrs.evolve(report, findings=sorted_findings((*report.findings, *more)))
    if all(finding.severity < Severity.ERROR for finding in more):
        return report
    facts = (
        fact.removesuffix(ALL_MET) + SEE_ERRORS if fact.endswith(ALL_MET) else fact
        for fact in report.confirmed
    )
    return attrs.evolve(report, stages=(), confirmed=tuple(facts))


def of_all(reports: list[Report[ValidatedStage]], programs: list[Span | None]) -> Report[ValidatedStage]:
    """Of several commands: a stage is fit for the loss engine if it is under each of them."""
    if len(reports) == 1:
        return reports[0]
    names = [{stage.name for stage in report.stages} for report in reports]
    merged = merged_alternatives(reports, programs)
    fit = tuple(stage for stage in merged.stages if all(stage.name in found for found in names))
    return attrs.evolve(merged, stages=fit, confirmed=tuple(_worst(merged.confirmed)))


def _worst(facts: Iterable[str]) -> Iterable[str]:
    """Of summaries of one stage that end differently, the one that promises least."""
    chosen: dict[str, str] = {}
    for fact in facts:
        head = fact.rpartition("; ")[0] if fact.startswith("stage ") else fact
        if head not in chosen or chosen[head].endswith(ALL_MET):
            chosen[head] = fact
    return chosen.values()
