"""Slips of a command line that leave words over: foreign dashes and quotes, a value behind a switch, a lone `=`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from ..catalog.option import Option
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic, Edit, Fix, Severity
from .argument_words import given_at, is_option

if TYPE_CHECKING:
    from ..source.launcher import Word

ON, OFF = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_FOREIGN_DASH = re.compile("[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+")
_FOREIGN_QUOTE = re.compile("[\u201c\u201d\u201e\u201f\u2018\u2019\u00ab\u00bb]")
_APART = "bash makes two words of it, and the trainer stops at start-up: unrecognized arguments"


def foreign_characters(
    words: Sequence[Word], before: Word | None, trainer: Trainer
) -> tuple[str, Fix | None]:
    """What to do about dashes and quotes that a word processor has put in; ("", None) where there are none."""
    first = words[0]
    dashes = _FOREIGN_DASH.match(first.raw)
    name = first.raw[dashes.end() :].partition("=")[0] if dashes else ""
    if dashes and not dashes[0].isascii() and name in trainer.option_by_name:
        span = attrs.evolve(
            first.span, end_line=first.span.line, end_column=first.span.column + len(dashes[0])
        )
        what = f"`{dashes[0]}` is not two plain dashes"
        return f"write `--{name}`: {what}", Fix(f"write `--{name}`", (Edit(span, "--"),))
    if any(_FOREIGN_QUOTE.search(word.raw) for word in words):
        fix = None if before is None else _plain_quotes(before, words[-1])
        return "write plain quotes: others are characters like all the rest to bash", fix
    return "", None


def _plain_quotes(first: Word, last: Word) -> Fix | None:
    """Typographic quotes around several words, made plain."""
    plain = first.span.line == last.span.end_line and first.raw == first.text and last.raw == last.text
    if not (plain and _FOREIGN_QUOTE.match(first.raw) and _FOREIGN_QUOTE.match(last.raw[-1:])):
        return None
    opening = attrs.evolve(first.span, end_column=first.span.column + 1)
    closing = attrs.evolve(last.span, column=last.span.end_column - 1)
    return Fix("write plain quotes", (Edit(opening, '"'), Edit(closing, '"')))


def value_of_switch(flag: Word, option: Option, value: Word, *, negated: bool) -> Diagnostic:
    """`--ema True`: a switch is on where it stands."""
    name = option.off_switch if negated else option.name
    return Diagnostic(
        "R105", "switch-with-value", Severity.ERROR, f"`--{name}` takes no value on the command line",
        value.span, labels=given_at(value), when="the trainer stops at start-up: unrecognized arguments",
        help=_help_for(option), fix=_without_value(flag, option, value, negated=negated),
    )  # fmt: skip


def _help_for(option: Option) -> str:
    off = f"`--{option.off_switch}` to switch it off" if option.off_switch else "nothing to leave it off"
    return f"write `--{option.name}` alone to switch it on, {off}"


def _without_value(flag: Word, option: Option, value: Word, *, negated: bool) -> Fix | None:
    """The switch alone, its opposite, or nothing, whatever the value says."""
    said = (value.text or "").casefold()
    if flag.raw != flag.text or value.raw != value.text or negated:
        return None
    both = attrs.evolve(flag.span, end_line=value.span.end_line, end_column=value.span.end_column)
    if said in ON:
        return Fix(f"write `{flag.raw}`", (Edit(both, flag.raw),))
    if said in OFF and option.off_switch:
        return Fix(f"write `--{option.off_switch}`", (Edit(both, f"--{option.off_switch}"),))
    if said in OFF and option.default is False and flag.span.line == value.span.line:
        return Fix(f"remove `{flag.raw} {value.raw}`", (Edit(both, ""),))
    return None


def behind_lone_sign(flag: Word, attached: str | None, following: Sequence[Word], trainer: Trainer) -> int:
    """Number of words up to the value of `--seed = 3` or `--seed= 3`; 0 where nothing of the kind stands there."""
    if attached == "" and flag.raw == flag.text:
        size = 1
    elif attached is None and following and following[0].raw == "=":
        size = 2
    else:
        return 0
    known = len(following) >= size and following[size - 1].text is not None
    return size if known and not is_option(following[size - 1], trainer) else 0


def lone_sign(flag: Word, option: Option, sign: Word | None, value: Word) -> Diagnostic:
    """A blank around the sign between an option and its value."""
    joined = f"--{option.name}={value.raw}"
    at = flag if sign is None else sign
    end = flag.span.end_column - (sign is None)
    between = attrs.evolve(flag.span, column=end, end_line=value.span.line, end_column=value.span.column)
    plain = flag.raw == flag.text and flag.span.line == value.span.line
    return Diagnostic(
        "R107", "stray-word", Severity.ERROR, f"a blank beside the `=` of `--{option.name}`", at.span,
        when=_APART,
        help=f"write `{joined}`", fix=Fix(f"write `{joined}`", (Edit(between, "="),)) if plain else None,
    )  # fmt: skip
