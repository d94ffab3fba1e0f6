"""The pipeline from the inputs of one run to its report: read, check, resolve, run the rules."""

from __future__ import annotations

from .check import check_text, unreadable_report, validate
from .request import Request

__all__ = ["Request", "check_text", "unreadable_report", "validate"]
