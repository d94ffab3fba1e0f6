"""Paths of the validator, and what stands there in the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ..diagnostics import Span
from ..source import Entry, Node, entry_at
from .numbering import is_stage_number

Path: TypeAlias = tuple[str | int, ...]


def node_at(root: Node, path: Iterable[str | int]) -> Node:
    """The value at a path; the nearest one above it where nothing is there."""
    found = entry_at(root, path)
    return found.value if isinstance(found, Entry) else found


def key_span_at(root: Node, path: Iterable[str | int]) -> Span:
    """Place of the key at a path; the beginning of the file for the top."""
    found = entry_at(root, path)
    return found.key.span if isinstance(found, Entry) else Span(found.span.file, 0, 0, 0, 0)


def name_at(path: Sequence[str | int]) -> str:
    """The last key of a path, for messages."""
    return str(path[-1]) if path else "the file"


def place_of(path: Path) -> str:
    """How messages call the block at a path."""
    if not path:
        return "the run"
    if path[0] == "heads":
        return ("the heads", "the head", f"`{path[-1]}`")[min(len(path), 3) - 1]
    if path[0] == "train_schedule" and len(path) == 2:
        return f"stage {path[1]}" if is_stage_number(str(path[1])) else f"stage `{path[1]}`"
    if path[-1] == "loss":
        return "the loss"
    if len(path) == 4 and path[2] == "loss":
        return f"the options of `{path[-1]}`"
    return f"`{path[-1]}`"
