"""A report as SARIF 2.1.0, the format of code-scanning services."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..diagnostics import Diagnostic, Fix, Report, Severity, Span
from ..rules import Rule, rule_by_code
from ..rules.page import page_text
from ..version import __version__
from .place import fingerprints, is_no_file, placed, seen_from_here

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_FAMILIES = {
    "C": "config", "D": "data", "E": "declarations", "F": "self-consistency", "L": "loss", "M": "model",
    "R": "launcher", "S": "schedule",
}  # fmt: skip
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "maceScfFinding/v1"


def render_sarif(report: Report[Any]) -> str:
    """One run with the rules that were found; places count Unicode code points from 1, ends exclusive.

    What comments silence, or a baseline knows, is in no report; where there was a baseline, what is left is new.
    """
    codes = sorted({finding.code for finding in report.findings})
    pairs = zip(placed(report), fingerprints(report), strict=True)
    state = {"baselineState": "new"} if report.against_baseline else {}
    run = {
        "tool": {"driver": _driver(codes)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which mace-scf was started."}}},
        "results": [
            _result(finding, span, codes) | {"partialFingerprints": {_FINGERPRINT: fingerprint}} | state
            for (finding, span), fingerprint in pairs
        ],
        "invocations": [{"executionSuccessful": not report.unreadable}],
    }
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)
        + "\n"
    )


def _driver(codes: Sequence[str]) -> dict[str, Any]:
    return {"name": "mace-scf", "version": __version__, "rules": [_rule(code) for code in codes]}


def _rule(code: str) -> dict[str, Any]:
    rule = rule_by_code(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": rule.slug,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": _why(rule) or rule.title},
        "help": {"text": f"mace-scf explain {code}", "markdown": page_text(rule)},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {
            "tags": ["mace-scf", _FAMILIES.get(code[0], "other")],
            "problem.severity": _PROBLEM[rule.severity],
        },
    }


def _why(rule: Rule) -> str:
    """The paragraph of the page on what happens."""
    _, _, text = (type(rule).__doc__ or "").partition("Why it matters: ")
    text = " ".join(text.partition("\n\n")[0].split())
    return text[:1].upper() + text[1:]


def _result(finding: Diagnostic, span: Span, codes: Sequence[str]) -> dict[str, Any]:
    texts = [finding.message, *finding.notes, *filter(None, (finding.when, finding.help))]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVEL[finding.severity],
        "message": {"text": "\n".join(texts)},
        "locations": [{"physicalLocation": _location(span), **_logical(finding)}],
    }
    labels = [label for label in finding.labels if not is_no_file(label.span.file)]
    if labels:
        result["relatedLocations"] = [
            {"physicalLocation": _location(label.span), "message": {"text": label.message}}
            for label in labels
        ]
    if finding.fix is not None and not any(is_no_file(edit.span.file) for edit in finding.fix.edits):
        result["fixes"] = [_fix(finding.fix)]
    return result


def _logical(finding: Diagnostic) -> dict[str, Any]:
    """The path of keys, which people look for in a config."""
    if not finding.path:
        return {}
    return {"logicalLocations": [{"fullyQualifiedName": finding.path, "kind": "member"}]}


def _location(span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span.file), "region": _region(span)}


def _artifact(name: str) -> dict[str, str]:
    """A URI: absolute names as files, others seen from the present folder."""
    path = quote(seen_from_here(name).replace("\\", "/"), safe="/-._~", errors="surrogateescape")
    return {"uri": f"file://{path}"} if path.startswith("/") else {"uri": path, "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line + 1,
        "startColumn": span.column + 1,
        "endLine": span.end_line + 1,
        "endColumn": span.end_column + 1,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    by_file: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.replacement}}
        by_file.setdefault(edit.span.file, []).append(replacement)
    changes = [
        {"artifactLocation": _artifact(name), "replacements": replacements}
        for name, replacements in by_file.items()
    ]
    doubt = "" if fix.safe else " (check that it is what you mean)"
    return {"description": {"text": f"{fix.description}{doubt}"}, "artifactChanges": changes}
