"""A shell text, its syntax tree, and the way back from its characters to lines and columns of the file."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from time import thread_time
from typing import TYPE_CHECKING, Any

from mace_scf.diagnostics import Span

from .lines import line_starts, place_at

if TYPE_CHECKING:
    from tree_sitter import Node

    from .shell_values import Piece

# Stand-ins for values that are unknown inside a text that was put together (`bash -c "... $X"`).
FIRST_HOLE = 0xE000
MOST_HOLES = 0x1000
LONGEST_TEXT = 262_144

_UNUSABLE = re.compile("[\x00\ud800-\udfff\ue000-\uefff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_STEP = 3072
_PATIENCE_S = 0.06


class ShellText:
    """Text to be read as shell, either a whole file or a part of it that is run as a script.

    Offsets count code points of ``text``. Those of a part lead back to offsets of the file through
    ``starts`` and ``ends``, one entry a character; ``origins`` says where a variable that was put
    in got its text.
    """

    def __init__(
        self,
        text: str,
        file: str,
        *,
        root: ShellText | None = None,
        starts: Sequence[int] = (),
        ends: Sequence[int] = (),
        origins: Sequence[tuple[int, int] | None] = (),
        holes: Sequence[Piece] = (),
    ) -> None:
        self.text = text
        self.file = file
        self.root = root or self
        self.holes = tuple(holes)
        self.origins = origins
        self._starts = starts
        self._ends = ends

    def followed_by(self, other: ShellText) -> ShellText:
        """Both texts as one, of the same file; each with an entry a character."""
        return ShellText(
            self.text + other.text, self.file, root=self.root,
            starts=[*self._starts, *other._starts], ends=[*self._ends, *other._ends],
        )  # fmt: skip

    @property
    def is_file(self) -> bool:
        """Whether the characters stand in the file itself, one for one."""
        return self.root is self

    def root_start(self, offset: int) -> int:
        """Offset in the file of the character at ``offset``."""
        if self.is_file:
            return offset
        if not self._starts:
            return 0
        return self._starts[offset] if offset < len(self._starts) else self._ends[-1]

    def root_end(self, offset: int) -> int:
        """Offset in the file just behind the character before ``offset``."""
        if self.is_file:
            return offset
        if not self._ends:
            return 0
        return self._ends[offset - 1] if offset else self._starts[0]

    def origin(self, start: int, end: int) -> tuple[int, int] | None:
        """Offsets in the file of the assigned text, where ``text[start:end]`` came from a variable."""
        if not self.origins or start >= len(self.origins):
            return None
        first, last = self.origins[start], self.origins[max(start, end - 1)]
        return (first[0], last[1]) if first and last else None

    def span(self, start: int, end: int) -> Span:
        """Place in the file of ``text[start:end]``."""
        return self.root.span_of_root(self.root_start(start), self.root_end(end))

    def span_of_root(self, start: int, end: int) -> Span:
        """Place of a stretch given by offsets of the file."""
        return Span(self.file, *self.position(start), *self.position(max(start, end)))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset of the file."""
        return place_at(self._line_starts, offset)

    def line_start(self, line: int) -> int:
        """Offset of the first character of a line of the file."""
        return self._line_starts[line]

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)

    @cached_property
    def tree(self) -> Node | None:
        """Root of the syntax tree; ``None`` where the text is too long or too tangled for the parser."""
        if len(self.text) > LONGEST_TEXT:
            return None
        # The grammar counts bytes. With one byte a character its offsets are code points.
        return _parse(_NOT_ASCII.sub("x", self.text).encode())

    def text_of(self, node: Node) -> str:
        """The characters of a node, whose offsets are those of this text."""
        return self.text[node.start_byte : node.end_byte]

    def node_at(self, start: int, kinds: Sequence[str]) -> Node | None:
        """The node of one of those types that begins exactly at ``start``."""
        if self.tree is None:
            return None
        node = self.tree.descendant_for_byte_range(start, start + 1)
        while node is not None and node.start_byte == start:
            if node.type in kinds:
                return node
            node = node.parent
        return None


def cleaned(text: str) -> str:
    """The text as the reader uses it: same lines, and same columns up to the line's end.

    A carriage return before a line feed goes, a byte order mark becomes a blank, and characters
    that no shell word can hold become U+FFFD.
    """
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    return _UNUSABLE.sub("\ufffd", text.replace("\r\n", "\n"))


@lru_cache(maxsize=2)  # a launcher is read for its configs and again beside each of them
def _parse(data: bytes) -> Node | None:
    # Recovery from errors is quadratic in time and memory, and cannot be interrupted, where very many
    # things are open. Hence a long text is tried by growing prefixes and given up at the first slow one.
    step = max(_STEP, len(data) // 20)
    tree: Node | None = None
    parser = _parser()  # before any clock is started: it is loaded here
    for size in [*range(step, len(data), step), len(data)]:
        tree, seconds = _timed(parser, data[:size])
        if tree is not None and seconds > _PATIENCE_S and len(data) > step:
            tree, seconds = _timed(parser, data[:size])  # the garbage collector may have had its turn
        if tree is None or (seconds > _PATIENCE_S and len(data) > step):
            return None
    return tree


def _timed(parser: Any, data: bytes) -> tuple[Node | None, float]:
    began = thread_time()
    tree = _parse_once(parser, data)
    return tree, thread_time() - began


def _parse_once(parser: Any, data: bytes) -> Node | None:
    deadline = thread_time() + 4 * _PATIENCE_S

    def chunk(offset: int, _point: object) -> bytes:
        return data[offset : offset + 65536]

    asked = itertools.count()

    def too_slow(_offset: int, _has_error: bool) -> bool:
        # Looking at the clock costs more than a step of the parser.
        return next(asked) % 32 == 0 and thread_time() > deadline

    try:
        node: Node = parser.parse(chunk, progress_callback=too_slow).root_node
    except ValueError:  # the parser's word for "interrupted"
        return None
    return node


def _parser() -> Any:
    import tree_sitter

    return tree_sitter.Parser(_bash())


@cache
def _bash() -> Any:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Language(tree_sitter_bash.language())
