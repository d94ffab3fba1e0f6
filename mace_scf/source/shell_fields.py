"""The words that a command gets after expansion, and how they are put together from left to right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

import attrs

from .shell_parts import RawWord
from .shell_source import ShellText
from .shell_values import Hole, Piece, Pieces, first_why, hole, known_text

_SPACES = re.compile(r"[ \t\n]+")


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


class FieldBuilder:
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


def as_item(field: Field) -> Pieces:
    """A word as an element of an array."""
    if not field.spreads:
        return tuple(field.pieces)
    head = () if field.pattern else tuple(takewhile(_is_known, field.pieces))
    return (*head, *hole(field.why, Hole.WORDS))


def _is_known(piece: Piece) -> bool:
    return piece.hole is None
