"""The words of a training command as options, the way the trainer's argument parser takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from ..catalog.option import Kind, Option
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic
from ..source import Scalar
from .argument_words import (
    SWITCHES,
    all_known,
    as_scalar,
    attached_value,
    completed,
    flag_scalar,
    is_flag,
    is_option,
)
from .literal import Literal

if TYPE_CHECKING:
    from ..source.launcher import Word

_TRUTHS = frozenset(["true", "yes", "on", "1", "false", "no", "off", "0"])


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
    """Goes through the words of a command as the trainer's argument parser does."""

    trainer: Trainer
    words: list[Word]
    given: dict[str, Argument] = attrs.field(factory=dict)
    problems: list[Diagnostic] = attrs.field(factory=list)
    unseen: list[Word] = attrs.field(factory=list)
    _at: int = 0

    @property
    def _following(self) -> Word | None:
        return self.words[self._at] if self._at < len(self.words) else None

    def read(self) -> None:
        while (word := self._following) is not None:
            self._at += 1
            if word.text is None:
                self._unseen(word)
            elif is_flag(word, self.trainer):
                self._flag(word, word.text[2:])
            else:
                self._stray(word)

    def _unseen(self, word: Word) -> None:
        """A word that depends on the environment: `--lr=$RATE` still tells which option it is."""
        name, equals, _ = word.prefix.removeprefix("--").partition("=")
        option, negated = self._option(name)
        if word.prefix.startswith("--") and equals and option is not None and option.kind not in SWITCHES:
            self._give(Argument(option, flag_scalar(word, name), (as_scalar(word),), False, negated))
        else:
            self.unseen.append(word)

    def _stray(self, word: Word) -> None:
        """Words behind each other that belong to no option are one mistake."""
        from .argument_problems import stray_words

        before = self.words[self._at - 2] if self._at > 1 else None
        words = [word]
        while (other := self._following) is not None and other.text and not is_flag(other, self.trainer):
            words.append(other)
            self._at += 1
        self.problems.append(stray_words(words, before, self.trainer))

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
        from .argument_problems import abbreviated_flag, unknown_flag

        option = completed(name, self.trainer, with_switches=True)
        if option is not None:
            self.problems.append(abbreviated_flag(word, name, option))
            self._add(word, option, name, attached, False)
            return
        self.problems.append(unknown_flag(word, name, self.trainer))
        while (value := self._following) is not None and not is_flag(value, self.trainer):
            self._at += 1

    def _add(self, word: Word, option: Option, name: str, attached: str | None, negated: bool) -> None:
        flag = flag_scalar(word, name)
        if option.kind in SWITCHES or negated:
            self._switch(word, option, attached, negated=negated)
            self._give(Argument(option, flag, (), negated=negated))
            return
        apart = self._behind_lone_sign(word, option, attached)
        values = apart or self._take(None if option.kind is Kind.STRING_LIST else 1, attached, word)
        if not values:
            self._missing_value(word, option)
            return
        known = all_known(values)
        literal = _literal(values[0]) if known and option.kind is Kind.MAPPING else None
        self._give(Argument(option, flag, tuple(map(as_scalar, values)), known, negated, literal))

    def _give(self, argument: Argument) -> None:
        """The last of several wins."""
        previous = self.given.get(argument.option.name)
        if previous is not None:
            from .argument_problems import given_twice

            self.problems.extend(given_twice(previous, argument))
        self.given[argument.option.name] = argument

    def _missing_value(self, word: Word, option: Option) -> None:
        """No value, or one with a dash in front, which the parser takes for an option."""
        from .argument_problems import dashed_value, missing_value

        following = self._following
        if following is None or is_flag(following, self.trainer) or following.text == "--":
            self.problems.append(missing_value(word, option))
        else:
            self.problems.append(dashed_value(word, option, following))
            self._at += 1

    def _switch(self, word: Word, option: Option, attached: str | None, *, negated: bool) -> None:
        following = self._following
        if attached is not None:
            from .argument_problems import switch_with_value

            self.problems.append(switch_with_value(word, option))
        elif following is not None and (following.text or "").casefold() in _TRUTHS:
            from .word_slips import value_of_switch

            self._at += 1
            self.problems.append(value_of_switch(word, option, following, negated=negated))

    def _behind_lone_sign(self, word: Word, option: Option, attached: str | None) -> tuple[Word, ...]:
        """The value of `--seed = 3`, which is told; none where nothing of the kind stands there."""
        following = self.words[self._at : self._at + 2]
        if attached not in (None, "") or not following or (attached is None and following[0].text != "="):
            return ()
        from .word_slips import behind_lone_sign, lone_sign

        size = behind_lone_sign(word, attached, following, self.trainer)
        if not size:
            return ()
        self._at += size
        self.problems.append(lone_sign(word, option, following[0] if size > 1 else None, following[size - 1]))
        return (following[size - 1],)

    def _take(self, limit: int | None, attached: str | None, word: Word) -> tuple[Word, ...]:
        if attached is not None:
            return (attached_value(word, attached),)
        start = self._at
        while (following := self._following) is not None and self._at - start != limit:
            if is_option(following, self.trainer):
                break
            self._at += 1
        return tuple(self.words[start : self._at])


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
