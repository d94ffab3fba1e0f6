"""JSON with comments and trailing commas, as editors keep their settings: read with places, changed by place."""

from __future__ import annotations

import json
import re
from typing import Any

import attrs

_TRIVIA = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_ATOM = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_MAX_DEPTH = 200


@attrs.frozen
class Member:
    """A key with its value; the key's text stands at ``start:key_end``."""

    key: str
    start: int
    key_end: int
    value: JsonNode


@attrs.frozen
class JsonNode:
    """A value with its place in the text.

    Attributes:
        start: first character.
        end: just behind the last.
        content: a list of members, a list of nodes, or a plain value.
        kind: ``object``, ``array`` or ``plain``.
    """

    start: int
    end: int
    content: Any
    kind: str

    def get(self, key: str) -> Member | None:
        """The last member of that name, as readers of JSON have it."""
        members = self.content if self.kind == "object" else []
        return next((member for member in reversed(members) if member.key == key), None)

    @property
    def value(self) -> Any:
        """The plain value."""
        if self.kind == "object":
            return {member.key: member.value.value for member in self.content}
        return [item.value for item in self.content] if self.kind == "array" else self.content


def parse(text: str) -> JsonNode:
    """Read a text.

    Raises:
        ValueError: it is no JSON, comments and trailing commas aside.
    """
    node = _value(text, _skip(text, 0), 0)
    if _skip(text, node.end) != len(text):
        raise ValueError(f"something follows at character {node.end}")
    return node


def _skip(text: str, at: int) -> int:
    found = _TRIVIA.match(text, at)
    return found.end() if found else at


def _value(text: str, at: int, depth: int) -> JsonNode:
    if depth > _MAX_DEPTH:
        raise ValueError("it is nested too deep")
    opening = text[at : at + 1]
    if opening == "{":
        return _object(text, at, depth)
    if opening == "[":
        return _array(text, at, depth)
    found = _STRING.match(text, at) or _ATOM.match(text, at)
    if found is None:
        raise ValueError(f"no value at character {at}")
    return JsonNode(at, found.end(), json.loads(found[0]), "plain")


def _object(text: str, start: int, depth: int) -> JsonNode:
    members: list[Member] = []
    at = _skip(text, start + 1)
    while text[at : at + 1] != "}":
        key = _STRING.match(text, at)
        colon = _skip(text, key.end()) if key else at
        if key is None or text[colon : colon + 1] != ":":
            raise ValueError(f"no key with a colon at character {at}")
        value = _value(text, _skip(text, colon + 1), depth + 1)
        members.append(Member(json.loads(key[0]), at, key.end(), value))
        at = _behind_comma(text, value.end, "}")
    return JsonNode(start, at + 1, members, "object")


def _array(text: str, start: int, depth: int) -> JsonNode:
    items: list[JsonNode] = []
    at = _skip(text, start + 1)
    while text[at : at + 1] != "]":
        items.append(_value(text, at, depth + 1))
        at = _behind_comma(text, items[-1].end, "]")
    return JsonNode(start, at + 1, items, "array")


def _behind_comma(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if text[at : at + 1] == ",":
        return _skip(text, at + 1)
    if text[at : at + 1] != closing:
        raise ValueError(f"no comma and no `{closing}` at character {at}")
    return at


# --- changing -------------------------------------------------------------------------------------


def set_value(text: str, keys: tuple[str, ...], value: Any) -> str:
    """The text with a value at a path of keys; objects on the way are made, everything else stays.

    Raises:
        ValueError: something on the way is no object.
    """
    node = parse(text)
    for depth, key in enumerate(keys):
        if node.kind != "object":
            raise ValueError(f"`{'.'.join(keys[:depth])}` is no mapping")
        member = node.get(key)
        if member is None:
            for outer in reversed(keys[depth + 1 :]):
                value = {outer: value}
            return _with_entry(text, node, f"{json.dumps(key, ensure_ascii=False)}: ", value)
        node = member.value
    return text[: node.start] + _dumped(value, _indent_at(text, node.start)) + text[node.end :]


def rename(text: str, member: Member, key: str) -> str:
    """The text with another key for a member."""
    return text[: member.start] + json.dumps(key, ensure_ascii=False) + text[member.key_end :]


def append(text: str, keys: tuple[str, ...], item: Any) -> str:
    """The text with one more item in the array at a path.

    Raises:
        ValueError: what is there is no array.
    """
    node = parse(text)
    for key in keys:
        member = node.get(key)
        if member is None:
            return set_value(text, keys, [item])
        node = member.value
    if node.kind != "array":
        raise ValueError(f"`{'.'.join(keys)}` is no list")
    return _with_entry(text, node, "", item)


def _with_entry(text: str, node: JsonNode, head: str, value: Any) -> str:
    """One more member or item behind the last, in the layout of those there are."""
    entries = node.content
    base = _indent_at(text, node.start)
    if not entries:
        entry = f"\n{base}  {head}{_dumped(value, base + '  ')}"
        inner = text[node.start + 1 : node.end - 1].rstrip()
        return text[: node.start + 1] + inner + entry + f"\n{base}" + text[node.end - 1 :]
    last = entries[-1]
    first_start, last_end = entries[0].start, (last.value.end if isinstance(last, Member) else last.end)
    on_one_line = "\n" not in text[node.start : first_start]
    indent = base + "  " if on_one_line else _indent_at(text, last.start)
    comma = _skip(text, last_end)
    has_comma = text[comma : comma + 1] == ","
    # a comment on the line of the last entry stays with it
    tail = re.compile(r"[ \t]*(?://[^\n]*|/\*[^\n]*?\*/)?").match(text, comma + 1 if has_comma else last_end)
    behind = tail.end() if tail else last_end
    before = text[:behind] if has_comma else text[:last_end] + "," + text[last_end:behind]
    entry = f"\n{indent}{head}{_dumped(value, indent)}"
    if "\n" in text[behind : node.end]:
        return before.rstrip(" ") + entry + text[behind:]
    return f"{before.rstrip(' ')}{entry}\n{base}{text[behind:].lstrip(' ')}"


def _indent_at(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _dumped(value: Any, indent: str) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", f"\n{indent}")
