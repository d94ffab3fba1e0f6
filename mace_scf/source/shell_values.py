"""Values of shell variables: known text with its origin, and holes where only the running shell knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, TypeAlias

import attrs

MOST_PIECES = 32
MOST_ITEMS = 1024
LONGEST_VALUE = 32_768


class Hole(IntEnum):
    """How much is unknown about an unknown stretch."""

    WORD = 1  # one word: neither empty nor split
    STRING = 2  # any text; without quotes it may be split or vanish
    WORDS = 3  # any number of words, even in quotes


@attrs.frozen
class Piece:
    """A stretch of a value.

    Attributes:
        text: known characters; empty in a hole.
        hole: what is unknown, ``None`` where the text is known.
        why: clause for the user about a hole.
        start, end: offsets in the file of the characters that gave the text.
        assigned: it came through a variable rather than from the word itself.
        place: offsets of the ``$NAME`` that brought it, or of the expansion that is unknown.
    """

    text: str = ""
    hole: Hole | None = None
    why: str = attrs.field(default="", eq=False)
    start: int = attrs.field(default=0, eq=False)
    end: int = attrs.field(default=0, eq=False)
    assigned: bool = attrs.field(default=False, eq=False)
    place: tuple[int, int] | None = attrs.field(default=None, eq=False)

    def cut(self, start: int, end: int) -> Piece:
        """The known characters ``text[start:end]``."""
        if self.end - self.start != len(self.text):  # escapes: the places inside are not known
            return attrs.evolve(self, text=self.text[start:end])
        first = self.start
        return Piece(self.text[start:end], None, "", first + start, first + end, self.assigned, self.place)


Pieces: TypeAlias = tuple[Piece, ...]


@attrs.frozen
class Value:
    """What a variable holds.

    Attributes:
        items: one entry, or the elements of an array; an entry that is a ``Hole.WORDS`` stands for
            any number of elements.
        array: assigned as an array.
        is_set: ``False`` after ``unset`` and for parameters that were not handed over.
        exported: seen by the processes that the script starts.
        at: offsets in the file of the assigned text.
    """

    items: tuple[Pieces, ...] = ((),)
    array: bool = False
    is_set: bool = True
    exported: bool = False
    at: tuple[int, int] | None = attrs.field(default=None, eq=False)

    @property
    def pieces(self) -> Pieces:
        """The value without an index: the first element of an array."""
        return self.items[0] if self.items else ()

    @property
    def elements(self) -> tuple[Pieces, ...]:
        """What ``"${NAME[@]}"`` stands for; a value with holes may be an array in truth."""
        if self.array or not self.is_set:
            return self.items if self.array else ()
        return (words_hole(first_why(self.pieces)),) if known_text(self.pieces) is None else self.items

    @property
    def text(self) -> str | None:
        """The whole text of a scalar, ``None`` when any of it is unknown."""
        return known_text(self.pieces) if not self.array else None


UNSET = Value(is_set=False)


def scalar(pieces: Iterable[Piece], at: tuple[int, int] | None = None) -> Value:
    """A plain variable's value, bounded in size."""
    return Value((bounded(tuple(pieces)),), at=at)


def array(items: Sequence[Pieces], at: tuple[int, int] | None = None) -> Value:
    """An array's value, bounded in size."""
    if len(items) > MOST_ITEMS:
        items = [*items[:MOST_ITEMS], words_hole("an array that is too long to be followed")]
    return Value(tuple(bounded(item) for item in items), array=True, at=at)


def hole(why: str, kind: Hole = Hole.STRING) -> Pieces:
    """One unknown stretch."""
    return (Piece(hole=kind, why=why),)


def words_hole(why: str) -> Pieces:
    """Any number of unknown words."""
    return hole(why, Hole.WORDS)


def unknown(why: str) -> Value:
    """A variable of which nothing is known."""
    return Value((hole(why),))


def known_text(pieces: Sequence[Piece]) -> str | None:
    """The text, ``None`` when any of it is unknown."""
    if len(pieces) == 1:
        return None if pieces[0].hole else pieces[0].text
    return None if any(piece.hole for piece in pieces) else "".join([piece.text for piece in pieces])


def first_why(pieces: Iterable[Piece]) -> str:
    """The clause about the first hole."""
    return next((piece.why for piece in pieces if piece.hole), "")


def is_gap(pieces: Pieces) -> bool:
    """Whether an array's entry stands for any number of elements."""
    return any(piece.hole is Hole.WORDS for piece in pieces)


def is_one_word(pieces: Pieces) -> bool:
    """Whether the text, unquoted, is exactly one word that no pattern can change."""
    text = "".join("x" if piece.hole is Hole.WORD else piece.text for piece in pieces)
    plain = not any(piece.hole not in (None, Hole.WORD) for piece in pieces)
    return plain and bool(text) and not any(character in text for character in " \t\n*?[\\")


def brought(pieces: Pieces, place: tuple[int, int], *, assigned: bool) -> Pieces:
    """The same as the result of the expansion at ``place``, of a variable or of something else."""
    return tuple(
        Piece(piece.text, piece.hole, piece.why, piece.start, piece.end, assigned or piece.assigned, place)
        for piece in pieces
    )


def bounded(pieces: Pieces) -> Pieces:
    """The same, or one hole where a hostile script makes it grow without end."""
    if len(pieces) > MOST_PIECES or sum(len(piece.text) for piece in pieces) > LONGEST_VALUE:
        return hole("a value that is too long to be followed")
    return pieces


def join(values: Sequence[Value | None], why: str) -> Value:
    """The value after branches that may have given different ones.

    ``None`` stands for a branch in which the script has not assigned the variable.
    """
    first = values[0]
    if first is not None and all(value == first for value in values[1:]):
        return first
    known = [value for value in values if value is not None and value.is_set]
    exported = all(value is not None and value.exported for value in values)
    if len(known) < len(values) or len({value.array for value in known}) > 1:
        return attrs.evolve(unknown(why), exported=exported)
    joined = _join_arrays(known, why) if known[0].array else _join_scalars(known, why)
    return Value(joined, known[0].array, True, exported)


def _join_scalars(values: Sequence[Value], why: str) -> tuple[Pieces, ...]:
    all_pieces = [value.pieces for value in values]
    kind = Hole.WORD if all(is_one_word(pieces) for pieces in all_pieces) else Hole.STRING
    same = _shared(all_pieces)
    texts = [pieces[same].text if len(pieces) > same else "" for pieces in all_pieces]
    begun = all_pieces[0][: same + 1][same:]
    shared = _shared(texts)
    head = all_pieces[0][:same] + ((begun[0].cut(0, shared),) if shared else ())
    return ((*head, *hole(why, kind)),)


def _join_arrays(values: Sequence[Value], why: str) -> tuple[Pieces, ...]:
    rows = [value.items for value in values]
    head = _shared(rows)
    tails = [row[head:][::-1] for row in rows]
    tail = _shared(tails)
    return (*rows[0][:head], words_hole(why), *rows[0][len(rows[0]) - tail :])


def _shared(sequences: Sequence[Sequence[Any]]) -> int:
    """Number of leading entries that all have in common."""
    count = 0
    for entries in zip(*sequences, strict=False):
        if any(entry != entries[0] for entry in entries):
            break
        count += 1
    return count
