"""A YAML text by offsets: where an entry begins and ends, where its comments stand, what an alias repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import attrs

from ..diagnostics import Edit, Span
from .document import Document
from .edit import has_odd_line_ends
from .lines import line_starts, offset_at, place_at
from .node import Entry, Mapping, Node, Scalar, Sequence

ALIAS = re.compile(r"[ \t]*:[ \t]+\*[^\s,\[\]{}]+")
_EMPTY = re.compile(r"[ \t]*:(?=\s|$)")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)

_BLOCK = ("|", ">")

Owned = tuple[Mapping, Entry]


@attrs.frozen(eq=False)
class Page:
    """A document's characters with what edits need to know of them.

    Attributes:
        document: the text and its values.
        text: its characters.
        starts: offset of each line.
        newline: how its lines end.
        is_odd: it has line ends that YAML counts and editors do not, or the other way round: no place is certain.
    """

    document: Document
    text: str
    starts: tuple[int, ...]
    newline: str
    is_odd: bool

    def offset(self, place: tuple[int, int]) -> int:
        """Offset of a line and column; the end of the text for places behind it."""
        return offset_at(self.starts, len(self.text), place)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        return place_at(self.starts, offset)

    def edit(self, start: int, end: int, replacement: str) -> Edit:
        """Other characters between two offsets."""
        return Edit(Span(self.document.file, *self.place(start), *self.place(end)), replacement)

    def line(self, number: int) -> str:
        """A line without its end."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end].rstrip("\r\n")

    def at(self, span: Span) -> str:
        """The characters of a place."""
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def end_of(self, entry: Entry) -> int | None:
        """Offset behind an entry's value as written; None where it is not written plainly behind its key."""
        behind, value = self.offset(entry.key.span.end), entry.value
        alias = ALIAS.match(self.text, behind)
        if alias:
            return alias.end()
        if value.span.file != entry.key.span.file or value.span.start < entry.key.span.end:
            return None
        if isinstance(value, Scalar) and not value.style and not value.text:
            empty = _EMPTY.match(self.text, behind)
            return empty.end() if empty else None
        end = self.offset(value.span.end)
        return self.back(end) if isinstance(value, Scalar) and value.style in _BLOCK else end

    def back(self, offset: int) -> int:
        """Offset behind the last character that is no white space, before an offset."""
        while offset > 0 and self.text[offset - 1].isspace():
            offset -= 1
        return offset

    def is_flow(self, mapping: Mapping) -> bool:
        """Written in braces."""
        return self.text.startswith("{", self.offset(mapping.span.start))

    def is_shared(self, span: Span) -> bool:
        """Inside a value that an alias repeats elsewhere, so that an edit would count there too."""
        return any(place.covers(span) for place in self.document.shared)

    def holds_anchor(self, start: int, end: int) -> bool:
        """Whether an anchor that an alias needs stands between two offsets."""
        return any(start <= self.offset(place.start) < end for place in self.document.shared)

    def comments(self, start: int, end: int, scalars: list[Span]) -> list[tuple[int, int]]:
        """Comments between two offsets; a `#` inside one of the scalars is none."""
        texts = [(self.offset(span.start), self.offset(span.end)) for span in scalars]
        found = (match.span() for match in _COMMENT.finditer(self.text, start, end))
        return [(low, high) for low, high in found if not any(a <= low < b for a, b in texts)]


@lru_cache(maxsize=4)
def page_of(document: Document) -> Page:
    """The page of a document, made once."""
    text = document.text
    starts = tuple(line_starts(text))
    return Page(document, text, starts, "\r\n" if "\r\n" in text else "\n", has_odd_line_ends(text))


@lru_cache(maxsize=4)
def _owners(document: Document) -> dict[tuple[int, int], Owned]:
    """Every entry with its mapping, by the place of its key; each mapping once."""
    found: dict[tuple[int, int], Owned] = {}
    seen: set[int] = set()
    waiting: list[Node] = [] if document.root is None else [document.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            waiting.extend(node.items)
            continue
        for entry in node:
            if not entry.merged:
                found[entry.key.span.start] = (node, entry)
                waiting.append(entry.value)
    return found


def owner(document: Document, key: Span) -> Owned | None:
    """The mapping and entry whose key stands at a place."""
    return _owners(document).get(key.start) if key.file == document.file else None


def scalars_of(entry: Entry) -> Iterator[Span]:
    """Places of the scalars written in an entry."""
    waiting: list[Node] = [entry.key, entry.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node.span
        elif isinstance(node, Sequence):
            waiting.extend(node.items)
        else:
            waiting.extend(part for line in node for part in (line.key, line.value))
