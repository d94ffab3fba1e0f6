"""A YAML text as values with places: duplicates, anchors, merge keys and damage become diagnostics."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping

import attrs

from ..diagnostics import Diagnostic, Fix, Span
from .composer import Composer, Dropped, is_readable
from .node import Entry, Mapping, Node, trainer_object
from .yaml_events import UnparsableError


@attrs.frozen(eq=False)
class Document:
    """One YAML document.

    Attributes:
        file: name for messages.
        text: the characters that the spans count.
        root: the top value; ``None`` where the text is empty or cannot be parsed.
        problems: findings about the text itself.
        parsed: false where nothing can be said about the content.
        shared: places of values that an alias repeats elsewhere, each from its anchor on.
    """

    file: str
    text: str
    root: Node | None
    problems: tuple[Diagnostic, ...] = ()
    parsed: bool = True
    shared: tuple[Span, ...] = ()

    @property
    def mapping(self) -> Mapping | None:
        """The root if it is a mapping."""
        return self.root if isinstance(self.root, Mapping) else None


def parse_yaml(text: str, *, file: str) -> Document:
    """Read a text as YAML; every problem is a diagnostic in the result, nothing is raised.

    >>> document = parse_yaml("a: 1\\na: 2\\n", file="x.yaml")
    >>> [problem.slug for problem in document.problems]
    ['duplicate-key']
    """
    text = text.removeprefix("\ufeff")
    composer = Composer(file, text.split("\n"))
    try:
        root = composer.compose(text)
    except UnparsableError as error:
        from .yaml_problems import inside

        problem = inside(error.diagnostic, text)
        problem = attrs.evolve(problem, fix=_repair(text, problem))
        return Document(file, text, None, (*composer.problems, problem), parsed=False)
    document = Document(file, text, root, tuple(composer.problems), shared=tuple(composer.shared))
    if not composer.dropped:
        return document
    return attrs.evolve(document, problems=tuple(_mended(document, composer.dropped)))


def _repair(text: str, problem: Diagnostic) -> Fix | None:
    from .repair import repaired

    span = problem.span
    return (
        None if span is None or problem.code != "C001" else repaired(text, span.file, span.line, is_readable)
    )


def _mended(document: Document, dropped: AbstractMapping[int, Dropped]) -> Iterator[Diagnostic]:
    """The problems; where a key is given twice, with the edit that deletes the first."""
    for at, problem in enumerate(document.problems):
        duplicate = dropped.get(at)
        yield problem if duplicate is None else attrs.evolve(problem, fix=_drop_first(document, *duplicate))


def _drop_first(document: Document, mapping: Mapping, first: Entry, second: Entry) -> Fix | None:
    """Deleting the dropped entry keeps what the trainer does; what was meant is certain where both say the same."""
    from .entries import without

    edit = without(document, mapping, first, shared=True)
    same = trainer_object(first.value) == trainer_object(second.value)
    return None if edit is None else Fix(f"delete the first `{first.name}`", (edit,), safe=same)
