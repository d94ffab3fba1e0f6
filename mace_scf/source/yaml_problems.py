"""What is wrong with a text as YAML; loaded when something is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import attrs

from ..diagnostics import Diagnostic, Fix, Label, Severity, Span
from .composer import MAX_DEPTH, MAX_VALUES
from .node import Entry

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as the parser counts lines


def syntax_error(error: Any, file: str) -> Diagnostic:
    """What the parser says, where it says it."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    span = Span(file) if mark is None else Span(file, mark.line, mark.column, mark.line, mark.column + 1)
    problem = getattr(error, "problem", None) or getattr(error, "context", None) or str(error).split("\n")[0]
    return unreadable(problem, span)


def unprintable(text: str, forbidden: Iterable[str], file: str) -> Diagnostic:
    """The first of some characters that no YAML text may have."""
    at = min(text.index(character) for character in forbidden)
    *before, started = _LINE_END.split(text[:at])
    line, column = len(before), len(started)
    reason = f"character U+{ord(text[at]):04X} is not allowed"
    return unreadable(reason, Span(file, line, column, line, column + 1))


def inside(problem: Diagnostic, text: str) -> Diagnostic:
    """In the text, or behind the last character of a line; the parser's marks may lie beyond."""
    span, lines = problem.span, _LINE_END.split(text)
    if span is None:
        return problem
    (line, column), (end_line, end_column) = (_clamped(place, lines) for place in (span.start, span.end))
    placed = attrs.evolve(problem, span=Span(span.file, line, column, end_line, end_column))
    is_tab = "cannot start any token" in problem.message and lines[line][column : column + 1] == "\t"
    return attrs.evolve(placed, message=f"this is not YAML: {_TAB}", help=_NO_TABS) if is_tab else placed


_TAB = "a tabulator stands where only blanks may stand"
_NO_TABS = "indent with blanks; everything behind this place was not checked"


def _clamped(place: tuple[int, int], lines: list[str]) -> tuple[int, int]:
    line, column = place
    last = len(lines) - 1
    return (last, len(lines[last])) if line > last else (line, min(column, len(lines[line])))


def unreadable(reason: str, span: Span) -> Diagnostic:
    """The text is no YAML at this place."""
    return Diagnostic(
        "C001", "syntax-error", Severity.ERROR, f"this is not YAML: {reason}", span,
        when="the trainer cannot read the file and stops at start-up",
        help="mend the syntax at this place; everything behind it was not checked",
    )  # fmt: skip


def refused(reason: str, span: Span) -> Diagnostic:
    """YAML allows it, and the trainer's reader does not."""
    return Diagnostic(
        "C001", "syntax-error", Severity.ERROR, f"the trainer's YAML reader stops here: {reason}", span,
        when="the trainer cannot read the file and stops at start-up", help="put the value in quotes, without a tag",
    )  # fmt: skip


def too_deep(span: Span) -> Diagnostic:
    """Deeper than any config."""
    return Diagnostic(
        "C005", "too-large", Severity.ERROR, f"nested more than {MAX_DEPTH} levels deep", span,
        when="nothing below this level was checked", help="a training config needs about six levels",
    )  # fmt: skip


def too_large(span: Span) -> Diagnostic:
    """Aliases stand for more values than memory holds."""
    return Diagnostic(
        "C005", "too-large", Severity.ERROR, f"aliases expand to more than {MAX_VALUES:,} values", span,
        when="the trainer would fill the memory", help="write the values out instead of nesting aliases",
    )  # fmt: skip


def unknown_alias(anchor: str, span: Span, is_open: bool) -> Diagnostic:
    """An alias of nothing, or of what it stands in."""
    reason = "stands inside the value it names" if is_open else "names no anchor above it"
    return unreadable(f"alias `*{anchor}` {reason}", span)


def key_not_scalar(span: Span) -> Diagnostic:
    """A key that is a mapping or list."""
    return unreadable("a key must be a single word, number or quoted text", span)


def bad_merge(span: Span) -> Diagnostic:
    """A merge key of something that is no mapping."""
    return unreadable("`<<` takes a mapping or a list of mappings", span)


def several_documents(span: Span, fix: Fix | None) -> Diagnostic:
    """More than one document in the text."""
    return Diagnostic(
        "C004", "several-documents", Severity.ERROR, "a second YAML document starts here", span,
        when="the trainer stops at start-up", help="keep one document in the file; only the first was checked", fix=fix,
    )  # fmt: skip


def duplicate_key(first: Entry, second: Entry) -> Diagnostic:
    """One key twice in a mapping."""
    return Diagnostic(
        "C003", "duplicate-key", Severity.ERROR, f"`{second.name}` is given twice", second.key.span,
        labels=(Label(first.key.span, "this one is dropped"),),
        when="the trainer silently keeps the last one",
        help=f"keep one `{second.name}`",
    )  # fmt: skip


def many_duplicates(number: int, last: Diagnostic) -> Diagnostic:
    """In place of the last of a thousand: how many there are."""
    message = f"{number:,} keys are given twice; those behind this place are not listed"
    return attrs.evolve(last, message=message, labels=(), fix=None, help="keep one of each")
