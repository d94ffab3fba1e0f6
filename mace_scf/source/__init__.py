"""Texts as values with places: YAML documents and launchers."""

from __future__ import annotations

from .document import Document, parse_yaml
from .node import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    editor_object,
    entry_at,
    is_undecided,
    trainer_object,
)

__all__ = [
    "Document",
    "Entry",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "editor_object",
    "entry_at",
    "is_undecided",
    "parse_yaml",
    "trainer_object",
]
