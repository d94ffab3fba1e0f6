"""What one option of a trainer, a stage or a loss term is: type, default, limits, meaning."""

from __future__ import annotations

import enum
from typing import Any, TypeGuard

import attrs


class Kind(enum.Enum):
    """How the trainer turns the text of a value into a value."""

    STRING = "text"
    PATH = "path"
    INTEGER = "integer"
    NUMBER = "number"
    NUMBER_OR_NONE_WORD = "number, or the word None"
    BOOLEAN_WORD = "yes/true/t/y/1 or no/false/f/n/0"
    STRICT_BOOLEAN = "true or false"
    FLAG = "switch"
    FLAG_OFF = "switch that turns off"
    LITERAL = "quoted Python literal"
    IRREPS = "irreps text"
    MAPPING = "mapping"
    STRING_LIST = "list of texts"


class State(enum.Enum):
    """What the trainer does with a value that was given."""

    USED = "used"
    INERT = "inert"
    REMOVED = "removed"
    REJECTED = "rejected"
    OVERRIDDEN = "overridden"


@attrs.frozen(eq=False)
class Condition:
    """An option has one of some values.

    Attributes:
        option: name of a top-level option, of a stage's fixed-point option (``mode``, ``constant_charge``),
            or, among the options of one loss term, of another of them.
        values: the values that satisfy it.
        negated: satisfied by every other value instead.
    """

    option: str
    values: tuple[Any, ...]
    negated: bool = False

    @property
    def text(self) -> str:
        """``compute_stress: true`` or ``mode: unroll_scf, implicit``."""
        *others, last = (shown(value) for value in self.values)
        alternatives = f"{', '.join(others)} or {last}" if others else last
        return f"{self.option}: {'not ' if self.negated else ''}{alternatives}"

    def holds(self, value: Any) -> bool:
        """Whether a known value satisfies the condition."""
        return (value in self.values) != self.negated


def shown(value: Any) -> str:
    """A value as YAML writes it: ``true``, not ``True``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_number(value: object) -> TypeGuard[int | float]:
    """A number; truth values, which Python counts among them, are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: object) -> TypeGuard[int]:
    """A whole number, and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


@attrs.frozen(eq=False)
class Option:
    """One named setting.

    Attributes:
        name: exactly as the trainer's parser spells it (dashes and underscores differ).
        kind: conversion rule.
        doc: meaning, one or two sentences, without unit and default.
        default: value used when the option is not given; ``None`` also for "no default".
        choices: the allowed values, where the parser limits them.
        choice_docs: one phrase for each choice, or nothing.
        known: the values that work where the parser checks nothing; another one fails later. For a literal:
            the words that are taken beside literals.
        unit: physical unit, "" if none.
        minimum, maximum: limits of numbers, inclusive unless ``exclusive_minimum``/``exclusive_maximum``.
        state: effect under the trainer version that declares it.
        group: chapter of the reference page.
        aliases: other spellings the parser accepts.
        off_switch: command-line switch that turns a default-on switch off, without leading dashes.
        required: the trainer refuses to start without it.
        converted: inside a nested mapping, a number may be written as a text too: the trainer converts it.
        only_if: outside these conditions (all of them) a given value has no effect.
        not_if: where all of these hold, a given value has no effect.
        because: why it is inert, rejected or overridden, and what to use instead; for messages.
        instead: option or place that does what the user wants.
        source: where the fact was read, short.
    """

    name: str
    kind: Kind
    doc: str
    default: Any = None
    choices: tuple[Any, ...] = ()
    choice_docs: tuple[str, ...] = ()
    known: tuple[Any, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    state: State = State.USED
    group: str = ""
    aliases: tuple[str, ...] = ()
    off_switch: str = ""
    required: bool = False
    converted: bool = False
    only_if: tuple[Condition, ...] = ()
    not_if: tuple[Condition, ...] = ()
    because: str = ""
    instead: str = ""
    source: str = ""

    @property
    def destination(self) -> str:
        """The attribute the parser stores: underscores only."""
        return self.name.replace("-", "_")

    @property
    def spellings(self) -> tuple[str, ...]:
        """Name and aliases."""
        return (self.name, *self.aliases)
