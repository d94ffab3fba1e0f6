"""An extension as it was written: per kind of declaration, what is added, changed and removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..catalog.model import Model
from ..catalog.option import Option
from ..catalog.quantity import Quantity
from ..catalog.term import Term
from ..catalog.trainer import BoundaryMethod, ErrorTable, FieldBlock
from ..diagnostics import Span
from ..source import Mapping as MappingNode
from ..source import Node, Scalar, Sequence


@attrs.frozen
class Section:
    """One kind of declaration.

    Attributes:
        name: key in the file.
        kind: its class.
        home: attribute of the trainer, or of its blocks, that holds them.
        word: how messages call one.
        nested: options of a nested mapping, where the trainer converts nothing.
        of_blocks: the home is an attribute of the blocks.
    """

    name: str
    kind: type[Any]
    home: str
    word: str
    nested: bool = False
    of_blocks: bool = False


SECTIONS: tuple[Section, ...] = (
    Section("options", Option, "options", "option"),
    Section("stage_keys", Option, "stage", "stage key", nested=True, of_blocks=True),
    Section("fixed_point_keys", Option, "fixed_point", "fixed-point key", nested=True, of_blocks=True),
    Section("scf_keys", Option, "scf", "`scf` key", nested=True, of_blocks=True),
    Section("update_keys", Option, "update", "update key", nested=True, of_blocks=True),
    Section("readout_keys", Option, "readout", "readout key", nested=True, of_blocks=True),
    Section("terms", Term, "terms", "term"),
    Section("models", Model, "models", "model"),
    Section("quantities", Quantity, "quantities", "quantity"),
    Section("error_tables", ErrorTable, "error_tables", "error table"),
    Section("boundary_methods", BoundaryMethod, "boundary_methods", "boundary method"),
    Section("field_blocks", FieldBlock, "field_blocks", "field block"),
)


def identity(declaration: Any) -> str:
    """The name under which a declaration is added, changed and removed; a field block's has its slot."""
    name: str = declaration.name
    return f"{declaration.slot}.{name}" if isinstance(declaration, FieldBlock) else name


def named_by(section: Section, name: str) -> dict[str, str]:
    """The attributes that the name of an entry stands for."""
    if section.kind is not FieldBlock:
        return {"name": name}
    slot, _, block = name.partition(".")
    return {"slot": slot, "name": block}


@attrs.frozen(eq=False)
class Draft:
    """A declaration to be added.

    Attributes:
        name: its name.
        key: place of the name.
        node: its attributes as written.
        values: those that were read.
        like: name of a declaration whose attributes it starts from, "" for none.
    """

    name: str
    key: Span
    node: MappingNode
    values: Mapping[str, Any]
    like: str = ""


@attrs.frozen(eq=False)
class Patch:
    """A declaration to be changed.

    Attributes:
        name, key, node: as of a draft.
        values: attributes that get another value.
        more: items to put behind those of a list.
        drop: names of items to take out of a list.
    """

    name: str
    key: Span
    node: MappingNode
    values: Mapping[str, Any] = attrs.field(factory=dict)
    more: Mapping[str, tuple[Any, ...]] = attrs.field(factory=dict)
    drop: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Removal:
    """A declaration to be taken away, with the place that says so."""

    name: str
    key: Span


@attrs.frozen(eq=False)
class Edits:
    """What happens to one kind of declaration."""

    add: tuple[Draft, ...] = ()
    change: tuple[Patch, ...] = ()
    remove: tuple[Removal, ...] = ()

    @property
    def declared(self) -> tuple[Draft | Patch, ...]:
        """What is added or changed."""
        entries: list[Draft | Patch] = [*self.add, *self.change]
        return tuple(entries)

    @property
    def of_existing(self) -> tuple[Patch | Removal, ...]:
        """What must be there before."""
        entries: list[Patch | Removal] = [*self.change, *self.remove]
        return tuple(entries)


@attrs.frozen(eq=False)
class Extension:
    """A fork of a trainer, as declared in one file.

    Attributes:
        file: where it was read.
        name: of the fork; trainers that have it are called ``<base>+<name>``.
        extends: name of the trainer version or extension it starts from.
        extends_span: place of that name.
        dated: ISO date of the newest fact.
        doc: which facts, of what.
        edits: what is added, changed and removed, by section.
        accepts: what the trainer accepts, by attribute of the trainer.
        accepts_node: the same as written.
    """

    file: str
    name: str
    extends: str
    extends_span: Span
    dated: str
    doc: str
    edits: Mapping[str, Edits] = attrs.field(factory=dict)
    accepts: Mapping[str, Any] = attrs.field(factory=dict)
    accepts_node: MappingNode | None = None

    def of(self, section: str) -> Edits:
        """The edits of one section, empty where the file has none."""
        return self.edits.get(section, Edits())


def place_of(node: Node | None, word: str, otherwise: Span) -> Span:
    """Where a word stands inside a node as a key or a value; else the other place."""
    found = next(_places(node, word), None) if node is not None else None
    return found or otherwise


def _places(node: Node, word: str) -> Iterator[Span]:
    if isinstance(node, Scalar):
        yield from [node.span] if node.text == word else []
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _places(item, word)
    else:
        for entry in node:
            yield from _places(entry.key, word)
            yield from _places(entry.value, word)
