"""A report for people: snippets with carets, in one layout for terminals and plain streams."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..diagnostics import Diagnostic, Report, Severity, Span
from ..diagnostics.unshown import reasons
from ..errors import UnreadableInputError
from ..inputs import STANDARD_INPUT, read_text

Segment = tuple[str, str]
"""Some characters and the name of their style, "" for none."""
Line = list[Segment]

_SEVERITY_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_MAX_FACTS = 12
_MAX_NAMES = 4
_MAX_WIDTH = 160  # a longer source line is cut around the place


def render_text(report: Report[Any], sources: Mapping[str, str]) -> str:
    """The report without colours.

    Args:
        report: what to show.
        sources: text of every file that a place may lie in, by name.
    """
    return "".join("".join(text for text, _ in line) + "\n" for line in lines(report, sources))


def report_text(report: Report[Any], sources: Mapping[str, str] | None = None) -> str:
    """A report as `mace-scf validate` prints it, without colours.

    Args:
        report: what to show.
        sources: texts to quote from, by name; by default the files of the report are read again, as far as
            they are there.
    """
    return render_text(report, _read_again(report.files) if sources is None else sources)


def _read_again(names: Sequence[str]) -> dict[str, str]:
    texts = {}
    for name in names:
        with suppress(UnreadableInputError):
            texts[name] = read_text(name).text if name != STANDARD_INPUT else ""
    return texts


def print_rich(report: Report[Any], sources: Mapping[str, str]) -> None:
    """The report on a terminal, with colours."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True, force_terminal=True)
    for line in lines(report, sources):
        console.print(Text.assemble(*((text, style) for text, style in line)))


def lines(report: Report[Any], sources: Mapping[str, str]) -> Iterator[Line]:
    """The report as styled lines."""
    for line in _lines(report, sources):
        yield [(_escaped(text), style) for text, style in line]


def _lines(report: Report[Any], sources: Mapping[str, str]) -> Iterator[Line]:
    texts = {name: text.split("\n") for name, text in sources.items()}
    for finding in report.findings:
        yield from _finding(finding, texts)
        yield [("", "")]
    for fact in report.confirmed[:_MAX_FACTS]:
        yield [("checked: ", "bold"), (fact, "")]
    if len(report.confirmed) > _MAX_FACTS:
        yield [
            ("checked: ", "bold"),
            (f"and {len(report.confirmed) - _MAX_FACTS} more, see --format json", ""),
        ]
    for phrase in report.not_seen:
        yield [("not seen: ", "bold yellow"), (phrase, "")]
    yield from _closing(report)


def _closing(report: Report[Any]) -> Iterator[Line]:
    """How much was found, and where; "ok" only where no error of the trainer is left unshown."""
    if report.findings:
        yield [(f"{report.counted} in {_places(report)}", "bold")]
    elif report.unshown:
        where = f"errors of {_names(report.files)}: {reasons(report.unshown)}"
        yield [("nothing to show; ", "bold yellow"), (where, "")]
    else:
        yield [("ok: ", "bold green"), (f"nothing to say about {_names(report.files)}", "")]


def _places(report: Report[Any]) -> str:
    """Files with findings; beside them, how many were read."""
    found = dict.fromkeys(finding.span.file for finding in report.findings if finding.span)
    named = [name for name in found if not name.startswith("<")] or report.files  # `<options>` is no file
    read = {*named, *report.files}
    return f"{_names(named)}; {len(read)} files read" if len(read) > len(set(named)) else _names(named)


def _names(files: Sequence[str]) -> str:
    return f"{len(files)} files" if len(files) > _MAX_NAMES else ", ".join(files) or "the input"


def _finding(finding: Diagnostic, texts: Mapping[str, list[str]]) -> Iterator[Line]:
    style = _SEVERITY_STYLE[finding.severity]
    place = [(f"{finding.span.shown}: ", "bold")] if finding.span else []
    yield [*place, (f"{finding.severity.word}[{finding.code}]", style), (f" {finding.message}", "bold")]
    if finding.span is not None:
        yield from _snippet(finding.span, "", texts, style)
    for label in finding.labels:
        if finding.span is not None and label.span.file != finding.span.file:
            yield [(f"  --> {label.span.shown}", "blue")]
        yield from _snippet(label.span, label.message, texts, "blue")
    for word, text in _remarks(finding):
        yield [("  = ", "blue"), (f"{word}: ", "bold"), (text, "")]


def _remarks(finding: Diagnostic) -> Iterator[Segment]:
    for note in finding.notes:
        yield "note", note
    if finding.when:
        yield "when", finding.when
    if finding.help:
        yield "help", finding.help
    if finding.fix is not None:
        yield (
            "fix",
            finding.fix.description + ("" if finding.fix.safe else " (check that it is what you mean)"),
        )


def _snippet(span: Span, message: str, texts: Mapping[str, list[str]], style: str) -> Iterator[Line]:
    text = texts.get(span.file)
    if text is None or span.line >= len(text) or not text[span.line].strip():
        if message:
            yield [("  = ", "blue"), (f"{span.shown}: {message}", "")]
        return
    number = str(span.line + 1)
    margin = " " * len(number)
    line = text[span.line].rstrip("\r")
    end = span.end_column if span.end_line == span.line else len(line)
    start, end, line = _cut(line, span.column, min(max(end, span.column + 1), len(line) + 1))
    caret = " " * _width(line[:start]) + "^" * max(1, _width(line[start:end]))
    yield [(f" {number} | ", "blue"), (_clean(line), "")]
    yield [(f" {margin} | ", "blue"), (f"{caret}{' ' + message if message else ''}", style)]


def _cut(line: str, start: int, end: int) -> tuple[int, int, str]:
    """Very long lines are shown around the place only."""
    if len(line) <= _MAX_WIDTH:
        return start, end, line
    first = max(0, start - 40)
    shown = line[first : first + _MAX_WIDTH - 2]
    lead = "…" if first else ""
    tail = "…" if first + len(shown) < len(line) else ""
    shift = len(lead) - first
    return start + shift, min(end + shift, len(lead) + len(shown)), f"{lead}{shown}{tail}"


def _clean(line: str) -> str:
    """Tabs as one blank and control characters as dots, so that carets stay in place and terminals unharmed."""
    return "".join(" " if c == "\t" else c if c.isprintable() else "·" for c in line)


def _escaped(text: str) -> str:
    """Line ends and control characters as YAML writes them: a finding keeps its lines, a terminal its colours."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _width(text: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text
    )
