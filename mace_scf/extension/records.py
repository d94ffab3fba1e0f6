"""From the attributes of a declaration class, with their types and texts, to the shapes of a file's values."""

from __future__ import annotations

import enum
import inspect
import re
import types
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from ..catalog.model import Conservation, LabelInput, Provision
from ..catalog.option import Condition, Kind, Option
from ..catalog.trainer import BoundaryMethod, Trainer
from ..diagnostics import Span
from ..source import Mapping, Node
from .declaration import Section, named_by
from .problems import missing, unknown_key, wrong_type
from .shapes import (
    UNREAD,
    Anything,
    Conditions,
    Count,
    ListOf,
    OneOf,
    Plain,
    Problems,
    Schema,
    Shape,
    Table,
    Value,
)

NESTED_KINDS = (Kind.STRING, Kind.INTEGER, Kind.NUMBER, Kind.STRICT_BOOLEAN, Kind.BOOLEAN_WORD, Kind.MAPPING)
"""Kinds of options in nested mappings, where the trainer converts nothing."""

_LEFT_OUT = ("trainers",)  # belongs to the catalog's own bookkeeping
_KEYS: dict[type[Any], str] = {
    Provision: "prediction",
    Conservation: "quantity",
    LabelInput: "quantity",
    Option: "name",
}
_PATTERNS: dict[tuple[type[Any], str], tuple[str, str]] = {
    (BoundaryMethod, "allowed"): ("[TF]{3}", "three letters T or F such as TTF"),
    (Trainer, "file_suffixes"): (r"\.\S+", "an ending such as .xyz"),
    (Trainer, "test_suffixes"): (r"\.\S+", "an ending such as .xyz"),
}


@attrs.frozen
class Record:
    """A mapping whose keys are attributes of a class.

    Attributes:
        kind: the class.
        nested: its options stand in nested mappings.
        without: attributes that do not come from the mapping.
        shapes: shapes of attributes that their types do not tell.
    """

    kind: Any
    nested: bool = False
    without: tuple[str, ...] = ()
    shapes: MappingType[str, Shape] = attrs.field(factory=dict)

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """An instance, if every attribute could be read and none is missing."""
        return self.build(name, node, problems, {}, None)

    def build(
        self, name: str, node: Node, problems: Problems, given: dict[str, Any], key: Span | None
    ) -> Any:
        """The same with some attributes from elsewhere."""
        values = self.values(name, node, problems)
        if values is UNREAD:
            return UNREAD
        absent = [field for field in self.required if field not in values]
        if absent:
            problems.append(missing(absent, key or node.span, f"`{name}`"))
        if absent or UNREAD in values.values():
            return UNREAD
        return self.kind(**values, **given)

    def values(self, name: str, node: Node, problems: Problems, also: Iterable[str] = ()) -> Any:
        """The attributes that are written, by name."""
        if not isinstance(node, Mapping):
            problems.append(wrong_type(name, node, "a mapping"))
            return UNREAD
        fields, values = self.fields, {}
        for entry in node:
            if entry.name in fields:
                values[entry.name] = fields[entry.name].read(entry.name, entry.value, problems)
            elif entry.name not in also:
                problems.append(unknown_key(entry.key, (*fields, *also), f"`{name}`"))
        return values

    @property
    def fields(self) -> dict[str, Shape]:
        """Shapes by attribute."""
        known = _fields(self.kind, self.nested, (*self.without, *self.shapes))
        names = (field.name for field in attrs.fields(self.kind) if field.name not in self.without)
        return {
            name: self.shapes[name] if name in self.shapes else known[name]
            for name in names
            if name in self.shapes or name in known
        }

    @property
    def required(self) -> tuple[str, ...]:
        """Attributes without a default."""
        return tuple(
            field.name
            for field in attrs.fields(self.kind)
            if field.default is attrs.NOTHING and field.name not in self.without
        )

    def schema(self) -> Schema:
        """An object with the attributes' texts."""
        return {**self.properties(), **({"required": list(self.required)} if self.required else {})}

    def properties(self, **more: Schema) -> Schema:
        """The same without mandatory attributes."""
        docs = field_docs(self.kind)
        own = {
            name: {**shape.schema(), "description": docs.get(name, name)}
            for name, shape in self.fields.items()
        }
        return {"type": "object", "properties": {**own, **more}, "additionalProperties": False}


