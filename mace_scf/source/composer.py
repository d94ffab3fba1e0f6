"""From a parser's events to values with places: duplicates, anchors, aliases and merge keys."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import attrs

from ..diagnostics import Diagnostic, Fix, Span
from .node import Entry, Mapping, Node, Scalar, Sequence
from .yaml11 import collection_refusal, refusal
from .yaml_events import UnparsableError, events_of

MAX_DEPTH = 64
MAX_DUPLICATES = 1_000  # told one by one; no person writes more
MAX_VALUES = 200_000  # that aliases stand for; an alias bomb passes it at once
Dropped: TypeAlias = tuple[Mapping, Entry, Entry]
"""A mapping, the entry of it that is dropped, and the one of the same key that is kept."""
_SUSPECT = frozenset("=<+-0123456789")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")
_NOTHING_MORE = re.compile(r"[ \t]*(?:#.*)?\r?$")


def is_readable(text: str) -> bool:
    """One document that is a mapping without a key given twice."""
    composer = Composer("", text.split("\n"), mends=False)
    try:
        root = composer.compose(text)
    except UnparsableError:
        return False
    return isinstance(root, Mapping) and not composer.problems


@attrs.define(eq=False, repr=False)
class _Open:
    """A collection whose end has not been seen."""

    is_mapping: bool
    span: Span
    anchor: str | None
    children: list[Node]
    size: int = 1
    end: tuple[int, int] = (0, 0)


@attrs.define(eq=False, repr=False)
class Composer:
    """Builds values from parser events with its own stack: depth and size are bounded, aliases are shared."""

    file: str
    lines: list[str]
    mends: bool = True
    problems: list[Diagnostic] = attrs.field(factory=list)
    shared: dict[Span, None] = attrs.field(factory=dict)
    dropped: dict[int, Dropped] = attrs.field(factory=dict)
    _anchors: dict[str, tuple[Node, int, Span]] = attrs.field(factory=dict)
    _stack: list[_Open] = attrs.field(factory=list)
    _root: Node | None = None
    _documents: int = 0
    _expanded: int = 0
    _duplicates: int = 0

    def compose(self, text: str) -> Node | None:
        """The top value; raises UnparsableError where nothing can be said about the content."""
        for event in events_of(text, self.file):
            handler = _HANDLERS.get(type(event).__name__)
            if handler is not None:
                handler(self, event)
            if self._documents > 1:
                break
        if self._duplicates > MAX_DUPLICATES:
            from .yaml_problems import many_duplicates

            self.problems.append(many_duplicates(self._duplicates, self.problems[-1]))
        return self._root

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.file, start.line, start.column, end.line, end.column)

    def document_start(self, event: Any) -> None:
        """A second document is a problem, and the last that is read."""
        self._documents += 1
        if self._documents > 1:
            from .yaml_problems import several_documents

            self.problems.append(several_documents(self._span(event), self._joined(event)))

    def _joined(self, event: Any) -> Fix | None:
        from .repair import joined

        return joined("\n".join(self.lines), self._span(event), is_readable) if self.mends else None

    def scalar(self, event: Any) -> None:
        """A value, with its tag and anchor; what the trainer's reader stops at is noted."""
        style = event.style or ""
        tag = "" if event.ctag is None or event.implicit[0] else str(event.ctag)
        whole = self._span(event)
        span = self._behind_anchor(whole) if event.anchor and (event.value or style) else whole
        scalar = Scalar(event.value, style, span, tag)
        if tag or (not style and event.value[:1] in _SUSPECT):
            self._note_refusal(scalar)
        self._place(scalar, event.anchor, 1, whole)

    def _note_refusal(self, scalar: Scalar) -> None:
        """What YAML allows and the trainer's reader stops at; a key may have any characters."""
        is_key = bool(self._stack) and self._stack[-1].is_mapping and len(self._stack[-1].children) % 2 == 0
        reason = "" if is_key and not scalar.tag else refusal(scalar.tag, scalar.text)
        if reason:
            from .yaml_problems import refused

            self.problems.append(refused(reason, scalar.span))

    def alias(self, event: Any) -> None:
        """The value of its anchor once more; bounded, since aliases of aliases grow without limit."""
        span = self._span(event)
        if event.anchor not in self._anchors:
            from .yaml_problems import unknown_alias

            raise UnparsableError(unknown_alias(event.anchor, span, self._is_open(event.anchor)))
        node, size, place = self._anchors[event.anchor]
        self._expanded += size
        if self._expanded > MAX_VALUES:
            from .yaml_problems import too_large

            raise UnparsableError(too_large(span))
        self.shared[attrs.evolve(node.span, line=place.line, column=place.column)] = None
        self._place(node, None, size, span)

    def _is_open(self, anchor: str) -> bool:
        return any(open_node.anchor == anchor for open_node in self._stack)

    def open(self, event: Any) -> None:
        """A mapping or list begins."""
        span = self._span(event)
        if len(self._stack) >= MAX_DEPTH:
            from .yaml_problems import too_deep

            raise UnparsableError(too_deep(span))
        is_mapping = type(event).__name__ == "MappingStartEvent"
        reason = collection_refusal(str(event.ctag), is_mapping=is_mapping) if event.ctag else ""
        if reason:
            from .yaml_problems import refused

            self.problems.append(refused(reason, span))
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        self._stack.append(_Open(is_mapping, span, event.anchor, []))

    def close(self, event: Any) -> None:
        """A mapping or list ends and becomes a value."""
        frame = self._stack.pop()
        node = self._mapping(frame, event) if frame.is_mapping else self._sequence(frame, event)
        self._place(
            node,
            frame.anchor,
            frame.size,
            attrs.evolve(node.span, line=frame.span.line, column=frame.span.column),
        )

    def _place(self, node: Node, anchor: str | None, size: int, written: Span) -> None:
        """Put a value where it is written: an alias elsewhere than the value it repeats."""
        if anchor:
            self._anchors[anchor] = (node, size, written)
        if not self._stack:
            self._root = node
            return
        parent = self._stack[-1]
        parent.size += size
        parent.end = written.end
        parent.children.append(node)

    def _behind_anchor(self, span: Span) -> Span:
        """The place without the `&name` in front, so that a new value leaves the anchor alone."""
        if span.line >= len(self.lines) or not (found := _ANCHOR.match(self.lines[span.line], span.column)):
            return span
        line, column = span.line, found.end()
        while _NOTHING_MORE.match(self.lines[line], column) and line + 1 < len(self.lines):
            line, column = line + 1, 0
        blanks = len(self.lines[line][column:]) - len(self.lines[line][column:].lstrip(" \t"))
        return attrs.evolve(span, line=line, column=column + blanks)

    def _extent(self, frame: _Open, event: Any) -> Span:
        """Flow collections end at their bracket; block collections at the end of their last value."""
        end = event.end_mark
        start = self._behind_anchor(frame.span) if frame.anchor else frame.span
        if frame.children and event.start_mark.index == end.index:
            return attrs.evolve(start, end_line=frame.end[0], end_column=frame.end[1])
        return attrs.evolve(start, end_line=end.line, end_column=end.column)

    def _sequence(self, frame: _Open, event: Any) -> Sequence:
        return Sequence(tuple(frame.children), self._extent(frame, event))

    def _mapping(self, frame: _Open, event: Any) -> Mapping:
        own: dict[Any, Entry] = {}
        merged: dict[Any, Entry] = {}
        twice: list[tuple[int, Entry, Entry]] = []
        for key, value in zip(frame.children[::2], frame.children[1::2], strict=True):
            if not isinstance(key, Scalar):
                from .yaml_problems import key_not_scalar

                raise UnparsableError(key_not_scalar(key.span))
            if key.is_plain and key.text == "<<":
                self._merge(value, merged)
            else:
                self._add(own, Entry(key, _placed_empty(key, value)), twice)
        mapping = Mapping(tuple({**merged, **own}.values()), self._extent(frame, event))
        self.dropped.update((at, (mapping, first, second)) for at, first, second in twice)
        return mapping

    def _add(self, own: dict[Any, Entry], entry: Entry, twice: list[tuple[int, Entry, Entry]]) -> None:
        identity = _identity(entry.key)
        first = own.pop(identity, None)
        if first is not None:
            self._duplicates += 1
            if self._duplicates <= MAX_DUPLICATES:
                twice.append((len(self.problems), first, entry))
                from .yaml_problems import duplicate_key

                self.problems.append(duplicate_key(first, entry))
        own[identity] = entry

    def _merge(self, value: Node, merged: dict[Any, Entry]) -> None:
        sources = value.items if isinstance(value, Sequence) else (value,)
        for source in sources:
            if not isinstance(source, Mapping):
                from .yaml_problems import bad_merge

                raise UnparsableError(bad_merge(value.span))
            for entry in source:
                merged.setdefault(_identity(entry.key), attrs.evolve(entry, merged=True))


_HANDLERS = {
    "DocumentStartEvent": Composer.document_start,
    "ScalarEvent": Composer.scalar,
    "AliasEvent": Composer.alias,
    "MappingStartEvent": Composer.open,
    "SequenceStartEvent": Composer.open,
    "MappingEndEvent": Composer.close,
    "SequenceEndEvent": Composer.close,
}


def _identity(key: Scalar) -> Any:
    """Keys are the same if the trainer's reader makes the same value of them (True equals 1 there too)."""
    return key.trainer_value


def _placed_empty(key: Scalar, value: Node) -> Node:
    """An empty value has no characters: its place is just behind the key's colon, not the next line."""
    if isinstance(value, Scalar) and value.style == "" and value.text == "" and not value.tag:
        line, column = key.span.end_line, key.span.end_column + 1
        return attrs.evolve(value, span=Span(key.span.file, line, column, line, column))
    return value
