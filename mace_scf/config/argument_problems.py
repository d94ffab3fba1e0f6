"""What is wrong with the words of a training command; loaded when something is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from ..catalog.option import Kind, Option
from ..catalog.suggest import suggest
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from ..source import Scalar
from .argument_words import flag_scalar, given_at
from .homes import RUN, another_name
from .values import Converted, convert, expectation
from .word_slips import OFF, ON, foreign_characters

if TYPE_CHECKING:
    from ..source.launcher import Word
    from .arguments import Argument


def abbreviated(key: Scalar, full: str) -> Diagnostic:
    """`key` is a prefix that the argument parser completes silently."""
    return Diagnostic(
        "C103", "abbreviated-option", Severity.ERROR, f"`{key.text}` is short for `{full}`", key.span,
        when=f"the trainer silently takes it as `{full}`, until another option starts with the same letters",
        help=f"write `{full}`", suggestions=(full,), fix=Fix(f"write `{full}`", (Edit(key.span, full),)),
    )  # fmt: skip


def abbreviated_flag(word: Word, name: str, option: Option) -> Diagnostic:
    """The beginning of an option's name, which the parser completes."""
    finding = abbreviated(flag_scalar(word, name), option.name)
    return attrs.evolve(finding, labels=given_at(word), fix=_renamed(word, name, option.name))


def unknown_flag(word: Word, name: str, trainer: Trainer) -> Diagnostic:
    """A name that no option has, nor begins with."""
    meant, advice = another_name(name, RUN, trainer)
    near = (meant,) if meant else suggest(name, tuple(trainer.option_by_name))
    flag = flag_scalar(word, name)
    return Diagnostic(
        "C101", "unknown-key", Severity.ERROR, f"unknown option `--{name}`", flag.span,
        labels=given_at(word),
        when="the trainer stops at start-up: unrecognized arguments",
        help=_flag_help(near, "" if meant else advice),
        suggestions=near,
        fix=_renamed(word, name, near[0], "--") if len(near) == 1 and not advice else None,
    )  # fmt: skip


def _renamed(word: Word, name: str, other: str, dashes: str = "") -> Fix | None:
    """Another name for a flag, where its characters stand: in the command, or where an array got them."""
    if word.raw.startswith(f"--{name}"):
        span = flag_scalar(word, name).span
    elif word.origin is not None and _is_whole(word.origin, word.text or ""):
        start = word.origin.column + 2
        span = attrs.evolve(word.origin, column=start, end_column=start + len(name))
    else:
        return None
    return Fix(f"write `{dashes}{other}`", (Edit(span, other),))


def _is_whole(origin: Span, text: str) -> bool:
    """The place holds just these characters: no quotes, no escapes, nothing from elsewhere."""
    return origin.line == origin.end_line and origin.end_column - origin.column == len(text)


def _flag_help(near: Sequence[str], advice: str) -> str:
    if advice:
        return f"{advice} of the config file"
    return "did you mean " + " or ".join(f"`--{item}`" for item in near) + "?" if near else "remove it"


def stray_words(words: Sequence[Word], before: Word | None, trainer: Trainer) -> Diagnostic:
    """Words that stand where an option should, behind another one."""
    shown = " ".join(word.raw for word in words)
    span = attrs.evolve(words[0].span, end_line=words[-1].span.end_line, end_column=words[-1].span.end_column)
    name = (words[0].text or "").removeprefix("-")
    option = trainer.option_by_name.get(name)
    plain = option is not None and words[0].raw == f"-{name}"
    first = attrs.evolve(words[0].span, end_line=words[0].span.line, end_column=words[0].span.column + 1)
    advice, fix = foreign_characters(words, before, trainer)
    return Diagnostic(
        "R107", "stray-word", Severity.ERROR,
        f"`{shown}` {'belongs' if len(words) == 1 else 'belong'} to no option", span, labels=given_at(words[0]),
        when="the trainer stops at start-up: unrecognized arguments",
        help=advice or (f"write `--{name}`" if option and words[0].raw.startswith("-") else
             "quote a value that holds blanks, or remove what is too much"),
        fix=Fix(f"write `--{name}`", (Edit(first, "--"),)) if plain else fix,
    )  # fmt: skip


def missing_value(word: Word, option: Option) -> Diagnostic:
    """An option at the end, or in front of another one."""
    return Diagnostic(
        "R106", "missing-value", Severity.ERROR, f"`--{option.name}` is given without a value", word.span,
        labels=given_at(word), when="the trainer stops at start-up: expected one argument",
        help=f"give {expectation(option)} after `--{option.name}`", fix=_default_given(word, option),
    )  # fmt: skip


