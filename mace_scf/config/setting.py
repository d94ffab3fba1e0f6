"""One value of a run with the place it came from; what was not seen stays unknown."""

from __future__ import annotations

import enum
from typing import Any, Generic, TypeVar

import attrs

from ..catalog.option import shown
from ..diagnostics import Label, Span
from ..source import Node

T = TypeVar("T")


class Source(enum.Enum):
    """Where a value comes from."""

    COMMAND_LINE = "command line"
    FILE = "file"
    DEFAULT = "default"
    UNKNOWN = "not seen"


@attrs.frozen(eq=False)
class Setting(Generic[T]):
    """One named value.

    Attributes:
        name: option or key.
        value: the value as the trainer uses it; ``None`` where unknown, invalid, or really None.
        source: where it comes from.
        known: the value is certain (given and valid, or a default that applies).
        node: the value as written, if it was.
        key_span: place of the key or flag.
        raw: the value as the trainer's YAML reader hands it over, before any conversion.
    """

    name: str
    value: T | None = None
    source: Source = Source.UNKNOWN
    known: bool = False
    node: Node | None = attrs.field(default=None, repr=False)
    key_span: Span | None = None
    raw: Any = None

    @property
    def given(self) -> bool:
        """Written in the file or on the command line, whatever its value."""
        return self.source in (Source.FILE, Source.COMMAND_LINE)

    @property
    def span(self) -> Span | None:
        """Place of the value, where it was written."""
        return self.node.span if self.node is not None else self.key_span

    @property
    def place(self) -> Span | None:
        """Place of the key, or of the value where there is no key."""
        return self.key_span or self.span

    def is_known(self, value: Any) -> bool:
        """Certain to have that value."""
        return self.known and type(self.value) is type(value) and self.value == value

    def label(self, message: str = "") -> tuple[Label, ...]:
        """A secondary place for a cross-field finding; empty where it was not written."""
        span = self.place
        return () if span is None else (Label(span, message or f"`{self.name}` set here"),)

    @property
    def shown(self) -> str:
        """``compute_stress: false`` with ``(default)`` where it is one."""
        if not self.known:
            return f"`{self.name}` was not seen"
        suffix = " (default)" if self.source is Source.DEFAULT else ""
        return f"`{self.name}: {shown(self.value)}`{suffix}"
