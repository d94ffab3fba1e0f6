"""From a script's text to the words, places and findings that the launcher reader hands out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from mace_scf.diagnostics import Diagnostic, Span

from .launcher import Launcher, TrainingCommand, Word
from .launcher_problems import (
    broken_continuations,
    carriage_returns,
    empty_elements,
    empty_values,
    unparsable,
    without_repetition,
)
from .shell_fields import Field
from .shell_findings import Empty, Findings, Found
from .shell_own_folder import lies_where_it_runs
from .shell_parts import RawWord
from .shell_processes import alone_beside_each_other
from .shell_script import Script
from .shell_source import ShellText, cleaned
from .shell_state import State
from .shell_values import Piece, Value, scalar

_BATCH_FOLDER = re.compile(r"^#SBATCH[ \t]+(?:--chdir[= \t]|-D[ \t]*)[ \t]*(\S+)", re.MULTILINE)

_TEMPLATE = re.compile(r"\{\{[^{}\n]*\}\}")
_MOST_ARMS = 4


def read(text: str, file: str, switches: Collection[str], path: str | None = None) -> Launcher:
    """See :func:`mace_scf.source.launcher.read_launcher`."""
    source = ShellText(_in_one_word(cleaned(text)), file)
    findings = _read(source, path, Findings(switches=switches))
    if not findings.commands:  # a command that is switched off in the script is still the one to look at
        findings = _read(source, path, Findings(switches=switches, decides=False))
    problems = [*broken_continuations(findings), *carriage_returns(text, file, findings)]
    commands: dict[TrainingCommand, None] = {}
    for found in findings.commands:
        empties = list(empty_values(found, switches))
        problems += [problem for _, problem in empties]
        commands[_command(found, _dropped_words(empties))] = None
    problems += alone_beside_each_other(findings.commands)
    problems += empty_elements(findings)
    problems += unparsable(findings)
    variants = _variants(source, path, switches, findings.arms) if _is_open(commands) else {}
    return Launcher(
        file,
        tuple(commands),
        without_repetition(problems),
        tuple(each for each in variants if each not in commands),
        tuple(findings.written),
    )


def _in_one_word(text: str) -> str:
    """``{{ name }}`` of a template, which something fills in before bash sees it, without what bash would split."""
    if "{{" not in text:
        return text
    return _TEMPLATE.sub(lambda match: re.sub(r"[^\w.{}]", "_", match[0]), text)


def _read(source: ShellText, path: str | None, findings: Findings) -> Findings:
    state = State(_starting_folder(source.text))
    if path is not None and lies_where_it_runs(source.text):
        state.is_script(path)
    Script(source, state, findings).read()
    return findings


def _is_open(commands: Collection[TrainingCommand]) -> bool:
    """Something in the commands is not known, so single arms may tell more."""
    return any(word.text is None for command in commands for word in command.words)


def _variants(
    source: ShellText, path: str | None, switches: Collection[str], arms: int
) -> dict[TrainingCommand, None]:
    """The commands with the first arm of every undecided branch, with the second, and so on."""
    several = (Findings(switches=switches, arm=arm) for arm in range(min(arms, _MOST_ARMS)))
    readings = (_read(source, path, findings) for findings in several)
    found = (each for reading in readings for each in reading.commands)
    return {_command(each, _dropped_words(empty_values(each, switches))): None for each in found}


def _dropped_words(empties: Iterable[tuple[Empty, Diagnostic]]) -> list[RawWord]:
    return [empty.raw for empty, _ in empties if empty.field is None]


def _starting_folder(text: str) -> Value:
    match = _BATCH_FOLDER.search(text)
    return scalar((Piece(match[1]),) if match else ())


def _command(found: Found, dropped: Collection[RawWord]) -> TrainingCommand:
    behind = found.fields[found.program + 1 :]
    words = [_word(field) for field in behind]
    for raw in sorted(dropped, key=lambda raw: raw.start, reverse=True):
        at = sum(field.raw.start < raw.start for field in behind)
        words.insert(at, _dropped(found, raw))
    return TrainingCommand(
        words=tuple(words),
        program=_word(found.fields[found.program]),
        span=found.source.span(found.line.start, found.line.words[-1].end),
        conditional=found.conditional,
        open_ended=any(field.spreads for field in behind),
        directory=found.directory,
    )


def _word(field: Field) -> Word:
    source, raw = field.source, field.raw
    text, head, tail, why = field.text, field.head, field.tail, field.why
    filled = _TEMPLATE.search(text) if text is not None and "{{" in text else None
    if text is not None and filled is not None:
        head, tail = text[: filled.start()], text[text.rindex("}}") + 2 :]
        text, why = None, f"`{filled[0]}` is filled in by a template"
    return Word(
        raw=_written(source, raw),
        text=text,
        span=source.span(raw.start, raw.end),
        quoted=raw.quoted,
        why_unknown="" if text is not None else why,
        origin=_origin(field),
        prefix=head,
        many=field.spreads,
        suffix="" if text is not None else tail,
    )


def _written(source: ShellText, raw: RawWord) -> str:
    return source.root.text[source.root_start(raw.start) : source.root_end(raw.end)]


def _dropped(found: Found, raw: RawWord) -> Word:
    source = found.source
    why = "it is empty here"
    return Word(_written(source, raw), None, source.span(raw.start, raw.end), raw.quoted, why)


def _origin(field: Field) -> Span | None:
    """From the first to the last character that one assignment gave."""
    pieces = list(_assigned(field.pieces))
    if not pieces:
        return None
    start, end = pieces[0].start, pieces[0].end
    for piece in pieces[1:]:
        if piece.start != end:
            break
        end = piece.end
    return field.source.root.span_of_root(start, end)


def _assigned(pieces: list[Piece]) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.assigned and piece.end > piece.start)
