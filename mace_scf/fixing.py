"""Carry out the fixes of a report: pass after pass, until nothing is left that can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from .diagnostics import Diagnostic, Fix, Report
from .source.edit import apply_edits, compatible

MAX_PASSES = 10
Check = Callable[[Mapping[str, str]], Report[Any]]
"""From the texts by file name to the report on them."""


@attrs.frozen
class Fixed:
    """What became of the texts.

    Attributes:
        texts: every file by name, mended where it could be.
        report: on the mended texts.
        done: descriptions of the fixes carried out, with their places, in order.
    """

    texts: Mapping[str, str]
    report: Report[Any]
    done: tuple[str, ...]


def fix_all(texts: Mapping[str, str], check: Check, *, unsafe: bool = False) -> Fixed:
    """Mend, check again, until the report offers nothing more.

    Args:
        texts: the files that may be changed, by name.
        check: checks such texts; called once per pass.
        unsafe: also carry out fixes that may not be what was meant.
    """
    report = check(texts)
    done: list[str] = []
    for _ in range(MAX_PASSES):
        fixes = compatible(_offered(report.findings, texts, unsafe=unsafe)).fixes
        mended = _mended(texts, fixes)
        if mended == texts:
            break
        done += [f"{fix.edits[0].span.shown}: {fix.description}" for fix in fixes]
        texts, report = mended, check(mended)
    return Fixed(texts, report, tuple(done))


def _offered(findings: Iterable[Diagnostic], texts: Mapping[str, str], *, unsafe: bool) -> list[Fix]:
    return [
        finding.fix
        for finding in findings
        if finding.fix is not None
        and (finding.fix.safe or unsafe)
        and all(edit.span.file in texts for edit in finding.fix.edits)
    ]


def _mended(texts: Mapping[str, str], fixes: Iterable[Fix]) -> dict[str, str]:
    edits = [edit for fix in fixes for edit in fix.edits]
    return {
        name: apply_edits(text, (edit for edit in edits if edit.span.file == name))
        for name, text in texts.items()
    }


def diff(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What the fixes change, as a unified diff."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for name, text in before.items()
        for line in difflib.unified_diff(
            text.splitlines(keepends=True), after[name].splitlines(keepends=True), name, f"{name} (fixed)"
        )
    )
