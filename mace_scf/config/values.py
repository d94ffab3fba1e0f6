"""From a written value to the value the trainer uses: its conversions, and nothing more lenient."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import attrs

from ..catalog.option import Kind, Option
from ..diagnostics import Span
from ..source import Mapping, Node, Scalar, Sequence, trainer_object
from .literal import Literal

COMMAND_LINE_STYLE = "$"

_NEGATIVE = re.compile(r"-\d+|-\d*\.\d+")
_TRUE_WORDS = frozenset({"yes", "true", "t", "y", "1"})
_FALSE_WORDS = frozenset({"no", "false", "f", "n", "0"})
_FLAG_ON = frozenset({"true", "yes", "on", "1"})
_FLAG_OFF = frozenset({"false", "no", "off", "0"})


@attrs.frozen(eq=False)
class Converted:
    """Result of a conversion.

    Attributes:
        value: the value, if there is one.
        given: false where the trainer treats the written value as absent (null, a flag set to false).
        expected: what the option takes, if the written value is no such thing; "" if all is well.
        outside: it is such a thing, but beyond the option's limits or choices.
    """

    value: Any = None
    given: bool = True
    expected: str = ""
    outside: bool = False


_ABSENT = Converted(given=False)


def convert(option: Option, node: Node) -> Converted:
    """What the trainer's argument parser makes of a top-level value or a command-line word."""
    if isinstance(node, Sequence):
        return _convert_list(option, node)
    if isinstance(node, Mapping):
        if option.kind in (Kind.MAPPING, Kind.LITERAL):
            return Converted(trainer_object(node))
        return Converted(expected=expectation(option))
    text = argument_text(node)
    if text is None:
        return _ABSENT
    return _CONVERTERS[option.kind](option, text)


def typed_default(option: Option) -> Any:
    """The default of an option as the trainer uses it: texts that stand for lists or mappings are read."""
    if option.kind is not Kind.LITERAL or not isinstance(option.default, str):
        return option.default
    return _CONVERTERS[option.kind](option, option.default).value


def equals_default(option: Option, value: Any) -> bool:
    """Whether leaving the option out would mean the same as giving it this value."""
    if option.kind is Kind.STRING_LIST:
        return list(value or ()) == list(option.default or ())
    default = typed_default(option)
    return bool((list(value) if isinstance(value, tuple) else value) == default)


def argument_text(node: Scalar) -> str | None:
    """The word that reaches the argument parser: YAML's value turned back into text; None for null."""
    if node.style == COMMAND_LINE_STYLE:
        return node.text
    value = node.trainer_value
    return None if value is None else str(value)


def expectation(option: Option) -> str:
    """What the option takes, as a phrase."""
    if option.choices:
        return "one of " + ", ".join(f"`{choice}`" for choice in option.choices)
    return with_limits(_PHRASES[option.kind], limits_of(option))


def with_limits(phrase: str, limits: str) -> str:
    """`a number ≥ 0, or the quoted word "None"`: limits stand behind what they limit."""
    head, comma, rest = phrase.partition(", or")
    return f"{head} {limits}{comma}{rest}" if limits else phrase


def kind_phrases() -> dict[str, str]:
    """What each kind takes, as a phrase with its article, by the kind's short name."""
    return {kind.value: phrase for kind, phrase in _PHRASES.items()}


def limits_of(option: Option) -> str:
    """The bounds of a number: ``≥ 0 and < 1``, or nothing."""
    parts = []
    if option.minimum is not None:
        parts.append(f"{'>' if option.exclusive_minimum else '≥'} {option.minimum:g}")
    if option.maximum is not None:
        parts.append(f"{'<' if option.exclusive_maximum else '≤'} {option.maximum:g}")
    return " and ".join(parts)


def within_limits(option: Option, value: float) -> bool:
    """Whether a number respects the option's limits; NaN never does."""
    if value != value:  # NaN; whole numbers beyond the floats are fine here
        return option.minimum is None and option.maximum is None
    low, high = option.minimum, option.maximum
    if low is not None and (value < low or (option.exclusive_minimum and value == low)):
        return False
    return high is None or not (value > high or (option.exclusive_maximum and value == high))


