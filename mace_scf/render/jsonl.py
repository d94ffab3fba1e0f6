"""A report as JSON lines: one finding a line, for `grep`, `jq` and streams."""

from __future__ import annotations

import json
import re
from typing import Any

from ..diagnostics import Report, finding_as_dict

_OTHER_ENDS = re.compile("[\x85\u2028\u2029]")


def render_jsonl(report: Report[Any]) -> str:
    """One JSON object a finding, nothing for a clean report; no reader of lines sees an end within one."""
    return "".join(
        _OTHER_ENDS.sub(
            _escaped, json.dumps(finding_as_dict(finding), ensure_ascii=False, separators=(",", ":"))
        )
        + "\n"
        for finding in report.findings
    )


def _escaped(end: re.Match[str]) -> str:
    return f"\\u{ord(end[0]):04x}"