def dashed_value(word: Word, option: Option, value: Word) -> Diagnostic:
    """`--mean -1e-3`: one dash too many for argparse, which knows `-0.001`."""
    joined = f"--{option.name}={value.text}"
    between = attrs.evolve(
        word.span, column=word.span.end_column, end_line=value.span.line, end_column=value.span.column
    )
    plain = word.raw.startswith("--") and word.span.line == value.span.end_line and not value.quoted
    return Diagnostic(
        "R106", "missing-value", Severity.ERROR, f"`--{option.name}` is given without a value", word.span,
        labels=(Label(value.span, f"`{value.raw}` is an option to the parser, for its dash"),),
        when="the trainer stops at start-up: expected one argument",
        help=f"write `{joined}`",
        fix=Fix(f"write `{joined}`", (Edit(between, "="),)) if plain else None,
    )  # fmt: skip


def _default_given(word: Word, option: Option) -> Fix | None:
    """What counts without the option."""
    span, text = word.span, str(option.default)
    if option.default is None or word.raw != word.text or re.fullmatch(r"[\w.+-]+", text) is None:
        return None
    behind = attrs.evolve(span, line=span.end_line, column=span.end_column)
    return Fix(f"write `--{option.name} {text}`, the default", (Edit(behind, f" {text}"),), safe=False)


def switch_with_value(word: Word, option: Option) -> Diagnostic:
    """`--ema=True`: a switch is on where it stands."""
    return Diagnostic(
        "R105", "switch-with-value", Severity.ERROR, f"`--{option.name}` takes no value on the command line",
        word.span, labels=given_at(word), when="the trainer stops at start-up: ignored explicit argument",
        help=f"write `--{option.name}` alone to switch it on, nothing to leave it off",
        fix=_switched(word, option),
    )  # fmt: skip


def _switched(word: Word, option: Option) -> Fix | None:
    """The switch alone where it is switched on; its opposite, or nothing, where it is switched off."""
    name, _, value = (word.text or "").partition("=")
    if word.raw != word.text or value.casefold() not in (*ON, *OFF) or option.kind is not Kind.FLAG:
        return None
    if value.casefold() in ON:
        return Fix(f"write `{name}`", (Edit(word.span, name),))
    if name == f"--{option.off_switch}":
        return None  # "not not": what is meant is anybody's guess
    if option.default is False:
        return Fix(f"remove `{name}`", (Edit(word.span, ""),))
    opposite = f"--{option.off_switch}"
    return Fix(f"write `{opposite}`", (Edit(word.span, opposite),)) if option.off_switch else None


def given_twice(first: Argument, second: Argument) -> Iterator[Diagnostic]:
    """In one command by mistake; in a launcher and in what is laid over it, deliberately."""
    same = (
        first.known and second.known and _texts(first) == _texts(second) and first.negated == second.negated
    )
    if first.flag.span.file == second.flag.span.file:
        yield _in_one_command(first, second, same=same)
    elif not same:
        yield _replaced(first, second)


def _replaced(first: Argument, second: Argument) -> Diagnostic:
    return Diagnostic(
        "R108", "duplicate-flag", Severity.INFO,
        f"`--{second.option.name}` of {first.flag.span.file} is replaced by the options given here", second.flag.span,
        labels=(Label(first.flag.span, "not used for this check"),),
        when="the launcher itself still starts the run with its own value",
        help="nothing, if you want to see what another value would do; else change the launcher",
    )  # fmt: skip


def _in_one_command(first: Argument, second: Argument, *, same: bool) -> Diagnostic:
    return Diagnostic(
        "R108", "duplicate-flag", Severity.WARNING if same else Severity.ERROR,
        f"`--{second.option.name}` is given twice", second.flag.span,
        labels=(Label(first.flag.span, "this one is dropped"),),
        when=_STOPS_AT_BOTH if _is_refused(first) else
             "the last one wins silently" + (", with the same value" if same else ""),
        help="keep one",
        fix=_first_removed(first, second, safe=same),
    )  # fmt: skip


_STOPS_AT_BOTH = (
    "the trainer stops at start-up: it reads the one that is dropped too, and takes no such value"
)


def _is_refused(argument: Argument) -> bool:
    """One of its values is nothing that the option takes."""
    values = argument.values if argument.known else ()
    converted = (convert(argument.option, value) for value in values)
    return any(result.expected and not _is_beyond(argument.option, result) for result in converted)


def _is_beyond(option: Option, result: Converted) -> bool:
    """A number beyond limits that the parser knows nothing of."""
    return result.outside and not option.choices


def _first_removed(first: Argument, second: Argument, *, safe: bool) -> Fix | None:
    """Not where one of them depends on something outside the script."""
    if not (first.known and second.known):
        return None
    return Fix(f"remove the first `--{second.option.name}`", (Edit(_whole(first), ""),), safe)


def _whole(argument: Argument) -> Span:
    """From the name of the option to its last value."""
    flag, last = argument.flag.span, argument.values[-1].span if argument.values else argument.flag.span
    return attrs.evolve(flag, end_line=last.end_line, end_column=last.end_column)


def _texts(argument: Argument) -> list[str]:
    return [value.text for value in argument.values]
