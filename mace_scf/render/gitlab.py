"""A report as GitLab's code-quality list, shown in merge requests."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..diagnostics import Diagnostic, Report, Severity

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(report: Report[Any]) -> str:
    """A JSON list; a fingerprint does not depend on the line, so that moving text makes no new finding."""
    seen: dict[str, int] = {}
    return (
        json.dumps([_issue(finding, seen) for finding in report.findings], ensure_ascii=False, indent=2)
        + "\n"
    )


def _issue(finding: Diagnostic, seen: dict[str, int]) -> dict[str, Any]:
    file = finding.span.file if finding.span else ""
    key = "\0".join((file, finding.code, finding.path, finding.message))
    seen[key] = seen.get(key, 0) + 1
    return {
        "description": "; ".join(filter(None, (finding.message, finding.when, finding.help))),
        "check_name": f"{finding.code} {finding.slug}",
        "fingerprint": hashlib.sha256(f"{key}\0{seen[key]}".encode()).hexdigest(),
        "severity": _SEVERITY[finding.severity],
        "location": {"path": file, "lines": {"begin": finding.span.line + 1 if finding.span else 1}},
    }
