"""Shapes of values in a declaration file: each reads a node strictly and describes itself as JSON Schema."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping as MappingType
from typing import Any, Final, Protocol

import attrs

from ..catalog.option import Condition, is_number, is_whole
from ..diagnostics import Diagnostic
from ..source import Mapping, Node, Scalar, Sequence, editor_object
from .problems import not_a_choice, unknown_key, wrong_type

Schema = dict[str, Any]
Problems = list[Diagnostic]

UNREAD: Final = object()
"""Stands for a value that could not be read; the problem has been noted."""


class Shape(Protocol):
    """What a value looks like."""

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """The value, or ``UNREAD`` after noting why."""

    def schema(self) -> Schema:
        """The same as JSON Schema."""


@attrs.frozen
class Plain:
    """A text, a number, or true and false.

    Attributes:
        kind: ``str``, ``bool`` or ``float``.
        nullable: may be null.
        pattern: what a text must look like, with its phrase.
    """

    kind: type
    nullable: bool = False
    pattern: tuple[str, str] | None = None

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """Nothing is converted, but whole numbers are numbers."""
        value = node.editor_value if isinstance(node, Scalar) else UNREAD
        if value is None and self.nullable:
            return None
        if not self._fits(value):
            problems.append(wrong_type(name, node, self._phrase))
            return UNREAD
        return float(value) if self.kind is float else value  # type: ignore[arg-type]  # it is a number, see _fits

    def _fits(self, value: Any) -> bool:
        if self.kind is float:
            return is_number(value) and math.isfinite(value)
        if self.kind is str and self.pattern is not None:
            return isinstance(value, str) and re.fullmatch(self.pattern[0], value) is not None
        return isinstance(value, self.kind)

    @property
    def _phrase(self) -> str:
        if self.pattern is not None:
            return self.pattern[1]
        return {str: "a text", bool: "true or false", float: "a number"}[self.kind]

    def schema(self) -> Schema:
        """One type, or null."""
        kind = {str: "string", bool: "boolean", float: "number"}[self.kind]
        schema: Schema = {"type": [kind, "null"] if self.nullable else kind}
        return schema | (
            {"pattern": f"^({self.pattern[0]})$", "errorMessage": self._phrase} if self.pattern else {}
        )


@attrs.frozen
class Count:
    """A whole number, not below zero."""

    minimum: int = 0

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """No text, no fraction, no `true`."""
        value = node.editor_value if isinstance(node, Scalar) else UNREAD
        if is_whole(value) and value >= self.minimum:
            return value
        problems.append(wrong_type(name, node, f"a whole number, {self.minimum} or more"))
        return UNREAD

    def schema(self) -> Schema:
        """An integer with its limit."""
        return {"type": "integer", "minimum": self.minimum}


@attrs.frozen
class OneOf:
    """A word that stands for a value, such as a member of an enumeration."""

    values: MappingType[str, Any]
    nullable: bool = False

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """Exactly one of the words."""
        if isinstance(node, Scalar) and node.text in self.values:
            return self.values[node.text]
        if self.nullable and isinstance(node, Scalar) and node.editor_value is None:
            return None
        problems.append(not_a_choice(name, node, tuple(self.values)))
        return UNREAD

    def schema(self) -> Schema:
        """The words."""
        return {"enum": [*self.values, *([None] if self.nullable else [])]}


@attrs.frozen
class Anything:
    """A default or a choice: whatever an option may hold, made of finite numbers, texts, true and false."""

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """As YAML 1.2 has it."""
        value = editor_object(node)
        if _is_finite(value):
            return value
        problems.append(wrong_type(name, node, "a finite value"))
        return UNREAD

    def schema(self) -> Schema:
        """No limits."""
        return {}


def _is_finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


@attrs.frozen
class ListOf:
    """A list, each item of one shape; with ``length``, exactly so many."""

    item: Shape
    length: int | None = None

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """All items, or nothing."""
        if not isinstance(node, Sequence) or self.length not in (None, len(node.items)):
            problems.append(
                wrong_type(name, node, "a list" if self.length is None else f"a list of {self.length}")
            )
            return UNREAD
        return _all(tuple(self.item.read(name, item, problems) for item in node.items))

    def schema(self) -> Schema:
        """An array."""
        limits = {} if self.length is None else {"minItems": self.length, "maxItems": self.length}
        return {"type": "array", "items": self.item.schema(), **limits}


@attrs.frozen
class Table:
    """A mapping from names to values of one shape, read as pairs.

    Attributes:
        item: the values.
        names: the names there are; none for any.
    """

    item: Shape
    names: tuple[str, ...] = ()

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """Pairs in the order written."""
        if not isinstance(node, Mapping):
            problems.append(wrong_type(name, node, "a mapping"))
            return UNREAD
        strays = [entry for entry in node if self.names and entry.name not in self.names]
        problems += [unknown_key(entry.key, self.names, f"`{name}`") for entry in strays]
        if strays:
            return UNREAD
        pairs = [(entry.name, self.item.read(entry.name, entry.value, problems)) for entry in node]
        return UNREAD if any(value is UNREAD for _, value in pairs) else tuple(pairs)

    def schema(self) -> Schema:
        """Any names, or those there are."""
        if self.names:
            properties = {name: self.item.schema() for name in self.names}
            return {"type": "object", "properties": properties, "additionalProperties": False}
        return {"type": "object", "additionalProperties": self.item.schema()}


@attrs.frozen
class Conditions:
    """Options and the values they must have: ``mode: [implicit]``, ``distributed: {not: true}``."""

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """One condition an option."""
        if not isinstance(node, Mapping):
            problems.append(wrong_type(name, node, "a mapping from options to values"))
            return UNREAD
        return _all(tuple(self._one(entry.name, entry.value, problems) for entry in node))

    def _one(self, option: str, node: Node, problems: Problems) -> Any:
        negated = isinstance(node, Mapping)
        if isinstance(node, Mapping):
            strays = [entry for entry in node if entry.name != "not"]
            problems += [unknown_key(entry.key, ("not",), f"the condition on `{option}`") for entry in strays]
            inner = node.get("not")
            if inner is None and not strays:
                problems.append(wrong_type(option, node, "a value, a list of values, or `not` with one"))
            if inner is None or strays:
                return UNREAD
            node = inner.value
        items = node.items if isinstance(node, Sequence) else (node,)
        values = tuple(_VALUE.read(option, item, problems) for item in items)
        if not values:
            problems.append(wrong_type(option, node, "at least one value"))
            return UNREAD
        return UNREAD if UNREAD in values else Condition(option, values, negated)

    def schema(self) -> Schema:
        """Option to value, values, or what is excluded."""
        value = _VALUE.schema()
        values = {"anyOf": [value, {"type": "array", "items": value, "minItems": 1}]}
        excluded = {
            "type": "object",
            "properties": {"not": values},
            "required": ["not"],
            "additionalProperties": False,
        }
        return {"type": "object", "additionalProperties": {"anyOf": [*values["anyOf"], excluded]}}


@attrs.frozen
class Value:
    """A scalar of any type."""

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """As YAML 1.2 has it."""
        if isinstance(node, Scalar):
            return _ANYTHING.read(name, node, problems)
        problems.append(wrong_type(name, node, "a value or a list of values"))
        return UNREAD

    def schema(self) -> Schema:
        """Any scalar."""
        return {"type": ["string", "number", "boolean", "null"]}


_ANYTHING = Anything()
_VALUE = Value()


def _all(values: tuple[Any, ...]) -> Any:
    return UNREAD if any(value is UNREAD for value in values) else values