@attrs.frozen
class Named:
    """A mapping from names to records, read as a tuple of records in the order written."""

    record: Record

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """Every record, or nothing."""
        if not isinstance(node, Mapping):
            problems.append(wrong_type(name, node, "a mapping from names"))
            return UNREAD
        found = [
            self.record.build(entry.name, entry.value, problems, {"name": entry.name}, entry.key.span)
            for entry in node
        ]
        return UNREAD if UNREAD in found else tuple(found)

    def schema(self) -> Schema:
        """Any names."""
        return {"type": "object", "additionalProperties": self.record.schema()}


def record_of(section: Section) -> Record:
    """The record of a section's entries; the name stands before it."""
    return Record(section.kind, section.nested, tuple(named_by(section, "")))


def list_fields(record: Record) -> dict[str, Shape]:
    """Attributes that hold any number of items, so that items can be added or taken out."""
    kinds = (ListOf, Named, Table)
    return {
        name: shape
        for name, shape in record.fields.items()
        if isinstance(shape, kinds) and not (isinstance(shape, ListOf) and shape.length)
    }


def item_key(item: Any) -> str | None:
    """The name by which an item of a list is taken out; None where it has none."""
    if isinstance(item, tuple) and item and isinstance(item[0], str):
        return item[0]
    if attrs.has(type(item)):
        key = _KEYS.get(type(item))
        return None if key is None else str(getattr(item, key))
    return str(item)


@cache
def _fields(kind: Any, nested: bool, without: tuple[str, ...]) -> dict[str, Shape]:
    hints = get_type_hints(kind)
    names = (field.name for field in attrs.fields(kind) if field.name not in (*_LEFT_OUT, *without))
    return {name: _shape(kind, name, hints[name], nested) for name in names}


def _shape(kind: type[Any], name: str, hint: Any, nested: bool) -> Shape:
    pattern = _PATTERNS.get((kind, name))
    if get_origin(hint) in (Union, types.UnionType):
        inner = next(part for part in get_args(hint) if part is not type(None))
        shape: Any = _shape(kind, name, inner, nested)
        nullable: Shape = attrs.evolve(shape, nullable=True)
        return nullable
    if get_origin(hint) is Literal:
        return OneOf({str(value): value for value in get_args(hint)})
    if get_origin(hint) is tuple:
        return _tuple_shape(kind, name, get_args(hint))
    if attrs.has(hint):
        return Record(hint)
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        members = NESTED_KINDS if hint is Kind and nested else tuple(hint)
        return OneOf({member.name.lower(): member for member in members})
    if hint is Any:
        return Anything()
    if hint is int:
        return Count()
    return Plain(hint, pattern=pattern)


def _tuple_shape(kind: type[Any], name: str, items: tuple[Any, ...]) -> Shape:
    if len(items) != 2 or items[1] is not Ellipsis:
        return ListOf(_shape(kind, name, float | None, False), length=len(items))
    item = items[0]
    if item is Condition:
        return Conditions()
    if get_origin(item) is tuple:
        return Table(_shape(kind, name, get_args(item)[1], False))
    if item is Any:
        return ListOf(Value())
    if attrs.has(item):
        return (
            Named(Record(Option, nested=True, without=("name",))) if item is Option else ListOf(Record(item))
        )
    return ListOf(_shape(kind, name, item, False))


@cache
def field_docs(kind: Any) -> dict[str, str]:
    """What a class says of its attributes, from the list in its docstring."""
    _, _, listed = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")
    docs: dict[str, str] = {}
    for names, text in re.findall(r"^ {4}(\w[\w, ]*): (.*(?:\n {5,}.*)*)", listed, re.MULTILINE):
        docs |= dict.fromkeys(names.split(", "), " ".join(text.split()))
    return docs
