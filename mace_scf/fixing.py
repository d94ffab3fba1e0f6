"""Carry out the fixes of a report: pass after pass, until nothing is left that can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from .diagnostics import Diagnostic, Fix, Report
from .source.edit import apply_edits, compatible, has_odd_line_ends

MAX_PASSES = 20
Check = Callable[[Mapping[str, str]], Report[Any]]
"""From the texts by file name to the report on them."""


@attrs.frozen
class Fixed:
    """What became of the texts.

    Attributes:
        texts: every file by name, mended where it could be.
        report: on the mended texts.
        done: descriptions of the fixes carried out, with their places, in order.
        guesses: fixes that are left because they may not be what was meant.
    """

    texts: Mapping[str, str]
    report: Report[Any]
    done: tuple[str, ...]
    guesses: int = 0


def fix_all(texts: Mapping[str, str], check: Check, *, unsafe: bool = False) -> Fixed:
    """Mend, check again, until the report offers nothing more.

    Args:
        texts: the files that may be changed, by name.
        check: checks such texts; called once per pass.
        unsafe: also carry out fixes that may not be what was meant.
    """
    report = check(texts)
    done: list[str] = []
    refused: set[Fix] = set()
    for _ in range(MAX_PASSES):
        offered = _certain_first(
            fix for fix in _offered(report.findings, texts, unsafe=unsafe) if fix not in refused
        )
        passed = _carried_out(texts, report, compatible(offered).fixes, check)
        refused |= passed.refused
        if passed.texts == texts:
            break
        done += [f"{fix.edits[0].span.shown}: {fix.description}" for fix in passed.fixes]
        texts, report = passed.texts, passed.report
    guesses = set(_offered(report.findings, texts, unsafe=True)) - refused
    return Fixed(texts, report, tuple(done), 0 if unsafe else len(guesses))


@attrs.frozen
class _Pass:
    texts: Mapping[str, str]
    report: Report[Any]
    fixes: tuple[Fix, ...] = ()
    refused: frozenset[Fix] = frozenset()


def _carried_out(
    texts: Mapping[str, str], report: Report[Any], fixes: tuple[Fix, ...], check: Check
) -> _Pass:
    """All fixes together; where the text could not be read any more, half of them at a time, so that none does harm."""
    mended = _mended(texts, fixes)
    if mended == texts:
        return _Pass(texts, report)
    after = check(mended)
    if report.unreadable or not after.unreadable:
        return _Pass(mended, after, fixes)
    if len(fixes) == 1:
        return _Pass(texts, report, refused=frozenset(fixes))
    half = len(fixes) // 2
    passed = _carried_out(texts, report, fixes[:half], check)
    return passed if passed.fixes else _carried_out(texts, report, fixes[half:], check)


def _certain_first(fixes: Iterable[Fix]) -> list[Fix]:
    """Guesses only where nothing certain is left: what is certain may be what they guess at."""
    every = list(fixes)
    return [fix for fix in every if fix.safe] or every


def _offered(findings: Iterable[Diagnostic], texts: Mapping[str, str], *, unsafe: bool) -> list[Fix]:
    editable = {name for name, text in texts.items() if not has_odd_line_ends(text)}
    return [
        finding.fix
        for finding in findings
        if finding.fix is not None
        and (finding.fix.safe or unsafe)
        and all(edit.span.file in editable for edit in finding.fix.edits)
    ]


def _mended(texts: Mapping[str, str], fixes: Iterable[Fix]) -> dict[str, str]:
    edits = [edit for fix in fixes for edit in fix.edits]
    return {
        name: apply_edits(text, (edit for edit in edits if edit.span.file == name))
        for name, text in texts.items()
    }


def diff(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What the fixes change, as a unified diff that `patch -p0` applies."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for name, text in before.items()
        for line in difflib.unified_diff(_lines(text), _lines(after[name]), _header(name), _header(name))
    )


def _lines(text: str) -> list[str]:
    """Split where `patch` does: nowhere but behind a line feed."""
    return text.replace("\n", "\n\0").removesuffix("\0").split("\0") if text else []


def _header(name: str) -> str:
    """A blank in a name would end it, were there no tabulator behind it."""
    return f"{name}\t" if " " in name else name
