"""Texts that are no YAML, or more than one document: the likely repair, if the text can be read with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..diagnostics import Edit, Fix, Span
from .edit import apply_edits

LONGEST = 50_000  # characters; every repair is tried by reading the text again
_TABS = re.compile(r"[ ]*\t[ \t]*")
_TWO_COLONS = re.compile(
    r"(?P<key>\s*(?:- )?[\w.-]+:\s+)(?P<value>[^\s'\"&*!|>{\[#][^#\n\r]*?)(?P<rest>\s+#.*|\s*)"
)
_NO_BLANK = re.compile(r"(\s*[A-Za-z_][\w-]*):(?=[^\s:/])")

Readable = Callable[[str], bool]


def repaired(text: str, file: str, line: int, readable: Readable) -> Fix | None:
    """One small change with which the text can be read.

    Args:
        text: that could not be read.
        file: its name.
        line: where reading stopped, from 0.
        readable: whether a text can be read.
    """
    if len(text) > LONGEST:
        return None
    for description, edits in _attempts(text, file, line):
        if edits and readable(apply_edits(text, edits)):
            return Fix(description, edits, safe=False)
    return None


def _attempts(text: str, file: str, line: int) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    lines = text.split("\n")
    for width in (8, 4, 2):  # the usual one first; the wider, the deeper a line lies below the one before
        yield "write blanks for tabulators", tuple(_without_tabs(lines, file, width))
    near = [number for number in (line, line - 1) if 0 <= number < len(lines)]
    for number in near:
        yield "quote the value", _quoted(lines[number], Span(file, number))
    for number in near:
        yield "write a blank behind the colon", _spaced(lines[number], Span(file, number))


def _without_tabs(lines: list[str], file: str, width: int) -> Iterator[Edit]:
    for number, line in enumerate(lines):
        tabs = _TABS.match(line)
        if tabs:
            blanks = tabs[0].replace("\t", " " * width)
            yield Edit(Span(file, number, 0, number, tabs.end()), blanks)


def _quoted(line: str, at: Span) -> tuple[Edit, ...]:
    match = _TWO_COLONS.fullmatch(line.rstrip("\r"))
    if match is None or ": " not in match["value"]:
        return ()
    start, end = match.span("value")
    text = match["value"].replace("'", "''")
    return (Edit(Span(at.file, at.line, start, at.line, end), f"'{text}'"),)


def _spaced(line: str, at: Span) -> tuple[Edit, ...]:
    match = _NO_BLANK.match(line)
    if match is None:
        return ()
    column = match.end()
    return (Edit(Span(at.file, at.line, column, at.line, column), " "),)


def joined(text: str, marker: Span, readable: Readable) -> Fix | None:
    """Two documents as one, where no key is given in both."""
    lines = text.split("\n")
    if len(text) > LONGEST or marker.line >= len(lines) or lines[marker.line].strip() != "---":
        return None
    edit = Edit(Span(marker.file, marker.line, 0, marker.line + 1, 0), "")
    rest = "\n".join(lines[marker.line + 1 :])
    empty = not any(line.strip() and not line.lstrip().startswith("#") for line in rest.split("\n"))
    return Fix("remove the `---`", (edit,), safe=empty) if readable(apply_edits(text, [edit])) else None
