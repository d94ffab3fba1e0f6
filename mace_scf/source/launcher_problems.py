"""Findings about a launcher's shell text itself: broken continuations, empty values, syntax errors."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from mace_scf.diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span

from .shell_findings import Empty, Findings, Found
from .shell_parts import Break, Line, Mend, RawWord
from .shell_source import ShellText
from .words import ScriptText

_HOLDS_OPTIONS = re.compile(r"args?|flags?|opts?|options?|extras?|rest", re.IGNORECASE)
_COMMENT_TAIL = re.compile(r"[ \t]*\\?[ \t]*\Z")
_BLANKS = re.compile(r"[ \t]*")
_NEXT_WORD = re.compile(r"[ \t]*(\S+)")
_BREAKS = {
    Break.BLANK: "a blank follows the backslash, so the command ends here",
    Break.STRAY: "a backslash followed by a blank hands the trainer one more argument, a single blank",
    Break.EMPTY: "an empty line ends the continued command",
    Break.MISSING: "the line ends without a backslash, so the command ends here",
}


def broken_continuations(findings: Findings) -> Iterator[Diagnostic]:
    """R101 and R102: places where bash ends a training command that its author continued."""
    relevant = {id(found.line): True for found in findings.commands}
    for source, line, mend in findings.mends:
        if relevant.setdefault(id(line), _is_option_array(line)):
            yield _comment(source, line, mend) if mend.kind is Break.COMMENT else _break(source, line, mend)


def carriage_returns(text: str, file: str, findings: Findings) -> Iterator[Diagnostic]:
    """R101 or R111: one finding for a file with Windows line ends."""
    lines = text.split("\n")
    returns = [number for number, line in enumerate(lines[:-1]) if line.endswith("\r")]
    if not returns or not findings.commands:
        return
    broken = [number for number in returns if lines[number].endswith("\\\r")]
    number = (broken or returns)[0]
    column = len(lines[number]) - 1
    edits = [Edit(Span(file, k, len(lines[k]) - 1, k, len(lines[k])), "") for k in returns]
    yield Diagnostic(
        code="R101" if broken else "R111",
        slug="broken-continuation" if broken else "carriage-return",
        severity=Severity.ERROR,
        message="a carriage return follows the backslash, so the command ends here"
        if broken
        else "the line ends in a carriage return, which bash takes for part of the last word",
        span=Span(file, number, column, number, column + 1),
        notes=(f"{len(returns)} of {len(lines) - lines[-1:].count('')} lines have Windows line ends",),
        when="bash hands the trainer words that end in a carriage return, and sbatch refuses the script",
        help="write the file with Unix line ends",
        fix=Fix("remove the carriage returns", tuple(edits)),
    )


def empty_values(found: Found, switches: Collection[str]) -> Iterator[tuple[Empty, Diagnostic]]:
    """R103: options whose value is a variable that is known to be empty there."""
    for empty in found.empties:
        flag = _flag_in_front(found, empty)
        if flag is None or flag.lstrip("-") in switches or _HOLDS_OPTIONS.search(empty.name):
            continue
        yield empty, _empty(found, empty, flag)


def empty_elements(findings: Findings) -> Iterator[Diagnostic]:
    """R103: the same in an array whose elements reach a training command."""
    reached = {
        (piece.start, piece.end)
        for found in findings.commands for field in found.fields for piece in field.pieces if piece.hole
    }  # fmt: skip
    for source, dropped in findings.dropped:
        if (dropped.start, dropped.end) in reached and not _HOLDS_OPTIONS.search(dropped.name):
            yield _empty_value(source, dropped.raw, dropped.name, dropped.at, dropped.flag)


def _empty_value(
    source: ShellText, raw: RawWord, name: str, at: tuple[int, int] | None, flag: str
) -> Diagnostic:
    return Diagnostic(
        code="R103",
        slug="empty-value",
        severity=Severity.ERROR,
        message=f"`{flag}` gets an empty value: `${name}` is empty here",
        span=source.span(raw.start, raw.end),
        labels=(Label(source.root.span_of_root(*at), "set empty here"),) if at else (),
        when="the array has no element for it, and the next option, or nothing, takes its place",
        help=f"give `{name}` a value or leave `{flag}` out",
    )


def unparsable(findings: Findings) -> Iterator[Diagnostic]:
    """R104: at most one, at the first stretch that is not understood."""
    stretches = {item.source.span(item.start, item.end): item.what for item in findings.unread}
    places = sorted(stretches)
    if not places:
        return
    further = f"{len(places) - 1} further place{'s' * (len(places) > 2)} like this"
    yield Diagnostic(
        code="R104",
        slug="unparsable-shell",
        severity=Severity.WARNING,
        message=f"this part of the script {stretches[places[0]]}",
        span=places[0],
        notes=(further,) if len(places) > 1 else (),
        when="options given in there are not checked",
        help="check the script with `bash -n`, or keep the training command in a short script of its own",
    )


def _is_option_array(line: Line) -> bool:
    return any((item.plain or "").startswith("--") for word in line.words for item in word.array or ())


def _break(source: ShellText, line: Line, mend: Mend) -> Diagnostic:
    lost = _lost(source, mend) if mend.kind is not Break.STRAY else None
    return Diagnostic(
        code="R101",
        slug="broken-continuation",
        severity=Severity.ERROR,
        message=_BREAKS[mend.kind],
        span=_marked(source, mend),
        labels=(lost,) if lost else (),
        when=_consequence(line, mend),
        help="let the backslash be the last character of the line" if mend.kind is Break.BLANK else "",
        fix=_fix(source, mend),
    )


def _consequence(line: Line, mend: Mend) -> str:
    if mend.kind is Break.STRAY:
        return "the trainer stops at start-up with an unrecognized argument"
    if any(word.array is not None for word in line.words):
        return "the array gets one more element, a single blank, at which the trainer stops"
    return "the trainer starts without the options behind it"


def _marked(source: ShellText, mend: Mend) -> Span:
    start, end = mend.start, mend.end
    if mend.kind is Break.MISSING:
        return source.span(max(start - 1, 0), start)
    if mend.kind is Break.EMPTY:
        start = source.text.rfind("\n", 0, start) + 1
        return source.span(start, min(mend.start + 1, end))
    return source.span(start, end)


def _lost(source: ShellText, mend: Mend) -> Label | None:
    match = _NEXT_WORD.match(source.text, mend.resumes)
    if match is None:
        return None
    return Label(source.span(match.start(1), match.end(1)), "bash cuts this off from the command")


def _comment(source: ShellText, line: Line, mend: Mend) -> Diagnostic:
    lost = _lost(source, mend)
    return Diagnostic(
        code="R102",
        slug="comment-in-continuation",
        severity=Severity.ERROR,
        message="a comment ends the continued command",
        span=source.span(mend.start, mend.end),
        labels=(lost,) if lost else (),
        when=_consequence(line, mend),
        help="put the comment above the command",
        fix=_comment_fix(source, line, mend),
    )


def _fix(source: ShellText, mend: Mend) -> Fix | None:
    if not source.is_file:
        return None
    next_line = source.text.rfind("\n", 0, mend.resumes) + 1
    if mend.kind is Break.STRAY:
        return Fix("remove the backslash", (Edit(source.span(mend.start, mend.end), ""),))
    if mend.kind is Break.MISSING:
        span = source.span(mend.start, next_line)
        return Fix("continue the line with a backslash", (Edit(span, " \\\n"),))
    if mend.kind is Break.EMPTY:
        start = source.text.rfind("\n", 0, mend.start) + 1
        return Fix("remove the empty line", (Edit(source.span(start, next_line), ""),))
    end = mend.end if next_line <= mend.end + 1 else next_line - 1
    return Fix("remove the blank behind the backslash", (Edit(source.span(mend.start, end), ""),))


def _comment_fix(source: ShellText, line: Line, mend: Mend) -> Fix | None:
    """Moves the comment above the command and joins the lines around it."""
    if not source.is_file or any(word.array is not None for word in line.words):
        return None
    text = source.text
    above = _command_line(text, line.start)
    blanks = _BLANKS.match(text, above)
    indent = blanks[0] if blanks else ""
    between = text[mend.start : text.rfind("\n", 0, mend.resumes) + 1].split("\n")
    comments = [part.strip() for part in between if part.strip().startswith("#")]
    moved = "".join(f"{indent}{_COMMENT_TAIL.sub('', comment)}\n" for comment in comments)
    line_start = text.rfind("\n", 0, mend.start) + 1
    alone = not text[line_start : mend.start].strip(" \t")
    start = line_start if alone else line_start + len(text[line_start : mend.start].rstrip(" \t\\"))
    resumed = text.rfind("\n", 0, mend.resumes) + 1
    joint = Edit(source.span(start, resumed), "" if alone else " \\\n")
    return Fix("move the comment above the command", (Edit(source.span(above, above), moved), joint))


def _command_line(text: str, start: int) -> int:
    """Offset of the first line that belongs to the command, behind no continuation."""
    at = text.rfind("\n", 0, start) + 1
    while at >= 2 and text[at - 2] == "\\":
        at = text.rfind("\n", 0, at - 1) + 1
    return at


def _flag_in_front(found: Found, empty: Empty) -> str | None:
    """The option whose value the empty variable is."""
    if empty.field is not None:
        whole = found.fields[empty.field].text
        if whole is None or (whole.startswith("--") and whole.endswith("=")):
            return whole and whole[:-1]
        if whole:
            return None
    before = [field for field in found.fields[found.program + 1 :] if field.raw.start < empty.raw.start]
    text = before[-1].text if before else None
    return text if text and text.startswith("--") and "=" not in text and len(text) > 2 else None


def _empty(found: Found, empty: Empty, flag: str) -> Diagnostic:
    source = found.source
    vanishes = empty.field is None
    label = None if empty.at is None else Label(source.root.span_of_root(*empty.at), "set empty here")
    return Diagnostic(
        code="R103",
        slug="empty-value",
        severity=Severity.ERROR if vanishes else Severity.WARNING,
        message=f"`{flag}` gets an empty value: `${empty.name}` is empty here",
        span=source.span(empty.raw.start, empty.raw.end),
        labels=(label,) if label else (),
        when=_empty_consequence(found, empty) if vanishes else "the trainer gets an empty text as the value",
        help=f"give `{empty.name}` a value or leave `{flag}` out",
        fix=_left_out(found, empty, flag) if vanishes and _is_empty_for_all(found, empty) else None,
    )


def _is_empty_for_all(found: Found, empty: Empty) -> bool:
    """Set empty by the script itself, not by the argument of one call of a function."""
    return empty.at is None or "$" not in found.source.root.text[slice(*empty.at)]


def _left_out(found: Found, empty: Empty, flag: str) -> Fix | None:
    """The option goes with its value; what stands behind it stays."""
    source, script = found.source, ScriptText(found.source.file, found.source.text)
    named = [field for field in found.fields if field.text == flag and field.raw.end <= empty.raw.start]
    if not source.is_file or not named:
        return None
    start, end = named[-1].raw.start, empty.raw.end
    edit = script.without_option(source.span(start, named[-1].raw.end), source.span(empty.raw.start, end))
    return None if edit is None else Fix(f"leave `{flag}` out", (edit,), safe=False)


def _empty_consequence(found: Found, empty: Empty) -> str:
    behind: Sequence[str | None] = [f.text for f in found.fields if f.raw.start > empty.raw.start]
    if behind and behind[0] and not behind[0].startswith("-"):
        return f"bash drops the empty word, and `{behind[0]}` becomes the value"
    return "bash drops the empty word, and the trainer stops at start-up for want of a value"


def without_repetition(problems: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings in reading order, each once."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: problem.sort_key))
