"""A YAML text as values with places: duplicates, anchors, merge keys and damage become diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import attrs

from ..diagnostics import Diagnostic, Fix, Label, Severity, Span
from .node import Entry, Mapping, Node, Scalar, Sequence, trainer_object
from .yaml11 import collection_refusal, refusal

MAX_DEPTH = 64
MAX_DUPLICATES = 1_000  # told one by one; no person writes more
_SUSPECT = frozenset("=<+-0123456789")
MAX_VALUES = 200_000  # that aliases stand for; an alias bomb passes it at once


@attrs.frozen(eq=False)
class Document:
    """One YAML document.

    Attributes:
        file: name for messages.
        text: the characters that the spans count.
        root: the top value; ``None`` where the text is empty or cannot be parsed.
        problems: findings about the text itself.
        parsed: false where nothing can be said about the content.
        shared: places of values that an alias repeats elsewhere, each from its anchor on.
    """

    file: str
    text: str
    root: Node | None
    problems: tuple[Diagnostic, ...] = ()
    parsed: bool = True
    shared: tuple[Span, ...] = ()

    @property
    def mapping(self) -> Mapping | None:
        """The root if it is a mapping."""
        return self.root if isinstance(self.root, Mapping) else None


def parse_yaml(text: str, *, file: str) -> Document:
    """Read a text as YAML; every problem is a diagnostic in the result, nothing is raised.

    >>> document = parse_yaml("a: 1\\na: 2\\n", file="x.yaml")
    >>> [problem.slug for problem in document.problems]
    ['duplicate-key']
    """
    text = text.removeprefix("\ufeff")
    composer = _Composer(file, text.split("\n"))
    try:
        _refuse_unprintable(text, file)
        root = composer.compose(text)
    except _UnparsableError as error:
        problem = _inside(error.diagnostic, text)
        problem = attrs.evolve(problem, fix=_repair(text, problem))
        return Document(file, text, None, (*composer.problems, problem), parsed=False)
    document = Document(file, text, root, tuple(composer.problems), shared=tuple(composer.shared))
    return attrs.evolve(document, problems=tuple(composer.mended(document))) if composer.dropped else document


def _repair(text: str, problem: Diagnostic) -> Fix | None:
    from .repair import repaired

    span = problem.span
    return (
        None if span is None or problem.code != "C001" else repaired(text, span.file, span.line, _is_readable)
    )


def _is_readable(text: str) -> bool:
    """One document that is a mapping without a key given twice."""
    composer = _Composer("", text.split("\n"), mends=False)
    try:
        root = composer.compose(text)
    except _UnparsableError:
        return False
    return isinstance(root, Mapping) and not composer.problems


@cache
def _event_source() -> Any:
    """The parser of libyaml, which the trainer's reader is built on too; its slow twin where it is not installed."""
    try:
        from _ruamel_yaml import CParser
    except ImportError:
        return pure_event_source()
    return CParser


@cache
def pure_event_source() -> Any:
    """The library's parser in Python, without the facade, and with two of its steps done faster.

    Its look for control characters compiles a pattern over all of Unicode, which costs more than parsing
    a config; and half of the parsing goes into skipping comments one character at a time.
    """
    from ruamel.yaml.loader import SafeLoader

    class EventSource(SafeLoader):
        def check_printable(self, data: Any) -> None:
            """Done before, see `_refuse_unprintable`."""

        def scan_to_next_token(self) -> None:
            """Over blanks, comments and line ends at once; the library goes character by character."""
            gap = _GAP_IN_FLOW if self.flow_level else _GAP
            while True:
                found = gap.match(self.buffer, self.pointer)
                skipped = found.end() - self.pointer if found else 0
                self.pointer += skipped
                self.index += skipped
                self.column += skipped
                if not self.scan_line_break():
                    return
                if not self.flow_level:
                    self.allow_simple_key = True

    return EventSource


def _refuse_unprintable(text: str, file: str) -> None:
    """Characters that YAML forbids: controls, lone surrogates and the like."""
    forbidden = {character for character in set(text) if not _is_printable(ord(character))}
    if not forbidden:
        return
    at = min(text.index(character) for character in forbidden)
    *before, started = _LINE_END.split(text[:at])
    line, column = len(before), len(started)
    reason = f"character U+{ord(text[at]):04X} is not allowed"
    raise _UnparsableError(_unreadable(reason, Span(file, line, column, line, column + 1)))


