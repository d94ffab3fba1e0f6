"""Values that we say to users; never raised."""

from __future__ import annotations

from .diagnostic import Diagnostic, Edit, Fix, Label, Severity
from .report import Report, ResolvedSetting, finding_as_dict, merged_report, sorted_findings
from .span import Span
from .unshown import Unshown

__all__ = [
    "Diagnostic",
    "Edit",
    "Fix",
    "Label",
    "Report",
    "ResolvedSetting",
    "Severity",
    "Span",
    "Unshown",
    "finding_as_dict",
    "merged_report",
    "sorted_findings",
]
