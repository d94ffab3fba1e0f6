"""The run's inputs laid over each other: the command line wins over the file."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from typing import TypeGuard

import attrs

from ..catalog.option import Kind
from ..catalog.trainer import Trainer
from ..diagnostics import Span
from ..source import Document, Entry, Mapping, Node, Scalar, Sequence
from ..source.edit import text_between
from .arguments import Argument, Arguments
from .literal import Literal
from .setting import Source


@attrs.frozen(eq=False, repr=False)
class Effective:
    """The top level of a run.

    Attributes:
        root: every key of file and command line once, the winner's value; unknown values are left out.
        sources: where each key of the root comes from.
        unknown: options whose value depends on something that was not seen, by name.
        shadowed: entries of the file that the command line overrides, by option name.
        literals: mappings that are given as quoted Python literals.
    """

    root: Mapping
    sources: AbstractMapping[str, Source]
    unknown: AbstractMapping[str, Argument]
    shadowed: AbstractMapping[str, Entry]
    literals: tuple[Literal, ...] = ()


def lay_over(document: Document, arguments: Arguments, trainer: Trainer) -> Effective:
    """Combine a config file with a command line; options are merged by their first spelling."""
    from_file = document.mapping or Mapping((), Span(document.file))
    entries: list[Entry] = []
    sources: dict[str, Source] = {}
    shadowed: dict[str, Entry] = {}
    literals: list[Literal] = []
    for entry in from_file:
        option = trainer.option_by_name.get(entry.name)
        if option is not None and option.name in arguments.given:
            shadowed[option.name] = entry
            continue
        value = entry.value
        if option is not None and option.kind is Kind.MAPPING and _is_quoted(value):
            literal = Literal(value.text, value.span, text_between(document.text, value.span))
            value = _nested(value, literal, literals)
        entries.append(attrs.evolve(entry, value=value))
        sources[entry.name] = Source.FILE
    for name, argument in arguments.given.items():
        if argument.known:
            entries.append(_entry(name, argument, literals))
            sources[name] = Source.COMMAND_LINE
    unknown = {name: argument for name, argument in arguments.given.items() if not argument.known}
    root = Mapping(tuple(entries), from_file.span)
    return Effective(root, sources, unknown, shadowed, tuple(literals))


def _entry(name: str, argument: Argument, literals: list[Literal]) -> Entry:
    """The key carries the option's first spelling and the place of the flag."""
    key = attrs.evolve(argument.flag, text=name)
    if argument.negated or not argument.values:
        value: Node = Scalar("false" if argument.negated else "true", "", argument.flag.span)
    elif argument.option.kind is Kind.STRING_LIST:
        value = Sequence(argument.values, argument.values[0].span)
    else:
        value = argument.values[0]
        if argument.literal is not None:
            value = _nested(value, argument.literal, literals)
    return Entry(key, value)


def _is_quoted(value: Node) -> TypeGuard[Scalar]:
    """A text in which a literal may stand; not one that only the running script knows."""
    return isinstance(value, Scalar) and not value.is_plain and not value.undecided


def _nested(value: Node, literal: Literal, literals: list[Literal]) -> Node:
    """A mapping given as a quoted Python literal is as good as one in YAML."""
    node = literal.node()
    if node is None:
        return value
    literals.append(literal)
    return node
