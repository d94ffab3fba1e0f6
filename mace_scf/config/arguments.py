"""The words of a training command as options, the way the trainer's argument parser takes them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import attrs

from ..catalog.option import Kind, Option, State
from ..catalog.suggest import suggest
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from ..source import Scalar
from .homes import RUN, another_name
from .literal import Literal
from .values import COMMAND_LINE_STYLE, Converted, convert, expectation, looks_like_option

if TYPE_CHECKING:
    from ..source.launcher import Word

_ON, _OFF = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_SWITCHES = (Kind.FLAG, Kind.FLAG_OFF)


@attrs.frozen(eq=False)
class Argument:
    """One option given in a command.

    Attributes:
        option: the declaration it matches.
        flag: the word that names it.
        values: the value as scalars; empty for a switch.
        known: false where the value depends on something outside the script.
        negated: written as ``--no-…``.
        literal: the only value as a text that the trainer may evaluate, where it stands in the script.
    """

    option: Option
    flag: Scalar
    values: tuple[Scalar, ...]
    known: bool = True
    negated: bool = False
    literal: Literal | None = None


@attrs.frozen(eq=False)
class Arguments:
    """What a command line gives.

    Attributes:
        given: by option name; the last of several wins, as for the trainer.
        problems: findings about the words themselves.
        unseen: words that may stand for any other option.
    """

    given: dict[str, Argument] = attrs.field(factory=dict)
    problems: tuple[Diagnostic, ...] = ()
    unseen: tuple[Word, ...] = ()


def read_arguments(words: Sequence[Word], trainer: Trainer) -> Arguments:
    """Match the words of a command with the options of a trainer; never raises."""
    reader = _Reader(trainer, list(words))
    reader.read()
    return Arguments(reader.given, tuple(reader.problems), tuple(reader.unseen))


@attrs.define(eq=False, repr=False)
class _Reader:
    trainer: Trainer
    words: list[Word]
    given: dict[str, Argument] = attrs.field(factory=dict)
    problems: list[Diagnostic] = attrs.field(factory=list)
    unseen: list[Word] = attrs.field(factory=list)
    _at: int = 0

    def read(self) -> None:
        while self._at < len(self.words):
            word = self.words[self._at]
            self._at += 1
            if word.text is None:
                self._unseen(word)
            elif _is_flag(word, self.trainer):
                self._flag(word, word.text[2:])
            else:
                self._stray(word)

    def _unseen(self, word: Word) -> None:
        """A word that depends on the environment: `--lr=$RATE` still tells which option it is."""
        name, equals, _ = word.prefix.removeprefix("--").partition("=")
        option, negated = self._option(name)
        if word.prefix.startswith("--") and equals and option is not None and option.kind not in _SWITCHES:
            self._add(word, option, name, None, negated, unseen=word)
        else:
            self.unseen.append(word)

    def _stray(self, word: Word) -> None:
        """Words behind each other that belong to no option are one mistake."""
        words = [word]
        while (
            self._at < len(self.words)
            and not _is_flag(self.words[self._at], self.trainer)
            and self.words[self._at].text
        ):
            words.append(self.words[self._at])
            self._at += 1
        self.problems.append(_stray_words(words, self.trainer))

    def _flag(self, word: Word, text: str) -> None:
        name, equals, attached = text.partition("=")
        value = attached if equals else None
        option, negated = self._option(name)
        if option is None:
            self._unknown(word, name, value)
        elif name != "config":
            self._add(word, option, name, value, negated)
        elif not self._take(1, value, word):
            self._missing_value(word, option)

    def _option(self, name: str) -> tuple[Option | None, bool]:
        option = self.trainer.option_by_name.get(name)
        if option is not None:
            return option, False
        switched_off = next((option for option in self.trainer.options if option.off_switch == name), None)
        return switched_off, switched_off is not None

    def _unknown(self, word: Word, name: str, attached: str | None) -> None:
        option = completed(name, self.trainer, with_switches=True)
        if option is not None:
            problem = abbreviated(_flag_scalar(word, name), option.name)
            self.problems.append(
                attrs.evolve(problem, labels=given_at(word), fix=_renamed(word, name, option.name))
            )
            self._add(word, option, name, attached, False)
            return
        self.problems.append(_unknown_flag(word, name, self.trainer))
        while self._at < len(self.words) and not _is_flag(self.words[self._at], self.trainer):
            self._at += 1

    def _add(
        self, word: Word, option: Option, name: str, attached: str | None, negated: bool,
        unseen: Word | None = None,
    ) -> None:  # fmt: skip
        flag = _flag_scalar(word, name)
        if unseen is not None:
            values: tuple[Word, ...] = (unseen,)
        elif option.kind in _SWITCHES or negated:
            values = self._switch(word, option, attached)
        else:
            values = self._take(None if option.kind is Kind.STRING_LIST else 1, attached, word)
            if not values:
                self._missing_value(word, option)
                return
        scalars, known = tuple(_scalar(value) for value in values), _all_known(values)
        literal = _literal(values[0]) if known and option.kind is Kind.MAPPING else None
        argument = Argument(option, flag, scalars, known, negated, literal)
        previous = self.given.get(option.name)
        if previous is not None:
            self.problems.extend(_given_twice(previous, argument))
        self.given[option.name] = argument

    def _missing_value(self, word: Word, option: Option) -> None:
        """No value, or one with a dash in front, which the parser takes for an option."""
        following = self.words[self._at] if self._at < len(self.words) else None
        if following is None or _is_flag(following, self.trainer) or following.text == "--":
            self.problems.append(_missing_value(word, option))
        else:
            self.problems.append(_dashed_value(word, option, following))
            self._at += 1

    def _switch(self, word: Word, option: Option, attached: str | None) -> tuple[Word, ...]:
        if attached is not None:
            self.problems.append(_switch_with_value(word, option))
        return ()

    def _take(self, limit: int | None, attached: str | None, word: Word) -> tuple[Word, ...]:
        if attached is not None:
            return (_attached(word, attached),)
        taken: list[Word] = []
        while self._at < len(self.words) and (limit is None or len(taken) < limit):
            if _is_option(self.words[self._at], self.trainer):
                break
            taken.append(self.words[self._at])
            self._at += 1
        return tuple(taken)


def _is_flag(word: Word, trainer: Trainer) -> bool:
    """Whether an option starts here, known or not, as far as that can be seen."""
    text = word.prefix if word.text is None else word.text
    return text.startswith("--") and len(text) > 2 and (word.text is None or _is_option(word, trainer))


def _is_option(word: Word, trainer: Trainer) -> bool:
    """Whether the argument parser takes a word for an option, so that it is nobody's value."""
    text = word.text
    if text is None:
        return _is_flag(word, trainer)
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


