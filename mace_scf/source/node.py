"""The values of a document: scalars, mappings and sequences, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ..diagnostics import Span
from .yaml11 import ScalarValue, tagged11_value, tagged12_value, yaml11_value, yaml12_value


@attrs.frozen(eq=False)
class Scalar:
    """One scalar.

    Attributes:
        text: its characters after quote removal.
        style: "" plain, ``'`` or ``"`` quoted, ``|`` or ``>`` block, ``$`` a word of a command line.
        span: its place, quotes included.
        tag: explicit tag, "" if none.
        undecided: a part of the text is known only to the script that writes it.
    """

    text: str
    style: str
    span: Span
    tag: str = ""
    undecided: bool = False

    @property
    def is_plain(self) -> bool:
        """Written without quotes, so that YAML guesses its type."""
        return self.style == "" and not self.tag

    @property
    def trainer_value(self) -> ScalarValue:
        """What the trainer's YAML 1.1 reader makes of it."""
        if self.tag:
            return tagged11_value(self.tag, self.text)
        return yaml11_value(self.text) if self.is_plain else self.text

    @property
    def editor_value(self) -> ScalarValue:
        """What a YAML 1.2 reader makes of it."""
        if self.tag:
            return tagged12_value(self.tag, self.text)
        return yaml12_value(self.text) if self.is_plain else self.text


@attrs.frozen(eq=False)
class Entry:
    """One key with its value; ``merged`` if it came through a merge key ``<<``."""

    key: Scalar
    value: Node
    merged: bool = False

    @property
    def name(self) -> str:
        """The key's characters, whatever type YAML gives it."""
        return self.key.text


@attrs.frozen(eq=False)
class Mapping:
    """A mapping without its duplicate keys: the last of them wins, as for the trainer."""

    entries: tuple[Entry, ...]
    span: Span
    _by_name: dict[str, Entry] = attrs.field(init=False, factory=dict, repr=False)

    def get(self, name: str) -> Entry | None:
        """The entry whose key has these characters."""
        if not self._by_name:  # filled when first asked: most mappings never are
            self._by_name.update((entry.key.text, entry) for entry in reversed(self.entries))
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


@attrs.frozen(eq=False)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    span: Span


Node = Scalar | Mapping | Sequence


def entry_at(root: Node, path: Iterable[str | int]) -> Entry | Node:
    """What a path of keys and list places leads to; what it leads nearest to where it leads nowhere."""
    found: Entry | Node = root
    for step in path:
        node = found.value if isinstance(found, Entry) else found
        if isinstance(node, Mapping):
            found = node.get(str(step)) or node
        elif isinstance(node, Sequence) and isinstance(step, int):
            found = node.items[step]
    return found


def is_undecided(node: Node) -> bool:
    """Whether a part of the value is known only to the script that writes it."""
    if isinstance(node, Scalar):
        return node.undecided
    values = node.items if isinstance(node, Sequence) else (entry.value for entry in node)
    return any(map(is_undecided, values))


def trainer_object(node: Node) -> Any:
    """Plain Python value as the trainer's YAML reader builds it; keys keep their type.

    >>> from mace_scf.source import parse_yaml
    >>> trainer_object(parse_yaml("0: {lr: 1e-3, start: 0}", file="a.yaml").root)
    {0: {'lr': '1e-3', 'start': 0}}
    """
    if isinstance(node, Scalar):
        return node.trainer_value
    if isinstance(node, Sequence):
        return [trainer_object(item) for item in node.items]
    return {entry.key.trainer_value: trainer_object(entry.value) for entry in node.entries}


def editor_object(node: Node) -> Any:
    """Plain JSON-like value as an editor sees it; keys are texts, as JSON Schema wants them."""
    if isinstance(node, Scalar):
        return node.editor_value
    if isinstance(node, Sequence):
        return [editor_object(item) for item in node.items]
    return {entry.key.text: editor_object(entry.value) for entry in node.entries}
