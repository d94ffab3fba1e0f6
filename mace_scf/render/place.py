"""Places for services that show findings beside files: every finding in a file that is there."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..diagnostics import Diagnostic, Report, Span


def placed(report: Report[Any]) -> Iterator[tuple[Diagnostic, Span]]:
    """Each finding with its place.

    What was found in words behind `--`, on standard input or in a mapping has no line in any file: it
    is put at the top of the first file of the report, which is the config.
    """
    files = [name for name in report.files if not is_no_file(name)]
    top = Span(files[0] if files else "config.yaml")
    for finding in report.findings:
        span = finding.span
        yield finding, top if span is None or is_no_file(span.file) else span


def is_no_file(name: str) -> bool:
    """Words behind `--`, standard input, a mapping."""
    return name in ("", "-") or name.startswith("<")


def seen_from_here(name: str) -> str:
    """The name of a file within the present folder, as services want it; others as they were given."""
    inside = os.path.relpath(name)
    return os.path.normpath(name) if inside.startswith(os.pardir) else inside.replace(os.sep, "/")


def fingerprints(report: Report[Any]) -> Iterator[str]:
    """A name for each finding that stays when lines move, and differs from all others of the report."""
    seen: Counter[str] = Counter()
    for finding, span in placed(report):
        key = "\0".join((seen_from_here(span.file), finding.code, finding.path, finding.message))
        seen[key] += 1
        yield hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogateescape")).hexdigest()
