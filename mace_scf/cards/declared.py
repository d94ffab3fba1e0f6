"""The form that people write: splits with what their frames carry."""

from __future__ import annotations

import itertools
from typing import Any, Literal

import attrs

from ..catalog.elements import SYMBOLS
from ..extension.problems import wrong_type
from ..extension.records import Named, Record
from ..extension.shapes import UNREAD, Count, ListOf, OneOf, Plain, Problems, Schema, Table
from ..source import Node, Scalar

VERSION = 1

PBC = tuple("".join(flags) for flags in itertools.product("TF", repeat=3))
"""Every class of periodic flags."""

Kind = Literal["real", "int", "bool", "text"]


@attrs.frozen
class Reference:
    """A key of the comment line or a column of the atom lines.

    Attributes:
        name: As written in the file.
        frames: Frames that carry it; all of the split, if nothing is said.
        shape: Numbers of one entry, for a column of one atom; `[]` is one number, `[3]` a vector, `[3, 3]` a matrix.
        per_atom: It is a column of the atom lines, for `arrays_keys`; without, a key of the comment line, for
            `info_keys`.
        kind: What it holds.
    """

    name: str
    frames: int | None = None
    shape: tuple[int, ...] = ()
    per_atom: bool = False
    kind: Kind = "real"


@attrs.frozen
class Split:
    """The frames of one split.

    Attributes:
        frames: How many there are, isolated atoms aside.
        references: Every label, input and weight that the frames carry, by the name in the file; what is not
            listed is in no frame. Without the list nothing is known of labels.
        pbc: Frames by periodic flags, such as `FFF` or `TTF`.
        elements: Symbols of all elements that occur; without the list nothing is known of them.
        isolated_atoms: Elements with a frame of the type `IsolatedAtom`, which gives their E0; `[]` says that there
            are none, without the list nothing is known of them.
        source: The file that the card stands for, for people and to tell the split.
        hash: Hash of its content, with the method before it: `xxh3:…`, `sha1:…`, `sha256:…`.
    """

    frames: int
    references: tuple[Reference, ...] | None = None
    pbc: tuple[tuple[str, int], ...] = ()
    elements: tuple[str, ...] = ()
    isolated_atoms: tuple[str, ...] | None = None
    source: str = ""
    hash: str = ""


@attrs.frozen
class Splits:
    """The splits of a run.

    Attributes:
        train: Training frames.
        valid: Validation frames.
        test: Test frames.
    """

    train: Split | None = None
    valid: Split | None = None
    test: Split | None = None


@attrs.frozen
class DeclaredCard:
    """A card written by hand.

    Attributes:
        version: Of this form: 1.
        doc: What the data are, for people.
        splits: What each split holds.
    """

    version: int
    splits: Splits
    doc: str = ""


@attrs.frozen
class _Version:
    """The one version there is."""

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """1, and no text."""
        if isinstance(node, Scalar) and type(node.editor_value) is int and node.editor_value == VERSION:
            return VERSION
        problems.append(wrong_type(name, node, str(VERSION)))
        return UNREAD

    def schema(self) -> Schema:
        """A constant."""
        return {"const": VERSION}


_SYMBOL = OneOf({symbol: symbol for symbol in SYMBOLS[1:]})
_HASH = (r"[a-z0-9_]+:[0-9a-f]+", "a method and a hash such as sha256:9f86d081")

REFERENCE = Record(Reference, without=("name",), shapes={"frames": Count()})
SPLIT = Record(
    Split,
    shapes={
        "references": Named(REFERENCE),
        "pbc": Table(Count(), names=PBC),
        "elements": ListOf(_SYMBOL),
        "isolated_atoms": ListOf(_SYMBOL),
        "hash": Plain(str, pattern=_HASH),
    },
)
SPLITS = Record(Splits, shapes=dict.fromkeys(("train", "valid", "test"), SPLIT))
CARD = Record(DeclaredCard, shapes={"splits": SPLITS, "version": _Version()})
