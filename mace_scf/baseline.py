"""Findings that a team has agreed to live with: known by file, path of keys and code, never by line."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import attrs

from .atomic import write_text
from .diagnostics import Diagnostic, Report, Severity, Unshown
from .diagnostics.unshown import KNOWN, with_errors_told
from .errors import UnreadableInputError

VERSION = 1
Key = tuple[str, str, str]
"""File as seen from the baseline, path of keys (the message where there is no path), code."""


@attrs.frozen(eq=False)
class Compared:
    """A report held against a baseline.

    Attributes:
        report: without the findings that the baseline knows.
        hidden: how many were left out.
        gone: entries of the baseline that match nothing any more.
    """

    report: Report[Any]
    hidden: int
    gone: int


def read_baseline(path: str) -> Mapping[Key, int]:
    """How often each finding is known.

    Raises:
        UnreadableInputError: the file is not there, or is no baseline of this version.
    """
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
        if value["version"] != VERSION:
            raise ValueError("another version")
        return {
            (entry["file"], entry["path"], entry["code"]): int(entry["count"]) for entry in value["findings"]
        }
    except FileNotFoundError as error:
        raise UnreadableInputError(path, "is not there; `--update-baseline` writes it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(path, getattr(error, "strerror", None) or "is not UTF-8") from error
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise UnreadableInputError(path, f"is no baseline of version {VERSION}") from error


def write_baseline(path: str, report: Report[Any]) -> int:
    """Write what a report found, atomically; returns the number of findings.

    Raises:
        UnreadableInputError: the file cannot be written.
    """
    counts = Counter(_key(finding, os.path.dirname(path)) for finding in report.findings)
    findings = [
        {"file": file, "path": where, "code": code, "count": count}
        for (file, where, code), count in sorted(counts.items())
    ]
    try:
        write_text(
            path, json.dumps({"version": VERSION, "findings": findings}, ensure_ascii=False, indent=1) + "\n"
        )
    except OSError as error:
        raise UnreadableInputError(path, error.strerror or str(error)) from error
    return len(report.findings)


def compare(report: Report[Any], known: Mapping[Key, int], *, folder: str = "") -> Compared:
    """Leave out known findings, as many of each as are known.

    Args:
        report: what was found.
        known: what a baseline holds.
        folder: that of the baseline, from which its files are seen.
    """
    left = Counter(known)
    kept = []
    for finding in report.findings:
        key = _key(finding, folder)
        if left[key] > 0:
            left[key] -= 1
        else:
            kept.append(finding)
    hidden = len(report.findings) - len(kept)
    return Compared(
        attrs.evolve(report, findings=tuple(kept), against_baseline=True), hidden, sum(left.values())
    )


def without_known(report: Report[Any], kept: Collection[Diagnostic]) -> Report[Any]:
    """One of the reports that were compared, with only what the baseline does not know.

    Args:
        report: on one input.
        kept: what :func:`compare` left of all inputs.
    """
    findings = tuple(finding for finding in report.findings if finding in kept)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    known = (Unshown(error, KNOWN) for error in errors if error not in kept)
    unshown = (*report.unshown, *known)
    shown = sum(error in kept for error in errors)
    confirmed = with_errors_told(report.confirmed, shown, unshown)
    return attrs.evolve(report, findings=findings, unshown=unshown, confirmed=confirmed)


def _key(finding: Diagnostic, folder: str) -> Key:
    return (_seen_from(folder, finding), finding.path or finding.message, finding.code)


def _seen_from(folder: str, finding: Diagnostic) -> str:
    """The file's name from the folder of the baseline, so that it does not matter where a check is started."""
    file = finding.span.file if finding.span else ""
    if file in ("", "-") or file.startswith("<"):
        return file
    return os.path.relpath(file, folder or os.curdir).replace(os.sep, "/")
