"""A report as JSON lines: one finding a line, for `grep`, `jq` and streams."""

from __future__ import annotations

import json
from typing import Any

from ..diagnostics import Report, finding_as_dict


def render_jsonl(report: Report[Any]) -> str:
    """One JSON object a finding, nothing for a clean report."""
    return "".join(
        json.dumps(finding_as_dict(finding), ensure_ascii=False, separators=(",", ":")) + "\n"
        for finding in report.findings
    )
