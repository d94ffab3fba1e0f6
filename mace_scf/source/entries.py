"""Edits of whole entries of a YAML text: taken out, put in, moved; None where the text is not that simple."""

from __future__ import annotations

import re
from collections.abc import Mapping as AbstractMapping

from ..diagnostics import Edit, Span
from .document import Document
from .node import Entry, Mapping
from .page import Page, owner, page_of, scalars_of

_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")
_COMMA_BEHIND = re.compile(r"[ \t]*,[ \t]*(?:\r?\n[ \t]*(?=[^\s#}]))?")
_CLOSED = re.compile(r"\s*\}")
_IGNORE = re.compile(r"#\s*mace-scf:\s*ignore")

Content = AbstractMapping[str, "str | Content"]
"""Keys and values as YAML texts, nested as they shall stand."""


def without(
    document: Document, mapping: Mapping, entry: Entry, *, shared: bool = False, last: bool = False
) -> Edit | None:
    """Take an entry out; its comments stay.

    Args:
        document: where it stands.
        mapping: that holds it.
        entry: one of its entries, or one that a later entry of the same key overrides.
        shared: also where an alias repeats the mapping elsewhere.
        last: also where nothing would be left; only a mapping in braces can be empty.
    """
    page = page_of(document)
    end = page.end_of(entry)
    if end is None or entry.merged or not _may_change(page, entry.key.span, shared=shared):
        return None
    start = page.offset(entry.key.span.start)
    lonely = not any(other is not entry for other in mapping)
    if page.holds_anchor(start, end) or (lonely and not (last and page.is_flow(mapping))):
        return None
    return _from_flow(page, entry, end) if page.is_flow(mapping) else _from_block(page, entry, end)


def _may_change(page: Page, place: Span, *, shared: bool) -> bool:
    if place.file != page.document.file or page.is_odd:
        return False
    return shared or not page.is_shared(place)


def _from_block(page: Page, entry: Entry, end: int) -> Edit | None:
    line, column = entry.key.span.start
    first = page.starts[line]
    rest = _REST.match(page.text, end)
    if page.text[first : first + column].strip() or rest is None:
        return None
    behind = page.text.find("\n", rest.end()) + 1 or len(page.text)
    kept = (
        page.text[low:high]
        for low, high in page.comments(first, rest.end(), list(scalars_of(entry)))
        if not _IGNORE.match(page.text, low)
    )
    margin = " " * column
    return page.edit(first, behind, "".join(f"{margin}{comment}{page.newline}" for comment in kept))


def _from_flow(page: Page, entry: Entry, end: int) -> Edit | None:
    start, margin = page.offset(entry.key.span.start), " " * entry.key.span.column
    comments = page.comments(start, end, list(scalars_of(entry)))
    kept = "".join(f" {page.text[low:high]}{page.newline}{margin}" for low, high in comments)
    behind = _COMMA_BEHIND.match(page.text, end)
    if behind is not None:
        return page.edit(start, behind.end(), kept)
    before = page.back(start)
    if page.text.startswith(",", before - 1):
        return page.edit(before - 1, end, kept)
    alone = page.text.startswith("{", before - 1) and _CLOSED.match(page.text, end)
    return page.edit(start, end, kept) if alone else None


def written_value(document: Document, key: Span) -> str | None:
    """The characters of an entry's value, where they are on one line."""
    found, page = owner(document, key), page_of(document)
    end = None if found is None else page.end_of(found[1])
    if found is None or end is None:
        return None
    text = page.text[page.offset(found[1].key.span.end) : end].lstrip(" \t").removeprefix(":").strip()
    return None if "\n" in text or text[:1] in ("|", ">") else text


def within(
    document: Document, key: Span | None, mapping: Mapping, content: Content, *, at_end: bool = False
) -> Edit | None:
    """New entries of a mapping, in the style that it is written in.

    Args:
        document: where it stands.
        key: behind which the mapping stands; None for the top of the document.
        mapping: that gets them.
        content: what is added.
        at_end: behind its last entry instead of before its first.
    """
    page, start = page_of(document), mapping.span
    behind_key = key is None or (key.file == start.file and key.end <= start.start)
    if not behind_key or not _may_change(page, first_of(start), shared=False):
        return None
    at = page.offset(start.start)
    if page.text[at : at + 1] == "{":
        return page.edit(at + 1, at + 1, in_flow(content) + (", " if len(mapping) else ""))
    if page.text[at : at + 1] in ("", "*", "&", "!", "?", "'", '"', "|", ">") and not _is_key(
        page, at, mapping
    ):
        return None
    lines = in_block(content, start.column, page.newline)
    return (_behind_last(page, mapping, lines) if at_end else None) or page.edit(
        at, at, page.newline.join(lines).lstrip(" ") + page.newline + " " * start.column
    )


def first_of(span: Span) -> Span:
    """The first place of a stretch."""
    return Span(span.file, span.line, span.column, span.line, span.column)


def _is_key(page: Page, at: int, mapping: Mapping) -> bool:
    """The mapping begins with a key in quotes, not with a quoted literal, an anchor or a tag."""
    first = min((entry.key.span for entry in mapping if not entry.merged), default=None)
    return first is not None and page.offset(first.start) == at and first.end < mapping.span.end


