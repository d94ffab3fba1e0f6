"""A report as GitHub workflow commands, which become annotations on a pull request, and as a summary of a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ..diagnostics import Diagnostic, Report, Severity, Span
from ..diagnostics.unshown import reasons
from .place import placed, seen_from_here

Placed = tuple[Diagnostic, Span]

LIMIT = 10
"""Annotations of a kind that GitHub shows for a step; it drops the others without a word."""
_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MOST_ROWS = 200


def render_github(report: Report[Any]) -> str:
    """The gravest first, as many commands of a kind as are shown; the others as plain lines, and how many they are."""
    ordered = sorted(placed(report), key=lambda pair: (-int(pair[0].severity), pair[0].sort_key))
    shown: list[Placed] = []
    left: list[Placed] = []
    for _, group in groupby(ordered, key=lambda pair: pair[0].severity):
        pairs = list(group)
        shown += pairs[:LIMIT]
        left += pairs[LIMIT:]
    return "".join(f"{line}\n" for line in (*(_command(*pair) for pair in shown), *_left_out(left)))


def _left_out(left: Sequence[Placed]) -> Iterator[str]:
    if left:
        counts = Counter(finding.severity for finding, _ in left)
        words = (
            f"{count} {_counted(severity, count)}" for severity, count in sorted(counts.items(), reverse=True)
        )
        yield f"not annotated, since GitHub shows {LIMIT} of a kind for a step: {', '.join(words)}"
        yield from (_line(finding, span) for finding, span in left)


def _counted(severity: Severity, count: int) -> str:
    return f"{severity.word}{'s' if count > 1 else ''}"


def _line(finding: Diagnostic, span: Span) -> str:
    """No command, whatever the message holds, since it does not begin with `::`."""
    message = " ".join(finding.message.split())
    return f"{span.shown}: {finding.severity.word}[{finding.code}] {message}".lstrip(":")


def _command(finding: Diagnostic, span: Span) -> str:
    title = (("title", f"{finding.code} {finding.slug}"),)
    properties = ",".join(f"{name}={_escape_property(value)}" for name, value in (*_place(span), *title))
    body = "\n".join([finding.message, *finding.notes, *filter(None, (finding.when, finding.help))])
    return f"::{_COMMAND[finding.severity]} {properties}::{_escape(body)}"


def _place(span: Span) -> Iterator[tuple[str, str]]:
    yield "file", seen_from_here(span.file)
    yield "line", str(span.line + 1)
    yield "endLine", str(span.end_line + 1)
    if span.line == span.end_line:  # GitHub refuses columns on a range of lines
        yield "col", str(span.column + 1)
        yield "endColumn", str(max(span.end_column, span.column + 1))


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


# --- the summary of a step ------------------------------------------------------------------------


def step_summary(report: Report[Any]) -> str:
    """Markdown for the file that `GITHUB_STEP_SUMMARY` names: all findings in one table."""
    nothing = f"nothing to show; errors: {reasons(report.unshown)}" if report.unshown else "nothing to say"
    head = f"### mace-scf: {report.counted or nothing}\n"
    if not report.findings:
        return head
    ordered = sorted(placed(report), key=lambda pair: (-int(pair[0].severity), pair[0].sort_key))
    rows = [
        f"| {finding.severity.word} | {finding.code} | {_cell(span.shown)} | {_cell(finding.message)} |"
        for finding, span in ordered[:_MOST_ROWS]
    ]
    more = [f"\n{len(ordered) - _MOST_ROWS} more are in the log."] if len(ordered) > _MOST_ROWS else []
    return "\n".join([head, "| severity | code | place | finding |", "|---|---|---|---|", *rows, *more, ""])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