def _is_printable(code: int) -> bool:
    return (
        code in (0x09, 0x0A, 0x0D, 0x85)
        or 0x20 <= code <= 0x7E
        or 0xA0 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )


_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")
_NOTHING_MORE = re.compile(r"[ \t]*(?:#.*)?\r?$")
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as the parser counts lines
_COMMENT = r"(?:#[^\n\0\r\x85\u2028\u2029]*)?"
_GAP = re.compile(f" *{_COMMENT}")
_GAP_IN_FLOW = re.compile(rf"[ \t]*{_COMMENT}")


class _UnparsableError(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


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
class _Composer:
    """Builds values from parser events with its own stack: depth and size are bounded, aliases are shared."""

    file: str
    lines: list[str]
    mends: bool = True
    problems: list[Diagnostic] = attrs.field(factory=list)
    shared: dict[Span, None] = attrs.field(factory=dict)
    dropped: dict[int, tuple[Mapping, Entry, Entry]] = attrs.field(factory=dict)
    _anchors: dict[str, tuple[Node, int, Span]] = attrs.field(factory=dict)
    _stack: list[_Open] = attrs.field(factory=list)
    _root: Node | None = None
    _documents: int = 0
    _expanded: int = 0
    _duplicates: int = 0

    def compose(self, text: str) -> Node | None:
        for event in self._events(text):
            handler = _HANDLERS.get(type(event).__name__)
            if handler is not None:
                handler(self, event)
            if self._documents > 1:
                break
        if self._duplicates > MAX_DUPLICATES:
            self.problems.append(_many_duplicates(self._duplicates, self.problems[-1]))
        return self._root

    def _events(self, text: str) -> Iterator[Any]:
        from ruamel.yaml.error import YAMLError

        try:
            parser = _event_source()(text)
            while parser.check_event():
                yield parser.get_event()
        except YAMLError as error:
            raise _UnparsableError(_syntax_error(error, self.file)) from error
        except (
            ValueError,
            IndexError,
            AttributeError,
            TypeError,
            AssertionError,
            KeyError,
            OverflowError,
        ) as error:
            # the parser itself trips over a few malformed texts (\U escapes beyond Unicode, broken directives)
            raise _UnparsableError(_unreadable(str(error), Span(self.file))) from error

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.file, start.line, start.column, end.line, end.column)

    def document_start(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self.problems.append(_several_documents(self._span(event), self._joined(event)))

    def _joined(self, event: Any) -> Fix | None:
        from .repair import joined

        return joined("\n".join(self.lines), self._span(event), _is_readable) if self.mends else None

    def scalar(self, event: Any) -> None:
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
            self.problems.append(_refused(reason, scalar.span))

    def alias(self, event: Any) -> None:
        span = self._span(event)
        if event.anchor not in self._anchors:
            raise _UnparsableError(_unknown_alias(event.anchor, span, self._is_open(event.anchor)))
        node, size, place = self._anchors[event.anchor]
        self._expanded += size
        if self._expanded > MAX_VALUES:
            raise _UnparsableError(_too_large(span))
        self.shared[attrs.evolve(node.span, line=place.line, column=place.column)] = None
        self._place(node, None, size, span)

    def _is_open(self, anchor: str) -> bool:
        return any(open_node.anchor == anchor for open_node in self._stack)

    def open(self, event: Any) -> None:
        span = self._span(event)
        if len(self._stack) >= MAX_DEPTH:
            raise _UnparsableError(_too_deep(span))
        is_mapping = type(event).__name__ == "MappingStartEvent"
        reason = collection_refusal(str(event.ctag), is_mapping=is_mapping) if event.ctag else ""
        if reason:
            self.problems.append(_refused(reason, span))
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        self._stack.append(_Open(is_mapping, span, event.anchor, []))

    def close(self, event: Any) -> None:
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
                raise _UnparsableError(_key_not_scalar(key.span))
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
                self.problems.append(_duplicate_key(first, entry))
        own[identity] = entry

    def mended(self, document: Document) -> Iterator[Diagnostic]:
        """The problems; where a key is given twice, with the edit that deletes the first."""
        for at, problem in enumerate(self.problems):
            duplicate = self.dropped.get(at)
            yield (
                problem if duplicate is None else attrs.evolve(problem, fix=_drop_first(document, *duplicate))
            )

    def _merge(self, value: Node, merged: dict[Any, Entry]) -> None:
        sources = value.items if isinstance(value, Sequence) else (value,)
        for source in sources:
            if not isinstance(source, Mapping):
                raise _UnparsableError(_bad_merge(value.span))
            for entry in source:
                merged.setdefault(_identity(entry.key), attrs.evolve(entry, merged=True))


_HANDLERS = {
    "DocumentStartEvent": _Composer.document_start,
    "ScalarEvent": _Composer.scalar,
    "AliasEvent": _Composer.alias,
    "MappingStartEvent": _Composer.open,
    "SequenceStartEvent": _Composer.open,
    "MappingEndEvent": _Composer.close,
    "SequenceEndEvent": _Composer.close,
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


def _syntax_error(error: Any, file: str) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    span = Span(file) if mark is None else Span(file, mark.line, mark.column, mark.line, mark.column + 1)
    problem = getattr(error, "problem", None) or getattr(error, "context", None) or str(error).split("\n")[0]
    return _unreadable(problem, span)


def _inside(problem: Diagnostic, text: str) -> Diagnostic:
    """In the text, or behind the last character of a line; the parser's marks may lie beyond."""
    span, lines = problem.span, _LINE_END.split(text)
    if span is None:
        return problem
    (line, column), (end_line, end_column) = (_clamped(place, lines) for place in (span.start, span.end))
    return attrs.evolve(problem, span=Span(span.file, line, column, end_line, end_column))


def _clamped(place: tuple[int, int], lines: list[str]) -> tuple[int, int]:
    line, column = place
    last = len(lines) - 1
    return (last, len(lines[last])) if line > last else (line, min(column, len(lines[line])))


def _unreadable(reason: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "C001", "syntax-error", Severity.ERROR, f"this is not YAML: {reason}", span,
        when="the trainer cannot read the file and stops at start-up",
        help="mend the syntax at this place; everything behind it was not checked",
    )  # fmt: skip


def _refused(reason: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "C001", "syntax-error", Severity.ERROR, f"the trainer's YAML reader stops here: {reason}", span,
        when="the trainer cannot read the file and stops at start-up", help="put the value in quotes, without a tag",
    )  # fmt: skip


def _too_deep(span: Span) -> Diagnostic:
    return Diagnostic(
        "C005", "too-large", Severity.ERROR, f"nested more than {MAX_DEPTH} levels deep", span,
        when="nothing below this level was checked", help="a training config needs about six levels",
    )  # fmt: skip


def _too_large(span: Span) -> Diagnostic:
    return Diagnostic(
        "C005", "too-large", Severity.ERROR, f"aliases expand to more than {MAX_VALUES:,} values", span,
        when="the trainer would fill the memory", help="write the values out instead of nesting aliases",
    )  # fmt: skip


def _unknown_alias(anchor: str, span: Span, is_open: bool) -> Diagnostic:
    reason = "stands inside the value it names" if is_open else "names no anchor above it"
    return _unreadable(f"alias `*{anchor}` {reason}", span)


def _key_not_scalar(span: Span) -> Diagnostic:
    return _unreadable("a key must be a single word, number or quoted text", span)


def _bad_merge(span: Span) -> Diagnostic:
    return _unreadable("`<<` takes a mapping or a list of mappings", span)


def _several_documents(span: Span, fix: Fix | None) -> Diagnostic:
    return Diagnostic(
        "C004", "several-documents", Severity.ERROR, "a second YAML document starts here", span,
        when="the trainer stops at start-up", help="keep one document in the file; only the first was checked", fix=fix,
    )  # fmt: skip


def _duplicate_key(first: Entry, second: Entry) -> Diagnostic:
    return Diagnostic(
        "C003", "duplicate-key", Severity.ERROR, f"`{second.name}` is given twice", second.key.span,
        labels=(Label(first.key.span, "this one is dropped"),),
        when="the trainer silently keeps the last one",
        help=f"keep one `{second.name}`",
    )  # fmt: skip


def _many_duplicates(number: int, last: Diagnostic) -> Diagnostic:
    message = f"{number:,} keys are given twice; those behind this place are not listed"
    return attrs.evolve(last, message=message, labels=(), fix=None, help="keep one of each")


def _drop_first(document: Document, mapping: Mapping, first: Entry, second: Entry) -> Fix | None:
    """Deleting the dropped entry keeps what the trainer does; what was meant is certain where both say the same."""
    from .entries import without

    edit = without(document, mapping, first, shared=True)
    same = trainer_object(first.value) == trainer_object(second.value)
    return None if edit is None else Fix(f"delete the first `{first.name}`", (edit,), safe=same)
