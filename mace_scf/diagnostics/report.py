"""All findings of one run of the checker, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import attrs

from .diagnostic import Diagnostic, Severity
from .span import Span
from .unshown import Unshown

StageT = TypeVar("StageT")


@attrs.frozen
class ResolvedSetting:
    """One option as the run has it.

    Attributes:
        name: the option.
        value: what the trainer uses, if it is known.
        source: ``command line``, ``file``, ``default`` or ``not seen``.
        place: ``file:line:column`` where it was written, else "".
        known: the value is certain.
        parts: the keys of a mapping, each for itself.
        spelling: what a file has to hold for the trainer to come to the value, where that is something else.
    """

    name: Any
    value: Any
    source: str
    place: str
    known: bool
    parts: tuple[ResolvedSetting, ...] = ()
    spelling: Any = None

    @property
    def written(self) -> Any:
        """The value as a file says it; None where no file does."""
        return self.value if self.spelling is None else self.spelling


@attrs.frozen(repr=False)
class Report(Generic[StageT]):
    """What :func:`mace_scf.validate` returns.

    Attributes:
        findings: sorted by file, line and column.
        not_seen: what the checker had to leave unknown, one phrase each.
        stages: the stages without an error, ready for the loss engine (see ``ValidatedStage``).
        files: every file that was read, the config first.
        unreadable: an input could not be read or parsed at all (exit status 2).
        confirmed: facts worth one line to the user, such as which launcher was read.
        settings: every option of the run with its value and source.
        stray: the input is no training config at all.
        against_baseline: the findings are those that a baseline does not know.
        unshown: errors of the trainer that are not among the findings as errors: they were not selected, have
            another severity, or a baseline knows them.
    """

    findings: tuple[Diagnostic, ...] = ()
    not_seen: tuple[str, ...] = ()
    stages: tuple[StageT, ...] = ()
    files: tuple[str, ...] = ()
    unreadable: bool = False
    confirmed: tuple[str, ...] = ()
    settings: tuple[ResolvedSetting, ...] = ()
    stray: bool = False
    against_baseline: bool = False
    unshown: tuple[Unshown, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """Number of findings by severity word, and of files."""
        counts = {severity.word: 0 for severity in sorted(Severity, reverse=True)}
        for finding in self.findings:
            counts[finding.severity.word] += 1
        return counts

    @property
    def counted(self) -> str:
        """``2 errors, 1 info``; "" if nothing was found."""
        found = ((word, count) for word, count in self.summary.items() if count)
        return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in found)

    def __repr__(self) -> str:
        stages = ", ".join(str(getattr(stage, "name", stage)) for stage in self.stages) or "none"
        unread = "unreadable; " if self.unreadable else ""
        return f"Report({unread}{self.counted or 'no findings'}; stages: {stages})"

    def at_least(self, level: Severity) -> tuple[Diagnostic, ...]:
        """Findings of that severity or graver."""
        return tuple(finding for finding in self.findings if finding.severity >= level)

    @property
    def ok(self) -> bool:
        """No error, and everything could be read."""
        return not self.unreadable and not self.at_least(Severity.ERROR)

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe form; the contract is ``schemas/report.schema.json``."""
        return {
            "schema_version": 1,
            "findings": [finding_as_dict(finding) for finding in self.findings],
            "summary": self.summary,
            "not_seen": list(self.not_seen),
            "confirmed": list(self.confirmed),
            "files": list(self.files),
        }


def merged_report(reports: Sequence[Report[StageT]]) -> Report[StageT]:
    """The reports of several inputs as one; what each said about itself is preceded by its name."""
    if len(reports) == 1:
        return reports[0]
    return Report(
        # a launcher of several configs is spoken of once
        findings=tuple(dict.fromkeys(finding for report in reports for finding in report.findings)),
        not_seen=tuple(f"{_first(report)}: {phrase}" for report in reports for phrase in report.not_seen),
        stages=tuple(stage for report in reports for stage in report.stages),
        files=tuple(dict.fromkeys(name for report in reports for name in report.files)),
        unreadable=any(report.unreadable for report in reports),
        confirmed=tuple(f"{_first(report)}: {phrase}" for report in reports for phrase in report.confirmed),
        unshown=tuple(each for report in reports for each in report.unshown),
    )


def _first(report: Report[Any]) -> str:
    return report.files[0] if report.files else "input"


def finding_as_dict(finding: Diagnostic) -> dict[str, Any]:
    """One finding with 1-based places, ends exclusive."""
    fix = finding.fix
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity.word,
        "message": finding.message,
        **_place(finding.span),
        "path": finding.path,
        "labels": [{**_place(label.span), "message": label.message} for label in finding.labels],
        "notes": list(finding.notes),
        "when": finding.when,
        "help": finding.help,
        "suggestions": list(finding.suggestions),
        "fix": None
        if fix is None
        else {
            "description": fix.description,
            "safe": fix.safe,
            "edits": [{**_place(edit.span), "replacement": edit.replacement} for edit in fix.edits],
        },
        "url": finding.url,
    }


def _place(span: Span | None) -> dict[str, Any]:
    if span is None:
        return {"file": None, "line": None, "column": None, "end_line": None, "end_column": None}
    return {
        "file": span.file,
        "line": span.line + 1,
        "column": span.column + 1,
        "end_line": span.end_line + 1,
        "end_column": span.end_column + 1,
    }


def sorted_findings(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings in reading order, exact repetitions once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key))
