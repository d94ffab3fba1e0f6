"""What one line of shell consists of before anything is expanded: words, their parts, redirections."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

import attrs


@attrs.frozen
class Literal:
    """Text that stands for itself, after quote removal.

    Attributes:
        text: the characters.
        start: offset of the first character as written, without its quotes.
        end: offset behind the last one.
        quoted: protected from splitting, patterns and braces.
    """

    text: str
    start: int
    end: int
    quoted: bool = False


@attrs.frozen
class Parameter:
    """``$NAME``, ``${NAME}`` and what may follow the name inside the braces.

    Attributes:
        name: variable, digit or one of ``@ * # ? $ ! -``.
        index: text between square brackets, ``None`` without.
        operator: ``:-``, ``%``, ``//`` and so on; ``length`` and ``indirect`` for the leading marks.
        operand: what follows the operator.
    """

    name: str
    start: int
    end: int
    quoted: bool = False
    index: str | None = None
    operator: str = ""
    operand: tuple[Part, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether it stands for all elements, each a word of its own."""
        return self.name in ("@", "*") if self.index is None else self.index in ("@", "*")

    @property
    def joins(self) -> bool:
        """Whether quoting makes one word of all elements."""
        return self.quoted and (self.index or self.name) == "*"


@attrs.frozen
class Opaque:
    """An expansion that only a running shell can resolve.

    Attributes:
        why: clause for the user.
        single: it always gives exactly one word, such as a number.
        assigns: variables that it may change.
    """

    why: str
    start: int
    end: int
    quoted: bool = False
    single: bool = False
    assigns: tuple[str, ...] = ()


Part: TypeAlias = Literal | Parameter | Opaque


@attrs.frozen
class RawWord:
    """One word as written.

    Attributes:
        array: the elements of ``NAME=( ... )``, else ``None``.
    """

    start: int
    end: int
    parts: tuple[Part, ...]
    array: tuple[RawWord, ...] | None = None

    @property
    def plain(self) -> str | None:
        """The text, when nothing in it must be expanded."""
        texts = [part.text for part in self.parts if isinstance(part, Literal)]
        return "".join(texts) if len(texts) == len(self.parts) and self.array is None else None

    @property
    def quoted(self) -> bool:
        """Whether any part stood in quotes."""
        return any(part.quoted for part in self.parts)


@attrs.frozen
class Redirect:
    """``> target``; ``body`` holds the offsets of a here-document."""

    operator: str
    target: RawWord | None
    body: tuple[int, int] | None = None


class Break(Enum):
    """How a command that should go on was cut."""

    BLANK = "a blank behind the backslash"
    STRAY = "a backslash and a blank behind the last word"
    EMPTY = "an empty line"
    MISSING = "no backslash"
    COMMENT = "a comment"


@attrs.frozen
class Mend:
    """A place where bash ends a command that its author meant to continue.

    Attributes:
        start, end: the characters that end it.
        resumes: offset of the words that bash would lose, or of the next line.
    """

    kind: Break
    start: int
    end: int
    resumes: int


@attrs.frozen
class Line:
    """One simple command, mended.

    Attributes:
        end: offset of the character that ended it.
        substitutions: offsets of the ``$(`` and backticks in it.
        complete: every quote and brace was closed.
    """

    start: int
    end: int
    words: tuple[RawWord, ...]
    redirects: tuple[Redirect, ...] = ()
    mends: tuple[Mend, ...] = ()
    substitutions: tuple[int, ...] = ()
    complete: bool = True
