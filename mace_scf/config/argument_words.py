"""What a single word of a training command is to the trainer's argument parser."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import attrs

from ..catalog.option import Kind, Option, State
from ..catalog.trainer import Trainer
from ..diagnostics import Label, Span
from ..source import Scalar
from .values import COMMAND_LINE_STYLE, looks_like_option

if TYPE_CHECKING:
    from ..source.launcher import Word

SWITCHES = (Kind.FLAG, Kind.FLAG_OFF)


def is_flag(word: Word, trainer: Trainer) -> bool:
    """Whether an option starts here, known or not, as far as that can be seen."""
    text = word.prefix if word.text is None else word.text
    return text.startswith("--") and len(text) > 2 and (word.text is None or is_option(word, trainer))


def is_option(word: Word, trainer: Trainer) -> bool:
    """Whether the argument parser takes a word for an option, so that it is nobody's value."""
    text = word.text
    if text is None:
        return is_flag(word, trainer)
    if len(text) < 2 or not text.startswith("-"):
        return False
    name = text.partition("=")[0]
    if text == "--" or text.startswith("-h") or (name.startswith("--") and _begins(name[2:], trainer)):
        return True
    return looks_like_option(text)


def _begins(name: str, trainer: Trainer) -> bool:
    """Whether it is an option or the beginning of one."""
    spellings = _spellings(trainer)
    at = bisect_left(spellings, name)
    return at < len(spellings) and spellings[at].startswith(name)


def all_known(values: Sequence[Word]) -> bool:
    """Whether none of the values depends on something outside the script."""
    return all(value.text is not None for value in values)


def as_scalar(word: Word) -> Scalar:
    """The word as a value with its place; as written, where it is unknown."""
    return Scalar(word.text if word.text is not None else word.raw, COMMAND_LINE_STYLE, word.span)


def flag_scalar(word: Word, name: str) -> Scalar:
    """The flag's own characters, without the dashes; the whole word where quotes shift the columns."""
    span = word.span
    if word.raw.startswith(f"--{name}"):
        start = span.column + 2
        span = Span(span.file, span.line, start, span.line, start + len(name))
    return Scalar(name, COMMAND_LINE_STYLE, span)


def attached_value(word: Word, value: str) -> Word:
    """The value of ``--name=value``, placed behind the sign where the word is written plainly."""
    span = word.span
    if word.raw.endswith(value) and span.line == span.end_line:
        plain = attrs.evolve(span, column=span.end_column - len(value))
        return attrs.evolve(word, raw=value, text=value, span=plain)
    return attrs.evolve(word, text=value)


def completed(name: str, trainer: Trainer, *, with_switches: bool = False) -> Option | None:
    """The option whose only beginning this is: the parser completes it.

    Args:
        name: without dashes.
        trainer: whose options count.
        with_switches: switches too. On a command line they are completed; from a file they come as
            `--ema=true`, which the parser takes for no abbreviation.
    """
    spellings = _spellings(trainer)
    at = bisect_left(spellings, name)
    full = [spelling for spelling in spellings[at : at + 2] if spelling.startswith(name)]
    option = trainer.option_by_name[full[0]] if len(full) == 1 and name else None
    if option is None or option.state is State.REMOVED:
        return None
    return option if with_switches or option.kind not in SWITCHES else None


@cache
def _spellings(trainer: Trainer) -> list[str]:
    return sorted(trainer.option_by_name)


def given_at(word: Word) -> tuple[Label, ...]:
    """Where a variable or an array got the word that stands for itself elsewhere."""
    if word.origin is None or word.origin.file != word.span.file or word.span.covers(word.origin):
        return ()
    return (Label(word.origin, "given here"),)
