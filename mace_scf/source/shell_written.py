"""From a command such as `cat > config.yaml <<EOF` to the file that it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from .shell_builtins import body_of
from .shell_expand import Expander
from .shell_fields import Field
from .shell_parts import Line, RawWord, Redirect
from .shell_source import ShellText
from .shell_values import Piece, Pieces, known_text
from .written import Gap, WrittenFile

# what YAML would take for more than a part of a word
_MEANS_SOMETHING = re.compile(r"[^\w$./+-]")

_LONGEST_CONFIG = 65_536


@attrs.frozen
class _Character:
    text: str
    start: int
    end: int
    gap: Piece | None = None


def written_file(
    line: Line, fields: list[Field], expander: Expander, *, directory: str | None, conditional: bool
) -> WrittenFile | None:
    """What the command writes; None where it is no `cat` or `tee` with a here-document."""
    document = next((redirect for redirect in line.redirects if redirect.body is not None), None)
    target = _target(line, fields)
    start, end = document.body if document is not None and document.body is not None else (0, 0)
    if document is None or target is None or end - start > _LONGEST_CONFIG:
        return None
    word, appends = target
    source = expander.source
    characters = list(_characters(body_of(expander, line), source))
    if document.operator == "<<-":
        characters = list(_without_tabs(characters))
    path = known_text(expander.joined(word.parts, tilde=True))
    return WrittenFile(
        path=path,
        raw=source.text[word.start : word.end].strip("\"'"),
        directory=directory,
        source=_assembled(source, characters),
        gaps=tuple(_gaps(characters)),
        at=source.span(line.start, line.end),
        appends=appends,
        conditional=conditional,
        exact=document.target is not None and document.target.quoted,
    )


def _target(line: Line, fields: list[Field]) -> tuple[RawWord, bool] | None:
    """The file's name, and whether the text is added to it."""
    names = [field.text for field in fields]
    redirects = [redirect for redirect in line.redirects if redirect.operator in (">", ">|", ">>")]
    if names == ["cat"] and len(redirects) == 1:
        return _named(redirects[0])
    if names[:1] == ["tee"] and len(names) in (2, 3) and names[1:-1] in ([], ["-a"]):
        return fields[-1].raw, len(names) == 3
    return None


def _named(redirect: Redirect) -> tuple[RawWord, bool] | None:
    return None if redirect.target is None else (redirect.target, redirect.operator == ">>")


def _characters(pieces: Pieces, source: ShellText) -> Iterator[_Character]:
    """Each character with its place in the script; for what is unknown those that were written."""
    for piece in pieces:
        start, end = piece.place or (piece.start, piece.end)
        if piece.hole:
            raw = source.root.text[start:end].replace("\n", "_") or "_"
            for offset, character in enumerate(_MEANS_SOMETHING.sub("_", raw)):
                yield _Character(character, start + offset, start + offset + 1, piece)
        elif end - start == len(piece.text) and not piece.assigned:
            for offset, character in enumerate(piece.text):
                yield _Character(character, start + offset, start + offset + 1)
        else:
            for character in piece.text:
                yield _Character(character, start, end)


def _without_tabs(characters: list[_Character]) -> Iterator[_Character]:
    """`<<-` takes the tabs in front of each line away."""
    at_start = True
    for character in characters:
        if at_start and character.text == "\t":
            continue
        yield character
        at_start = character.text == "\n"


def _assembled(source: ShellText, characters: list[_Character]) -> ShellText:
    return ShellText(
        "".join(character.text for character in characters), source.file, root=source.root,
        starts=[character.start for character in characters], ends=[character.end for character in characters],
    )  # fmt: skip


def _gaps(characters: list[_Character]) -> Iterator[Gap]:
    at = 0
    while at < len(characters):
        piece, start = characters[at].gap, at
        at += 1
        if piece is None:
            continue
        while at < len(characters) and characters[at].gap is piece:
            at += 1
        yield Gap(start, at, "".join(character.text for character in characters[start:at]), piece.why)
