"""A report as JUnit XML: one test case per file, failed if it has errors."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ..diagnostics import Diagnostic, Report, Severity
from .place import placed

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: Report[Any]) -> str:
    """A test suite; warnings and infos stand in the output of their file's case."""
    by_file: dict[str, list[Diagnostic]] = {name: [] for name in report.files}
    for finding, span in placed(report):
        by_file.setdefault(span.file, []).append(finding)
    failed = sum(any(_is_error(finding) for finding in findings) for findings in by_file.values())
    cases = "".join(_case(name, findings) for name, findings in by_file.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites><testsuite name="mace-scf" tests="{len(by_file)}" failures="{failed}" errors="0" skipped="0">\n'
        f"{cases}</testsuite></testsuites>\n"
    )


def _is_error(finding: Diagnostic) -> bool:
    return finding.severity is Severity.ERROR


def _case(name: str, findings: list[Diagnostic]) -> str:
    errors = [finding for finding in findings if _is_error(finding)]
    others = [finding for finding in findings if not _is_error(finding)]
    failure = ""
    if errors:
        message = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        failure = f'  <failure message="{message}" type="error">{_text(errors)}</failure>\n'
    output = f"  <system-out>{_text(others)}</system-out>\n" if others else ""
    return f' <testcase classname="mace-scf" name={quoteattr(_clean(name))}>\n{failure}{output} </testcase>\n'


def _text(findings: list[Diagnostic]) -> str:
    return escape(_clean("\n".join(map(_line, findings))))


def _line(finding: Diagnostic) -> str:
    place = f"{finding.span.shown}: " if finding.span else ""
    details = "".join(f"\n    {text}" for text in (*finding.notes, finding.when, finding.help) if text)
    return f"{place}{finding.severity.word}[{finding.code}] {finding.message}{details}"


def _clean(text: str) -> str:
    """XML has no way to write control characters."""
    return _ILLEGAL.sub("·", text)