def _convert_list(option: Option, node: Sequence) -> Converted:
    if option.kind is not Kind.STRING_LIST or not node.items:
        return Converted(expected=expectation(option))
    texts = [str(item) for item in trainer_object(node)]
    written = not all(isinstance(item, Scalar) and item.style == COMMAND_LINE_STYLE for item in node.items)
    if written and any(looks_like_option(text) for text in texts):
        return Converted(texts, expected=f"{expectation(option)}, none with a dash in front")
    return Converted(texts)


def looks_like_option(text: str) -> bool:
    """Whether argparse, which gets a list word by word, takes one for an option: a dash, and no number.

    As up to Python 3.13: `-5` and `-.5` are values, `-1e-3` and `-5.` are options.
    """
    return len(text) > 1 and text[0] == "-" and " " not in text and _NEGATIVE.fullmatch(text) is None


def _text(option: Option, text: str) -> Converted:
    if option.choices and text not in option.choices:
        return Converted(expected=expectation(option), outside=True)
    return Converted(text)


def _integer(option: Option, text: str) -> Converted:
    try:
        return _number(option, int(text))
    except ValueError:
        return Converted(expected=expectation(option))


def _float(option: Option, text: str) -> Converted:
    try:
        return _number(option, float(text))
    except ValueError:
        return Converted(expected=expectation(option))


def _number(option: Option, value: float) -> Converted:
    if within_limits(option, value):
        return Converted(value)
    return Converted(expected=expectation(option), outside=True)


def _float_or_none(option: Option, text: str) -> Converted:
    return Converted(None) if text == "None" else _float(option, text)


def _boolean_word(option: Option, text: str) -> Converted:
    word = text.lower()
    if word in _TRUE_WORDS or word in _FALSE_WORDS:
        return Converted(word in _TRUE_WORDS)
    return Converted(expected=expectation(option))


def _strict_boolean(option: Option, text: str) -> Converted:
    word = text.lower()
    return Converted(word == "true") if word in ("true", "false") else Converted(expected=expectation(option))


def _flag(option: Option, text: str) -> Converted:
    word = text.lower()
    if word in _FLAG_ON:
        return Converted(option.kind is Kind.FLAG)
    if word in _FLAG_OFF:
        return Converted(False) if option.off_switch else _ABSENT
    return Converted(expected=expectation(option))


def _literal(option: Option, text: str) -> Converted:
    node = Literal(text, Span("")).node()
    return Converted(text if node is None else trainer_object(node))


def _mapping(option: Option, text: str) -> Converted:
    node = Literal(text, Span("")).node()
    if isinstance(node, Mapping):
        return Converted(trainer_object(node))
    return Converted(expected=expectation(option))


_CONVERTERS: dict[Kind, Callable[[Option, str], Converted]] = {
    Kind.STRING: _text,
    Kind.PATH: _text,
    Kind.IRREPS: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _float,
    Kind.NUMBER_OR_NONE_WORD: _float_or_none,
    Kind.BOOLEAN_WORD: _boolean_word,
    Kind.STRICT_BOOLEAN: _strict_boolean,
    Kind.FLAG: _flag,
    Kind.FLAG_OFF: _flag,
    Kind.LITERAL: _literal,
    Kind.MAPPING: _mapping,
    Kind.STRING_LIST: lambda option, text: Converted([text]),
}

_PHRASES = {
    Kind.STRING: "a text",
    Kind.PATH: "a path",
    Kind.IRREPS: 'irreps such as "128x0e + 128x1o"',
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.NUMBER_OR_NONE_WORD: 'a number, or the quoted word "None"',
    Kind.BOOLEAN_WORD: "true or false (yes, no, t, f, 1, 0 work too)",
    Kind.STRICT_BOOLEAN: "true or false",
    Kind.FLAG: "true or false",
    Kind.FLAG_OFF: "true or false",
    Kind.LITERAL: 'a quoted Python literal such as "[64, 64, 64]"',
    Kind.MAPPING: "a mapping",
    Kind.STRING_LIST: "a list of texts",
}