def _behind_last(page: Page, mapping: Mapping, lines: list[str]) -> Edit | None:
    own = [entry for entry in mapping if not entry.merged]
    last = max(own, key=lambda entry: entry.key.span.start, default=None)
    end = page.end_of(last) if last is not None else None
    return None if end is None else behind(page, end, lines)


def behind(page: Page, end: int, lines: list[str]) -> Edit | None:
    """New lines behind the line of an offset at which an entry ends."""
    rest = _REST.match(page.text, end)
    if rest is None:
        return None
    at = page.text.find("\n", rest.end()) + 1
    new = page.newline.join(lines)
    return (
        page.edit(at, at, new + page.newline)
        if at
        else page.edit(len(page.text), len(page.text), page.newline + new)
    )


def in_flow(content: Content) -> str:
    """``a: 1, b: {c: 2}``.

    >>> in_flow({"a": "1", "b": {"c": "2"}})
    'a: 1, b: {c: 2}'
    """
    return ", ".join(
        f"{name}: {value if isinstance(value, str) else '{' + in_flow(value) + '}'}"
        for name, value in content.items()
    )


def in_block(content: Content, column: int, newline: str = "\n") -> list[str]:
    """The lines of such entries at a column.

    >>> in_block({"a": "1", "b": {"c": "2"}}, 1)
    [' a: 1', ' b:', '   c: 2']
    """
    lines: list[str] = []
    for name, value in content.items():
        if isinstance(value, str):
            lines.append(f"{' ' * column}{name}: {value}".rstrip())
        else:
            lines += [f"{' ' * column}{name}:", *in_block(value, column + 2, newline)]
    return lines


def moved(
    document: Document, key: Span, target: Mapping, target_key: Span | None
) -> tuple[Edit, Edit] | None:
    """Take an entry out of its mapping and write it into another one, where both are written plainly."""
    found = owner(document, key)
    if found is None or any(line.name == found[1].name for line in target):
        return None
    if found[0] is target or found[1].value.span.covers(target.span):
        return None
    page, (mapping, entry) = page_of(document), found
    end, taken = page.end_of(entry), without(document, mapping, entry)
    if end is None or taken is None or page.holds_anchor(page.offset(target.span.start) - 1, end):
        return None
    whole = _whole_lines(page, mapping, entry, target, end, taken)
    if whole is not None:
        return whole
    value = written_value(document, key)
    added = None if value is None else within(document, target_key, target, {page.at(entry.key.span): value})
    return None if added is None else (taken, added)


def nested(document: Document, mapping: Mapping, names: set[str], under: str) -> tuple[Edit, ...] | None:
    """Neighbouring entries of a mapping put under a new key; None where others stand between them."""
    page = page_of(document)
    own = sorted((entry for entry in mapping if not entry.merged), key=lambda entry: entry.key.span.start)
    places = [place for place, entry in enumerate(own) if entry.name in names]
    chosen = [own[place] for place in places]
    ends = [page.end_of(entry) for entry in chosen]
    if not chosen or None in ends or places[-1] - places[0] >= len(places) or len(own) < len(mapping):
        return None
    if not _may_change(page, first_of(mapping.span), shared=False):
        return None
    start, end = page.offset(chosen[0].key.span.start), ends[-1] or 0
    if page.is_flow(mapping):
        return page.edit(start, start, f"{under}: {{"), page.edit(end, end, "}")
    return _indented(page, chosen, end, under)


def _indented(page: Page, entries: list[Entry], end: int, under: str) -> tuple[Edit, ...] | None:
    """The lines move to the right, but not those of a text that its margin belongs to."""
    first, column = entries[0].key.span.start
    texts = [span for entry in entries for span in scalars_of(entry)]
    alone = not page.line(first)[:column].strip()
    if not alone or any(span.line != span.end_line for span in texts):
        return None
    lines = [number for number in range(first, page.place(end)[0] + 1) if page.line(number).strip()]
    new = f"{' ' * column}{under}:{page.newline}  "
    return tuple(
        page.edit(page.starts[line], page.starts[line], new if line == first else "  ") for line in lines
    )


def _whole_lines(
    page: Page, mapping: Mapping, entry: Entry, target: Mapping, end: int, taken: Edit
) -> tuple[Edit, Edit] | None:
    """Between two blocks the lines move as they are, comments included; not if one holds a text of several lines."""
    if (
        page.is_flow(mapping)
        or page.is_flow(target)
        or not _may_change(page, first_of(target.span), shared=False)
    ):
        return None
    if any(span.line != span.end_line for span in scalars_of(entry) if taken.span.covers(span)):
        return None
    column = entry.key.span.column
    lines = [page.line(number) for number in range(taken.span.line, page.place(end)[0] + 1)]
    if any(line.strip() and line[:column].strip() for line in lines):
        return None
    added = _behind_last(
        page, target, [(" " * target.span.column + line[column:]).rstrip() for line in lines]
    )
    return None if added is None else (Edit(taken.span, ""), added)
