"""The run's inputs laid over each other: the command line wins over the file."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping

import attrs

from ..catalog.option import Kind
from ..catalog.trainer import Trainer
from ..diagnostics import Span
from ..source import Document, Entry, Mapping, Node, Scalar, Sequence
from .arguments import Argument, Arguments
from .setting import Source
from .values import literal_node


@attrs.frozen(eq=False, repr=False)
class Effective:
    """The top level of a run.

    Attributes:
        root: every key of file and command line once, the winner's value; unknown values are left out.
        sources: where each key of the root comes from.
        unknown: options whose value depends on something that was not seen, by name.
        shadowed: entries of the file that the command line overrides, by option name.
    """

    root: Mapping
    sources: AbstractMapping[str, Source]
    unknown: AbstractMapping[str, Argument]
    shadowed: AbstractMapping[str, Entry]


def lay_over(document: Document, arguments: Arguments, trainer: Trainer) -> Effective:
    """Combine a config file with a command line; options are merged by their first spelling."""
    from_file = document.mapping or Mapping((), Span(document.file))
    entries: list[Entry] = []
    sources: dict[str, Source] = {}
    shadowed: dict[str, Entry] = {}
    for entry in from_file:
        option = trainer.option_by_name.get(entry.name)
        if option is not None and option.name in arguments.given:
            shadowed[option.name] = entry
            continue
        entries.append(attrs.evolve(entry, value=_nested(entry.value, option is not None and option.kind)))
        sources[entry.name] = Source.FILE
    for name, argument in arguments.given.items():
        if argument.known:
            entries.append(_entry(name, argument))
            sources[name] = Source.COMMAND_LINE
    unknown = {name: argument for name, argument in arguments.given.items() if not argument.known}
    return Effective(Mapping(tuple(entries), from_file.span), sources, unknown, shadowed)


def _entry(name: str, argument: Argument) -> Entry:
    """The key carries the option's first spelling and the place of the flag."""
    key = attrs.evolve(argument.flag, text=name)
    if argument.negated or not argument.values:
        value: Node = Scalar("false" if argument.negated else "true", "", argument.flag.span)
    elif argument.option.kind is Kind.STRING_LIST:
        value = Sequence(argument.values, argument.values[0].span)
    else:
        value = _nested(argument.values[0], argument.option.kind)
    return Entry(key, value)


def _nested(value: Node, kind: object) -> Node:
    """A mapping given as a quoted Python literal is as good as one in YAML."""
    if kind is Kind.MAPPING and isinstance(value, Scalar) and not value.is_plain:
        return literal_node(value.text, value.span) or value
    return value