def _all_known(values: Sequence[Word]) -> bool:
    return all(value.text is not None for value in values)


def _scalar(word: Word) -> Scalar:
    return Scalar(word.text if word.text is not None else word.raw, COMMAND_LINE_STYLE, word.span)


def _literal(word: Word) -> Literal:
    """Where a variable gave the whole text, it is written there."""
    text, origin = word.text or "", word.origin
    if origin is not None and origin.end == _end(text, origin.start):
        return Literal(text, origin, text)
    return Literal(text, word.span, word.raw)


def _end(text: str, start: tuple[int, int]) -> tuple[int, int]:
    """Where a text would end that begins there."""
    lines = text.split("\n")
    return start[0] + len(lines) - 1, len(lines[-1]) + (start[1] if len(lines) == 1 else 0)


def _flag_scalar(word: Word, name: str) -> Scalar:
    """The flag's own characters, without the dashes; the whole word where quotes shift the columns."""
    span = word.span
    if word.raw.startswith(f"--{name}"):
        start = span.column + 2
        span = Span(span.file, span.line, start, span.line, start + len(name))
    return Scalar(name, COMMAND_LINE_STYLE, span)


def _attached(word: Word, value: str) -> Word:
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
    return option if with_switches or option.kind not in _SWITCHES else None


@cache
def _spellings(trainer: Trainer) -> list[str]:
    return sorted(trainer.option_by_name)


def abbreviated(key: Scalar, full: str) -> Diagnostic:
    """`key` is a prefix that the argument parser completes silently."""
    return Diagnostic(
        "C103", "abbreviated-option", Severity.ERROR, f"`{key.text}` is short for `{full}`", key.span,
        when=f"the trainer silently takes it as `{full}`, until another option starts with the same letters",
        help=f"write `{full}`", suggestions=(full,), fix=Fix(f"write `{full}`", (Edit(key.span, full),)),
    )  # fmt: skip


