"""Words given on our own command line, or from Python, as those of the training command."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import Span
from .text import OPTIONS_FILE

if TYPE_CHECKING:
    from ..source.launcher import Word


def command_words(
    options: Sequence[str] | Mapping[str, Any] | None, switches: Collection[str] = ()
) -> tuple[Word, ...]:
    """Words given to us as the training command's arguments, placed in one imaginary line.

    Args:
        options: the words, or option name to value.
        switches: options that take no value, with their opposites.
    """
    if not options:
        return ()
    from ..source.launcher import Word

    texts = _as_words(options, switches) if isinstance(options, Mapping) else [str(each) for each in options]
    words, column = [], 0
    for text in texts:
        span = Span(OPTIONS_FILE, 0, column, 0, column + len(text))
        words.append(Word(raw=text, text=text, span=span, quoted=" " in text))
        column += len(text) + 1
    return tuple(words)


def _as_words(options: Mapping[str, Any], switches: Collection[str]) -> list[str]:
    words: list[str] = []
    for name, value in options.items():
        if value is None:
            continue
        if isinstance(value, bool) and name in switches:
            words += [f"--{name}"] * value or [f"--no-{name}"] * (f"no-{name}" in switches)
        else:
            words += [f"--{name}", *map(str, value if isinstance(value, list) else [value])]
    return words
