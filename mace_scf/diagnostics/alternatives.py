"""Reports on one run under several commands, as one report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import attrs

from .diagnostic import Diagnostic, Label
from .report import Report, ResolvedSetting, sorted_findings
from .span import Span

StageT = TypeVar("StageT")
_WANTED_BY_ALL = ("C160",)  # a comment that silences nothing is useless only if it is so under every command


def merged_alternatives(reports: Sequence[Report[StageT]], commands: Sequence[Span | None]) -> Report[StageT]:
    """What is found under each command, once; what only some of them bring about names the first of these.

    Args:
        reports: one for each command.
        commands: place of each command.
    """
    first = reports[0]
    return attrs.evolve(
        first,
        findings=sorted_findings(_findings(reports, commands)),
        not_seen=tuple(dict.fromkeys(phrase for report in reports for phrase in report.not_seen)),
        confirmed=tuple(dict.fromkeys(fact for report in reports for fact in report.confirmed)),
        unreadable=any(report.unreadable for report in reports),
        unshown=tuple(dict.fromkeys(each for report in reports for each in report.unshown)),
        settings=tuple(map(_common, *(report.settings for report in reports))),
    )


def _findings(reports: Sequence[Report[StageT]], commands: Sequence[Span | None]) -> Iterator[Diagnostic]:
    found: dict[tuple[str, Span | None, str], list[tuple[int, Diagnostic]]] = {}
    for number, report in enumerate(reports):
        for finding in report.findings:
            found.setdefault((finding.code, finding.span, finding.message), []).append((number, finding))
    for (code, _, _), same in found.items():
        number, finding = same[0]
        place, everywhere = commands[number], len({number for number, _ in same}) == len(reports)
        if everywhere or place is None or _says_it(finding, place):
            yield finding
        elif code not in _WANTED_BY_ALL:
            yield attrs.evolve(finding, labels=(*finding.labels, Label(place, "under this command")))


def _says_it(finding: Diagnostic, command: Span) -> bool:
    """The finding stands in the launcher, or points there, so the reader sees which command it is about."""
    places = [finding.span, *(label.span for label in finding.labels)]
    return any(place is not None and place.file == command.file for place in places)


def _common(setting: ResolvedSetting, *others: ResolvedSetting) -> ResolvedSetting:
    if all((other.value, other.known) == (setting.value, setting.known) for other in others):
        return setting
    return attrs.evolve(setting, value=None, source="differs between the commands", place="", known=False)