def _unknown_flag(word: Word, name: str, trainer: Trainer) -> Diagnostic:
    meant, advice = another_name(name, RUN, trainer)
    near = (meant,) if meant else suggest(name, tuple(trainer.option_by_name))
    flag = _flag_scalar(word, name)
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
        span = _flag_scalar(word, name).span
    elif word.origin is not None and _is_whole(word.origin, word.text or ""):
        start = word.origin.column + 2
        span = attrs.evolve(word.origin, column=start, end_column=start + len(name))
    else:
        return None
    return Fix(f"write `{dashes}{other}`", (Edit(span, other),))


def _is_whole(origin: Span, text: str) -> bool:
    """The place holds just these characters: no quotes, no escapes, nothing from elsewhere."""
    return origin.line == origin.end_line and origin.end_column - origin.column == len(text)


def given_at(word: Word) -> tuple[Label, ...]:
    """Where a variable or an array got the word that stands for itself elsewhere."""
    if word.origin is None or word.origin.file != word.span.file or word.span.covers(word.origin):
        return ()
    return (Label(word.origin, "given here"),)


def _flag_help(near: Sequence[str], advice: str) -> str:
    if advice:
        return f"{advice} of the config file"
    return "did you mean " + " or ".join(f"`--{item}`" for item in near) + "?" if near else "remove it"


def _stray_words(words: Sequence[Word], trainer: Trainer) -> Diagnostic:
    shown = " ".join(word.raw for word in words)
    span = attrs.evolve(words[0].span, end_line=words[-1].span.end_line, end_column=words[-1].span.end_column)
    name = (words[0].text or "").removeprefix("-")
    option = trainer.option_by_name.get(name)
    plain = option is not None and words[0].raw == f"-{name}"
    first = attrs.evolve(words[0].span, end_line=words[0].span.line, end_column=words[0].span.column + 1)
    return Diagnostic(
        "R107", "stray-word", Severity.ERROR,
        f"`{shown}` {'belongs' if len(words) == 1 else 'belong'} to no option", span, labels=given_at(words[0]),
        when="the trainer stops at start-up: unrecognized arguments",
        help=f"write `--{name}`" if option and words[0].raw.startswith("-") else
             "quote a value that holds blanks, or remove what is too much",
        fix=Fix(f"write `--{name}`", (Edit(first, "--"),)) if plain else None,
    )  # fmt: skip


def _missing_value(word: Word, option: Option) -> Diagnostic:
    return Diagnostic(
        "R106", "missing-value", Severity.ERROR, f"`--{option.name}` is given without a value", word.span,
        labels=given_at(word), when="the trainer stops at start-up: expected one argument",
        help=f"give {expectation(option)} after `--{option.name}`", fix=_default_given(word, option),
    )  # fmt: skip


def _dashed_value(word: Word, option: Option, value: Word) -> Diagnostic:
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


def _switch_with_value(word: Word, option: Option) -> Diagnostic:
    return Diagnostic(
        "R105", "switch-with-value", Severity.ERROR, f"`--{option.name}` takes no value on the command line",
        word.span, labels=given_at(word), when="the trainer stops at start-up: ignored explicit argument",
        help=f"write `--{option.name}` alone to switch it on, nothing to leave it off",
        fix=_switched(word, option),
    )  # fmt: skip


def _switched(word: Word, option: Option) -> Fix | None:
    """The switch alone where it is switched on; its opposite, or nothing, where it is switched off."""
    name, _, value = (word.text or "").partition("=")
    if word.raw != word.text or value.casefold() not in (*_ON, *_OFF) or option.kind is not Kind.FLAG:
        return None
    if value.casefold() in _ON:
        return Fix(f"write `{name}`", (Edit(word.span, name),))
    if name == f"--{option.off_switch}":
        return None  # "not not": what is meant is anybody's guess
    if option.default is False:
        return Fix(f"remove `{name}`", (Edit(word.span, ""),))
    opposite = f"--{option.off_switch}"
    return Fix(f"write `{opposite}`", (Edit(word.span, opposite),)) if option.off_switch else None


def _given_twice(first: Argument, second: Argument) -> Iterator[Diagnostic]:
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
