"""Expansion of shell words: braces, variables, splitting and quote removal, with holes for what is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

import attrs

from .shell_braces import brace_expanded
from .shell_parameters import Parameters
from .shell_parts import Literal, Opaque, Parameter, Part, RawWord
from .shell_source import FIRST_HOLE, ShellText
from .shell_state import State
from .shell_values import Hole, Piece, Pieces, Value, array, first_why, hole, known_text, scalar

_HOLES = re.compile("[\ue000-\uefff]")
_SPACES = re.compile(r"[ \t\n]+")
_TILDE = re.compile(r"(?:^|(?<=:))~[^/:]*")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[([^\]]*)\])?(\+?)=", re.ASCII)
_MOST_FIELDS = 4096


@attrs.define
class Field:
    """One word of a command after expansion.

    Attributes:
        spreads: it stands for any number of words.
        pattern: the file system decides what it becomes.
    """

    raw: RawWord
    source: ShellText
    pieces: list[Piece] = attrs.Factory(list)
    spreads: bool = False
    pattern: bool = False

    @property
    def text(self) -> str | None:
        """The value, ``None`` when any of it is unknown."""
        return None if self.spreads or self.pattern else known_text(self.pieces)

    @property
    def head(self) -> str:
        """The known characters in front of the first hole."""
        return "" if self.pattern else "".join(piece.text for piece in takewhile(_is_known, self.pieces))

    @property
    def tail(self) -> str:
        """The known characters behind the last hole."""
        return "".join(reversed([piece.text for piece in takewhile(_is_known, reversed(self.pieces))]))

    @property
    def why(self) -> str:
        """Why the text is unknown."""
        shown = self.source.text[self.raw.start : self.raw.end]
        return first_why(self.pieces) or (f"`{shown}` is a pattern of file names" if self.pattern else "")


@attrs.frozen
class Assignment:
    """``NAME=value`` as written; ``index`` for ``NAME[index]=value``."""

    name: str
    index: str | None
    appends: bool
    word: RawWord
    start: int


def assignment(word: RawWord) -> Assignment | None:
    """The word as an assignment, if it is one."""
    head = word.parts[0] if word.parts else None
    if not isinstance(head, Literal) or head.quoted:
        return None
    match = _ASSIGNMENT.match(head.text)
    if match is None:
        return None
    value = Literal(head.text[match.end() :], head.start + match.end(), head.end)
    rest = (value, *word.parts[1:]) if value.text else word.parts[1:]
    trimmed = RawWord(value.start, word.end, rest, word.array)
    return Assignment(match[1], match[2], bool(match[3]), trimmed, word.start)


class Expander:
    """Expands words of one text in the state that holds where they stand."""

    def __init__(self, source: ShellText, state: State) -> None:
        self.source = source
        self.state = state
        self.parameters = Parameters(state, self.joined)

    def fields(self, word: RawWord) -> list[Field]:
        """The words that bash makes of one word; none where an empty variable stands without quotes."""
        if word.array is not None:
            return self._fields_of(word, word.parts)
        variants = brace_expanded(word.parts)
        if variants is None:
            return [Field(word, self.source, list(hole("a brace expansion")), spreads=True)]
        return [field for parts in variants for field in self._fields_of(word, parts)]

    def all_fields(self, words: Sequence[RawWord]) -> list[Field]:
        """The words of a whole command."""
        found: list[Field] = []
        for word in words:
            found += self.fields(word)
            if len(found) > _MOST_FIELDS:
                return [
                    *found[:_MOST_FIELDS],
                    Field(word, self.source, list(hole("too many words")), spreads=True),
                ]
        return found

    def value(self, word: RawWord) -> Value:
        """What an assignment of the word stores: no splitting, no patterns."""
        at = (self.source.root_start(word.start), self.source.root_end(word.end))
        if word.array is not None:
            return array([as_item(field) for field in self.all_fields(word.array)], at)
        return scalar(self.joined(word.parts, tilde=True), at)

    def joined(self, parts: Sequence[Part], tilde: bool = False) -> Pieces:
        """The text of the parts without splitting."""
        pieces: list[Piece] = []
        for part in parts:
            if isinstance(part, Literal):
                pieces += self._with_home(part) if tilde and not part.quoted else self._literal(part)
            elif isinstance(part, Opaque):
                pieces += self._opaque(part)
            else:
                pieces += self._placed(self.parameters.text(part), part)
        return tuple(pieces)

    def written(self, start: int, end: int) -> Pieces:
        """A stretch of the text as it stands."""
        return self._literal(Literal(self.source.text[start:end], start, end, True))

    def _placed(self, pieces: Pieces, part: Parameter | Opaque) -> Pieces:
        place = (self.source.root_start(part.start), self.source.root_end(part.end))
        return tuple(attrs.evolve(piece, place=place) for piece in pieces)

    def _fields_of(self, word: RawWord, parts: Sequence[Part]) -> list[Field]:
        builder = _Builder(word, self.source)
        self._feed(builder, parts, at_start=True)
        return builder.finished()

    def _feed(self, builder: _Builder, parts: Sequence[Part], at_start: bool = False) -> None:
        for index, part in enumerate(parts):
            if isinstance(part, Literal):
                home = at_start and index == 0 and not part.quoted and part.text.startswith("~")
                builder.literal(self._with_home(part) if home else self._literal(part), part.quoted)
            elif isinstance(part, Opaque):
                builder.add(self._opaque(part), part.quoted)
            else:
                self._feed_parameter(builder, part)

    def _feed_parameter(self, builder: _Builder, part: Parameter) -> None:
        operand = self.parameters.chosen_operand(part)
        if operand is not None:
            self._feed_operand(builder, operand)
        elif not part.is_list or part.operator == "length":
            builder.add(self._placed(self.parameters.text(part), part), part.quoted, splits=self._splits())
        elif part.joins:
            builder.add(self._placed(self.parameters.text(part), part), True)
        else:
            items = [self._placed(item, part) for item in self.parameters.items(part)]
            builder.elements(items, part.quoted, splits=self._splits())

    def _feed_operand(self, builder: _Builder, operand: Sequence[Part]) -> None:
        """The word of ``${NAME:-word}``, whose own quotes count and whose other text is split."""
        for part in operand:
            if isinstance(part, Literal) and not part.quoted:
                builder.add(self._literal(part), False, splits=self._splits())
            else:
                self._feed(builder, [part])

    def _splits(self) -> bool:
        separators = self.state.get("IFS")
        return separators is None or separators.text == " \t\n" or not separators.is_set

    def _literal(self, part: Literal) -> Pieces:
        start, end = self.source.root_start(part.start), self.source.root_end(part.end)
        if self.source.is_file:
            return (Piece(part.text, None, "", start, end),)
        return tuple(self._pieces(part))

    def _pieces(self, part: Literal) -> Iterator[Piece]:
        at = 0
        for match in [*_HOLES.finditer(part.text), None]:
            stop = match.start() if match else len(part.text)
            while stop > at:
                following = self._same_origin(part, at, stop)
                yield self._known(part, at, following)
                at = following
            if match:
                holes = self.source.holes
                yield holes[(ord(match[0]) - FIRST_HOLE) % len(holes)] if holes else Piece("\ufffd")
                at = match.end()

    def _same_origin(self, part: Literal, at: int, stop: int) -> int:
        """End of the characters from ``at`` on that all came, or all did not come, through a variable."""
        if part.end - part.start != len(part.text):
            return stop
        first = self.source.origin(part.start + at, part.start + at + 1)
        while at < stop and (self.source.origin(part.start + at, part.start + at + 1) is None) == (
            first is None
        ):
            at += 1
        return at

    def _known(self, part: Literal, at: int, stop: int) -> Piece:
        exact = part.end - part.start == len(part.text)
        start, end = (part.start + at, part.start + stop) if exact else (part.start, part.end)
        place = (self.source.root_start(start), self.source.root_end(end))
        origin = self.source.origin(start, end)
        return Piece(part.text[at:stop], None, "", *(origin or place), origin is not None, place)

    def _with_home(self, part: Literal) -> Pieces:
        """``~`` at the start of a word or, in assignments, behind a colon."""
        match = _TILDE.search(part.text)
        if match is None:
            return self._literal(part)
        before = self._known(part, 0, match.start())
        after = self._known(part, match.end(), len(part.text))
        return (before, *hole(f"`{match[0]}` is a home directory", Hole.WORD), after)

    def _opaque(self, part: Opaque) -> Pieces:
        for name in part.assigns:
            self.state.set(name, scalar(hole(f"`{name}` is an arithmetic result", Hole.WORD)))
        written = self.source.text[part.start : min(part.end, part.start + 40)].split("\n")[0]
        kind = Hole.WORD if part.single else Hole.STRING
        return self._placed(hole(f"`{written}` is {part.why}", kind), part)


class _Builder:
    """Collects the fields of one word from left to right."""

    def __init__(self, word: RawWord, source: ShellText) -> None:
        self.word = word
        self.source = source
        self.fields: list[Field] = []
        self.current: Field | None = None

    def literal(self, pieces: Pieces, quoted: bool) -> None:
        """Text of the word itself, which is never split."""
        field = self._field()
        for piece in pieces:
            self._append(field, piece, quoted)

    def add(self, pieces: Pieces, quoted: bool, *, splits: bool = True) -> None:
        """The result of an expansion."""
        if quoted:
            self.literal(pieces, True)
            return
        for piece in pieces:
            if piece.hole:
                self._append(self._field(), piece, False)
            else:
                self._split(piece, splits)

    def elements(self, items: Sequence[Pieces], quoted: bool, *, splits: bool) -> None:
        """All elements of an array or of the positional parameters."""
        for index, item in enumerate(items):
            if index and self.current is not None:
                self._close()
            self.add(item, quoted, splits=splits)

    def finished(self) -> list[Field]:
        """The fields; call once."""
        if self.current is not None:
            self._close()
        return self.fields

    def _split(self, piece: Piece, splits: bool) -> None:
        if not splits and piece.text:
            self._append(self._field(), hole("`IFS` is changed in this script")[0], False)
            return
        at = 0
        for match in [*_SPACES.finditer(piece.text), None]:
            stop = match.start() if match else len(piece.text)
            if stop > at:
                self._append(self._field(), piece.cut(at, stop), False)
            if match:
                self._close()
                at = match.end()

    def _append(self, field: Field, piece: Piece, quoted: bool) -> None:
        field.pieces.append(piece)
        if piece.hole is Hole.WORDS or (piece.hole is Hole.STRING and not quoted):
            field.spreads = True
        if (
            not quoted
            and ("*" in piece.text or "?" in piece.text)
            and not field.pieces[0].text.startswith("-")
        ):
            # No file is called `--option=...`, so a pattern behind a dash stays as it is.
            field.pattern = field.spreads = True

    def _field(self) -> Field:
        if self.current is None:
            self.current = Field(self.word, self.source)
        return self.current

    def _close(self) -> None:
        if self.current is not None:
            self.fields.append(self.current)
            self.current = None


def _is_known(piece: Piece) -> bool:
    return piece.hole is None


def as_item(field: Field) -> Pieces:
    """A word as an element of an array."""
    if not field.spreads:
        return tuple(field.pieces)
    head = () if field.pattern else tuple(takewhile(_is_known, field.pieces))
    return (*head, *hole(field.why, Hole.WORDS))
