"""A report as SARIF 2.1.0, the format of code-scanning services."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..diagnostics import Diagnostic, Fix, Report, Severity, Span
from ..rules import Rule, rule_by_code
from ..version import __version__

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_sarif(report: Report[Any]) -> str:
    """One run with the rules that were found; places count Unicode code points from 1, ends exclusive."""
    codes = sorted({finding.code for finding in report.findings})
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(codes)},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes) for finding in report.findings],
                "invocations": [{"executionSuccessful": not report.unreadable}],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _driver(codes: Sequence[str]) -> dict[str, Any]:
    return {"name": "mace-scf", "version": __version__, "rules": [_rule(code) for code in codes]}


def _rule(code: str) -> dict[str, Any]:
    rule = rule_by_code(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": rule.slug,
        "shortDescription": {"text": _title(rule)},
        "help": {"text": f"mace-scf explain {code}"},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _title(rule: Rule) -> str:
    return (type(rule).__doc__ or "").split("\n")[0]


def _result(finding: Diagnostic, codes: Sequence[str]) -> dict[str, Any]:
    texts = [finding.message, *finding.notes, *filter(None, (finding.when, finding.help))]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVEL[finding.severity],
        "message": {"text": "\n".join(texts)},
    }
    if finding.span is not None:
        result["locations"] = [{"physicalLocation": _location(finding.span)}]
    if finding.labels:
        result["relatedLocations"] = [
            {"physicalLocation": _location(label.span), "message": {"text": label.message}}
            for label in finding.labels
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _location(span: Span) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(span.file)}, "region": _region(span)}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line + 1,
        "startColumn": span.column + 1,
        "endLine": span.end_line + 1,
        "endColumn": span.end_column + 1,
    }


def _uri(name: str) -> str:
    return quote(name.replace("\\", "/"), safe="/-._~")


def _fix(fix: Fix) -> dict[str, Any]:
    by_file: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.replacement}}
        by_file.setdefault(edit.span.file, []).append(replacement)
    changes = [
        {"artifactLocation": {"uri": _uri(name)}, "replacements": replacements}
        for name, replacements in by_file.items()
    ]
    return {"description": {"text": fix.description}, "artifactChanges": changes}
