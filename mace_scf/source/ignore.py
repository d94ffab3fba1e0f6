"""Comments that silence findings: `# mace-scf: ignore[L204] wanted for the log`, in YAML and shell alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import attrs

from ..diagnostics import Diagnostic, Edit, Fix, Severity, Span

_IGNORE = re.compile(
    r"(?:^|(?<=\s))#\s*mace-scf:\s*ignore(?P<whole>-file)?(?:\[(?P<codes>[^\]\n]*)\])?[^\n]*"
)
_WORD = re.compile(r"[A-Za-z][\w-]*")
_CODE = re.compile(r"[A-Z][0-9]{3}\Z")


@attrs.frozen(eq=False)
class Ignore:
    """One such comment.

    Attributes:
        words: what it silences: codes, or the names of rules.
        span: the comment.
        lines: the lines it speaks of: its own, or the next one with content if it stands alone, with those that
            backslashes join to it; empty for the whole file.
        alone: nothing else is on its line.
        text: its characters.
    """

    words: tuple[str, ...]
    span: Span
    lines: range
    alone: bool
    text: str = ""


@attrs.frozen(eq=False)
class Sifted:
    """Findings that remain, and those about the comments themselves."""

    kept: tuple[Diagnostic, ...]
    about: tuple[Diagnostic, ...]


def read_ignores(text: str, *, file: str) -> tuple[Ignore, ...]:
    """Every such comment of a text.

    >>> [ignore.words for ignore in read_ignores("a: 1  # mace-scf: ignore[C101] why\\n", file="x")]
    [('C101',)]
    """
    if "mace-scf:" not in text:
        return ()
    lines = text.split("\n")
    found = (_ignore(lines, number, file) for number, line in enumerate(lines) if "mace-scf:" in line)
    return tuple(ignore for ignore in found if ignore is not None)


def _ignore(lines: list[str], number: int, file: str) -> Ignore | None:
    line = lines[number].rstrip("\r")
    match = _IGNORE.search(line)
    if match is None:
        return None
    alone = not line[: match.start()].strip()
    span = Span(file, number, match.start(), number, len(line))
    first = _next_with_content(lines, number) if alone else number
    about = range(0) if match["whole"] else range(first, _end_of_command(lines, first))
    words = tuple(map(_word, _WORD.findall(match["codes"] or "")))
    return Ignore(words, span, about, alone, match[0].strip())


def _word(written: str) -> str:
    """Codes are upper case, names lower."""
    return written.upper() if _CODE.match(written.upper()) else written.lower()


def _next_with_content(lines: list[str], number: int) -> int:
    for later in range(number + 1, len(lines)):
        if lines[later].strip() and not lines[later].lstrip().startswith("#"):
            return later
    return number


def _end_of_command(lines: list[str], first: int) -> int:
    """A command goes on behind a backslash, where no comment of its own can stand; a blank behind it is a slip."""
    last = first
    while last + 1 < len(lines) and lines[last].rstrip().endswith("\\"):
        last += 1
    return last + 1


def sift(
    findings: Iterable[Diagnostic],
    ignores: Iterable[Ignore],
    *,
    could_be_found: Callable[[str], bool] = lambda code: True,
) -> Sifted:
    """Leave out what comments silence; a comment that silences nothing, or names no code, is a finding itself.

    Args:
        findings: everything found.
        ignores: the comments.
        could_be_found: whether a code or name was looked for; a comment is idle only if it was.
    """
    by_place: dict[tuple[str, int | None], list[Ignore]] = {}
    every = list(ignores)
    for ignore in every:
        for line in ignore.lines or (None,):
            by_place.setdefault((ignore.span.file, line), []).append(ignore)
    used: set[tuple[int, str]] = set()
    kept = [finding for finding in findings if not _silenced(finding, by_place, used)]
    about = (about for ignore in every for about in _about(ignore, used, could_be_found))
    return Sifted(tuple(kept), tuple(about))


def _silenced(
    finding: Diagnostic, by_place: dict[tuple[str, int | None], list[Ignore]], used: set[tuple[int, str]]
) -> bool:
    if finding.span is None:
        return False
    near = by_place.get((finding.span.file, finding.span.line), []) + by_place.get(
        (finding.span.file, None), []
    )
    names = (finding.code, finding.slug)
    hits = {(id(ignore), word) for ignore in near for word in ignore.words if word in names}
    used.update(hits)
    return bool(hits)


def _about(
    ignore: Ignore, used: set[tuple[int, str]], could_be_found: Callable[[str], bool]
) -> Iterable[Diagnostic]:
    idle = tuple(word for word in ignore.words if (id(ignore), word) not in used and could_be_found(word))
    if not ignore.words:
        yield Diagnostic(
            "C161", "ignore-without-code", Severity.WARNING, "the comment names no code, so it silences nothing",
            ignore.span, help="name the codes: `# mace-scf: ignore[C130] why`",
        )  # fmt: skip
    elif idle:
        shown = ", ".join(f"`{word}`" for word in idle)
        yield Diagnostic(
            "C160", "unused-ignore", Severity.WARNING, f"nothing here is silenced: {shown}", ignore.span,
            when="the comment hides the next finding of that kind, which nobody has seen",
            help="remove the comment" if len(idle) == len(ignore.words) else f"remove {shown} from it",
            fix=_removal(ignore) if len(idle) == len(ignore.words) else None,
        )  # fmt: skip


def _removal(ignore: Ignore) -> Fix:
    span = ignore.span
    if ignore.alone:
        return Fix("delete the comment", (Edit(Span(span.file, span.line, 0, span.line + 1, 0), ""),))
    return Fix("delete the comment", (Edit(span, ""),))
