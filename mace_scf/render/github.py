"""A report as GitHub workflow commands, which become annotations on a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..diagnostics import Diagnostic, Report, Severity, Span

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(report: Report[Any]) -> str:
    """One command a finding, the gravest first: GitHub shows only the first ten of a kind."""
    ordered = sorted(report.findings, key=lambda finding: (-int(finding.severity), finding.sort_key))
    return "".join(f"{_command(finding)}\n" for finding in ordered)


def _command(finding: Diagnostic) -> str:
    properties = ",".join(f"{name}={_escape_property(value)}" for name, value in _properties(finding))
    body = "\n".join([finding.message, *finding.notes, *filter(None, (finding.when, finding.help))])
    return f"::{_COMMAND[finding.severity]} {properties}::{_escape(body)}"


def _properties(finding: Diagnostic) -> Iterator[tuple[str, str]]:
    if finding.span is not None:
        yield from _place(finding.span)
    yield "title", f"{finding.code} {finding.slug}"


def _place(span: Span) -> Iterator[tuple[str, str]]:
    yield "file", span.file
    yield "line", str(span.line + 1)
    yield "endLine", str(span.end_line + 1)
    if span.line == span.end_line:  # GitHub refuses columns on a range of lines
        yield "col", str(span.column + 1)
        yield "endColumn", str(max(span.end_column, span.column + 1))


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
