"""A YAML text as the events of a parser, which is libyaml where it is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from ..diagnostics import Diagnostic, Span

_COMMENT = r"(?:#[^\n\0\r\x85\u2028\u2029]*)?"


class UnparsableError(Exception):
    """The text is no YAML, or none that is read to its end."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def events_of(text: str, file: str) -> Iterator[Any]:
    """The parser's events; raises UnparsableError where it stops."""
    from ruamel.yaml.error import YAMLError

    _refuse_unprintable(text, file)
    try:
        parser = _event_source()(text)
        while parser.check_event():
            yield parser.get_event()
    except (YAMLError, *_TRIPPED) as error:
        from .yaml_problems import syntax_error, unreadable

        known = isinstance(error, YAMLError)
        problem = syntax_error(error, file) if known else unreadable(str(error), Span(file))
        raise UnparsableError(problem) from error


# The parser itself trips over a few malformed texts (\\U escapes beyond Unicode, broken directives).
_TRIPPED = (
    ValueError,
    IndexError,
    AttributeError,
    TypeError,
    AssertionError,
    KeyError,
    OverflowError,
)


@cache
def _event_source() -> Any:
    """The parser of libyaml, which the trainer's reader is built on too; its slow twin where it is not installed."""
    try:
        from _ruamel_yaml import CParser
    except ImportError:
        return pure_event_source()
    return CParser


@cache
def pure_event_source() -> Any:
    """The library's parser in Python, without the facade, and with two of its steps done faster.

    Its look for control characters compiles a pattern over all of Unicode, which costs more than parsing
    a config; and half of the parsing goes into skipping comments one character at a time.
    """
    from ruamel.yaml.loader import SafeLoader

    outside, in_flow = re.compile(f" *{_COMMENT}"), re.compile(rf"[ \t]*{_COMMENT}")

    class EventSource(SafeLoader):
        def check_printable(self, data: Any) -> None:
            """Done before, see `_refuse_unprintable`."""

        def scan_to_next_token(self) -> None:
            """Over blanks, comments and line ends at once; the library goes character by character."""
            gap = in_flow if self.flow_level else outside
            while True:
                found = gap.match(self.buffer, self.pointer)
                skipped = found.end() - self.pointer if found else 0
                self.pointer += skipped
                self.index += skipped
                self.column += skipped
                if not self.scan_line_break():
                    return
                if not self.flow_level:
                    self.allow_simple_key = True

    return EventSource


def _refuse_unprintable(text: str, file: str) -> None:
    """Characters that YAML forbids: controls, lone surrogates and the like."""
    forbidden = {character for character in set(text) if not _is_printable(ord(character))}
    if forbidden:
        from .yaml_problems import unprintable

        raise UnparsableError(unprintable(text, forbidden, file))


def _is_printable(code: int) -> bool:
    return (
        code in (0x09, 0x0A, 0x0D, 0x85)
        or 0x20 <= code <= 0x7E
        or 0xA0 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )
