"""A report as GitLab's code-quality list, shown in merge requests."""

from __future__ import annotations

import json
from typing import Any

from ..diagnostics import Diagnostic, Report, Severity, Span
from .place import fingerprints, placed, seen_from_here

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(report: Report[Any]) -> str:
    """A JSON list; a fingerprint does not depend on the line, so that moving text makes no new finding."""
    pairs = zip(placed(report), fingerprints(report), strict=True)
    issues = [_issue(finding, span, fingerprint) for (finding, span), fingerprint in pairs]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def _issue(finding: Diagnostic, span: Span, fingerprint: str) -> dict[str, Any]:
    return {
        "description": "; ".join(filter(None, (finding.message, finding.when, finding.help))),
        "check_name": f"{finding.code} {finding.slug}",
        "fingerprint": fingerprint,
        "severity": _SEVERITY[finding.severity],
        "location": {"path": seen_from_here(span.file), "lines": {"begin": span.line + 1}},
    }
