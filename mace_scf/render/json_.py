"""A report as JSON; the contract is `schemas/report.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from ..diagnostics import Report


def render_json(report: Report[Any]) -> str:
    """One JSON object, indented, ending in a line feed."""
    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"
