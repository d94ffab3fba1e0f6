"""Where the syntax tree of a shell text has errors."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


def wrong_stretches(tree: Node, text: str, sound: Collection[str]) -> Iterator[tuple[int, int]]:
    """Offsets of each error, at most to the end of its first line.

    Args:
        tree: root of the tree of ``text``.
        text: the shell text.
        sound: types of the nodes that are whole statements.
    """
    waiting = [tree] if tree.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield _first_line(node, text, sound)
        elif node.has_error:
            waiting += node.children


def _first_line(node: Node, text: str, sound: Collection[str]) -> tuple[int, int]:
    """From the first thing in an error that is neither a statement nor a comment."""
    broken = (child for child in node.children if child.is_error or child.type not in {*sound, "comment"})
    start = min(next(broken, node).start_byte, max(len(text) - 1, 0))
    line_end = text.find("\n", start)
    end = min(node.end_byte, len(text) if line_end < 0 else line_end)
    return start, max(start + bool(text), end)
