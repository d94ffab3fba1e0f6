"""What is said to a user about one cause: where, what, when it would hurt, and how to mend it."""

from __future__ import annotations

import enum

import attrs

from .span import Span


class Severity(enum.IntEnum):
    """How a run would suffer.

    ``ERROR``: it crashes or silently trains the wrong thing. ``WARNING``: probably not what was
    meant (no effect, no gradient). ``INFO``: a fact to confirm.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The name users type and read."""
        return self.name.lower()


@attrs.frozen
class Edit:
    """Replace the text at ``span`` by ``replacement``; an empty span inserts."""

    span: Span
    replacement: str


@attrs.frozen
class Fix:
    """Edits that remove the cause.

    Attributes:
        description: imperative phrase, for a menu: "write `1.0e-3`".
        edits: they never overlap.
        safe: the meaning the author had in mind cannot be another one.
    """

    description: str
    edits: tuple[Edit, ...]
    safe: bool = True


@attrs.frozen
class Label:
    """A second place that explains the first: "`model` set here"."""

    span: Span
    message: str


@attrs.frozen
class Diagnostic:
    """One finding.

    Attributes:
        code: family letter and three digits, stable for ever: ``L101``.
        slug: reads well after "allow": ``unknown-term``.
        severity: see :class:`Severity`.
        message: one phrase naming the offending key in backticks.
        span: the place of the cause; ``None`` only where the whole input is the cause.
        labels: further places.
        notes: measured facts and the chain of reasons.
        when: what happens if ignored, and when: "training stops at epoch 100".
        help: what to do, as a phrase.
        fix: the same as edits, where they can be made.
        suggestions: at most three likely meanings, best first.
        path: keys that lead to the place in its file: ``train_schedule.1.loss.forces``; "" if there is none.
    """

    code: str
    slug: str
    severity: Severity
    message: str
    span: Span | None = None
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    when: str = ""
    help: str = ""
    fix: Fix | None = None
    suggestions: tuple[str, ...] = ()
    path: str = ""

    @property
    def url(self) -> str:
        """The page about the rule, relative to the root of the repository."""
        return f"docs/rules/{self.code}.md"

    @property
    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        """File, then place, then the gravest first, then code."""
        span = self.span or Span("")
        return (span.file, span.line, span.column, -int(self.severity), self.code, self.message)
