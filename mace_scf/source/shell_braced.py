"""Quotes, ``$NAME``, ``${...}``, ``$(...)`` and backticks inside one shell word."""

from __future__ import annotations

import re

from .shell_parts import Literal, Opaque, Parameter, Part
from .shell_source import ShellText

_NAME = re.compile(r"[A-Za-z_]\w*|\d|[@*#?$!-]", re.ASCII)
_LONG_NAME = re.compile(r"[A-Za-z_]\w*|\d+|[@*#?$!-]", re.ASCII)
_INDEX = re.compile(r"\[([^\]\n]*)\]")
_OPERATOR = re.compile(r":[-=+?]|[-=+?]|##|%%|//|/[#%]|\^\^|,,|[#%/^,:@]")
_IN_DOUBLE = re.compile(r"[^\\\"$`]+")
_IN_BRACES = re.compile(r"[^\\'\"$`}]+")
_IN_BODY = re.compile(r"[^\\$`]+")
_BACKTICKS = re.compile(r"`(?:[^`\\]|\\.)*`", re.DOTALL)
_SINGLE = re.compile(r"'[^']*'")
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|.)", re.DOTALL)
_PLAIN_ESCAPES = dict(zip("abeEfnrtv\\'\"?", "\a\b\x1b\x1b\f\n\r\t\v\\'\"?", strict=True))
_CHANGED = re.compile(
    r"(?<!\w)(?:([A-Za-z_]\w*)[ \t]*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)|(?:\+\+|--)([A-Za-z_]\w*))"
)
_LONGEST_ARITHMETIC = 1000
_BRACE = re.compile(r"[{}]")
_SKIPPED = re.compile(r"[^\\'\"$()]+")
_SUBSTITUTIONS = ("command_substitution", "process_substitution")
_DEEPEST = 24


class Braced:
    """Cuts stretches of one text into parts, up to ``limit``.

    Attributes:
        complete: no quote or brace was left open so far.
        substitutions: offsets of the command substitutions met so far.
    """

    def __init__(self, source: ShellText, limit: int) -> None:
        self.source = source
        self.text = source.text
        self.limit = limit
        self.complete = True
        self.substitutions: list[int] = []

    def part(self, at: int, parts: list[Part], depth: int = 0) -> int:
        """Appends what begins at ``at`` outside quotes and returns the offset behind it."""
        character = self.text[at]
        if character == "\\":
            return self._escape(at, parts)
        if character == "'":
            return self._single(at, parts)
        if character == '"':
            inner, end = self.double_quoted(at + 1, depth=depth)
            parts += inner or (Literal("", at, end, True),)
            return end
        if character in "$`<>":
            return self.expansion(at, parts, quoted=False, depth=depth)
        parts.append(Literal(character, at, at + 1))
        return at + 1

    def double_quoted(self, at: int, closing: str = '"', depth: int = 0) -> tuple[tuple[Part, ...], int]:
        """Parts up to the closing quote, all quoted, and the offset behind it."""
        parts: list[Part] = []
        plain = _IN_DOUBLE if closing else _IN_BODY
        while at < self.limit:
            match = plain.match(self.text, at, self.limit)
            if match:
                parts.append(Literal(match[0], at, match.end(), True))
                at = match.end()
            elif self.text[at] == closing:
                return tuple(parts), at + 1
            elif self.text[at] == "\\":
                at = self._escape_in_double(at, parts, closing)
            else:
                at = self.expansion(at, parts, quoted=True, depth=depth)
        self.complete = self.complete and not closing
        return tuple(parts), at

    def expansion(self, at: int, parts: list[Part], *, quoted: bool, depth: int) -> int:
        """What begins with ``$``, a backtick or, outside quotes, ``<(``."""
        if self.text[at] == "`":
            return self._backticks(at, parts, quoted)
        if self.text[at] in "<>":
            return self._parentheses(
                at, at + 2, parts, Opaque("a process substitution", at, at, quoted, True)
            )
        following = self.text[at + 1 : at + 2] if at + 1 < self.limit else ""
        if following == "{":
            return self._braces(at, parts, quoted, depth)
        if following == "(":
            return self._substitution(at, parts, quoted)
        if following == "[":
            end = self.text.find("]", at, self.limit) + 1 or self.limit
            parts.append(Opaque("an arithmetic result", at, end, quoted, True))
            return end
        if following == "'" and not quoted:
            return self._ansi(at, parts)
        if following == '"' and not quoted:
            return self.part(at + 1, parts, depth)
        name = _NAME.match(self.text, at + 1, self.limit)
        if name:
            parts.append(Parameter(name[0], at, name.end(), quoted))
            return name.end()
        parts.append(Literal("$", at, at + 1, quoted))
        return at + 1

    def _escape(self, at: int, parts: list[Part]) -> int:
        if at + 1 >= self.limit:
            parts.append(Literal("\\", at, at + 1, True))
        elif self.text[at + 1] != "\n":
            parts.append(Literal(self.text[at + 1], at, at + 2, True))
        return min(at + 2, self.limit)

    def _escape_in_double(self, at: int, parts: list[Part], closing: str) -> int:
        following = self.text[at + 1 : at + 2] if at + 1 < self.limit else ""
        if following and following in f"$`\\{closing}":
            parts.append(Literal(following, at, at + 2, True))
            return at + 2
        if following == "\n":
            return at + 2
        parts.append(Literal("\\", at, at + 1, True))
        return at + 1

    def _single(self, at: int, parts: list[Part]) -> int:
        match = _SINGLE.match(self.text, at, self.limit)
        if match is None:
            self.complete = False
        end = match.end() if match else self.limit
        parts.append(
            Literal(self.text[at + 1 : end - 1 if match else end], at + 1, end - 1 if match else end, True)
        )
        return end

    def _ansi(self, at: int, parts: list[Part]) -> int:
        match = _ANSI.match(self.text, at, self.limit)
        if match is None:
            self.complete = False
            parts.append(Opaque("an open quote", at, self.limit, True, True))
            return self.limit
        text = _unescaped(match[1])
        if text is None:
            parts.append(Opaque("an escape that is not understood here", at, match.end(), True, True))
        else:
            parts.append(Literal(text, match.start(1), match.end(1), True))
        return match.end()

    def _backticks(self, at: int, parts: list[Part], quoted: bool) -> int:
        match = _BACKTICKS.match(self.text, at, self.limit)
        if match is None:
            self.complete = False
        end = match.end() if match else self.limit
        self.substitutions.append(at)
        parts.append(Opaque("a command's output", at, end, quoted))
        return end

    def _substitution(self, at: int, parts: list[Part], quoted: bool) -> int:
        if self.text.startswith("((", at + 1):
            end = self._closing(at + 1)
            found = _CHANGED.findall(self.text, at, min(end, at + _LONGEST_ARITHMETIC))
            names = tuple(name for names in found for name in names if name)
            parts.append(Opaque("an arithmetic result", at, end, quoted, True, names))
            return end
        self.substitutions.append(at)
        return self._parentheses(at, at + 2, parts, Opaque("a command's output", at, at, quoted))

    def _parentheses(self, at: int, inside: int, parts: list[Part], opaque: Opaque) -> int:
        end = self._closing(inside - 1)
        stretch = self.text[at:end]
        if "<<" in stretch or "case" in stretch or "#" in stretch:
            # Only a grammar knows which parentheses count in there.
            node = self.source.node_at(at, _SUBSTITUTIONS)
            end = node.end_byte if node is not None and not node.has_error else end
        parts.append(Opaque(opaque.why, at, min(end, self.limit), opaque.quoted, opaque.single))
        return min(end, self.limit)

    def _closing(self, at: int) -> int:
        """Offset behind the parenthesis that closes the one at ``at``; quotes are skipped."""
        opened: list[str] = []
        while at < self.limit:
            skipped = _SKIPPED.match(self.text, at, self.limit)
            if skipped:
                at = skipped.end()
                continue
            character = self.text[at]
            if character == "\\":
                at += 1
            elif opened and opened[-1] == '"':
                if character == '"':
                    opened.pop()
                elif character == "(" and self.text[at - 1] == "$":
                    opened.append("(")
            elif character in '("':
                opened.append(character)
            elif character == ")":
                opened.pop()
                if not opened:
                    return at + 1
            elif character == "'":
                at = self.text.find("'", at + 1, self.limit)
                if at < 0:
                    break
            at += 1
        self.complete = False
        return self.limit

    def _braces(self, at: int, parts: list[Part], quoted: bool, depth: int) -> int:
        """``${...}``; what is not understood becomes opaque up to its closing brace."""
        inside = at + 2
        mark = self.text[inside : inside + 1]
        marked = mark in ("#", "!") and self.text[inside + 1 : inside + 2] not in ("}", "")
        name = _LONG_NAME.match(self.text, inside + marked, self.limit)
        if name is None or depth > _DEEPEST:
            return self._opaque_braces(at, inside, parts, quoted)
        index = _INDEX.match(self.text, name.end(), self.limit)
        end = index.end() if index else name.end()
        operator = _OPERATOR.match(self.text, end, self.limit)
        word = {"#": "length", "!": "indirect"}.get(mark, "") if marked else ""
        if operator and not word:
            word, end = operator[0], operator.end()
        operand, end = self._operand(end, quoted and word[-1:] in "-=+?", depth + 1)
        if end >= self.limit and not self.text.startswith("}", end - 1):
            self.complete = False
        if (word in ("length", "indirect") and operand) or (not word and operand):
            return self._opaque_to(at, end, parts, quoted)
        parts.append(Parameter(name[0], at, end, quoted, index[1] if index else None, word, operand))
        return end

    def _operand(self, at: int, quoted: bool, depth: int) -> tuple[tuple[Part, ...], int]:
        """Parts up to the closing brace, and the offset behind it."""
        parts: list[Part] = []
        while at < self.limit and self.text[at] != "}":
            match = _IN_BRACES.match(self.text, at, self.limit)
            if match:
                parts.append(Literal(match[0], at, match.end(), quoted))
                at = match.end()
            elif not quoted:
                at = self.part(at, parts, depth)
            elif self.text[at] == "\\":
                at = self._escape_in_double(at, parts, '"}')
            elif self.text[at] in "$`":
                at = self.expansion(at, parts, quoted=True, depth=depth)
            elif self.text[at] == '"':
                at += 1  # inside a quoted expansion a quote only switches itself off and on again
            else:
                parts.append(Literal(self.text[at], at, at + 1, True))
                at += 1
        return tuple(parts), min(at + 1, self.limit)

    def _opaque_braces(self, at: int, inside: int, parts: list[Part], quoted: bool) -> int:
        depth = 1
        for match in _BRACE.finditer(self.text, inside, self.limit):
            depth += 1 if match[0] == "{" else -1
            if depth == 0:
                return self._opaque_to(at, match.end(), parts, quoted)
        self.complete = False
        return self._opaque_to(at, self.limit, parts, quoted)

    def _opaque_to(self, at: int, end: int, parts: list[Part], quoted: bool) -> int:
        parts.append(Opaque("an expansion that is not understood here", at, end, quoted))
        return end


def _unescaped(text: str) -> str | None:
    """The value of ``$'...'``; ``None`` for escapes that no launcher needs."""
    pieces, at = [], 0
    for match in _ESCAPE.finditer(text):
        pieces += [text[at : match.start()], _escaped_character(match[0][1:])]
        at = match.end()
    pieces.append(text[at:])
    return None if None in pieces else "".join(piece for piece in pieces if piece is not None)


def _escaped_character(escape: str) -> str | None:
    if escape in _PLAIN_ESCAPES:
        return _PLAIN_ESCAPES[escape]
    if escape[0] in "01234567":
        code = int(escape, 8)
    elif escape[0] in "xuU" and len(escape) > 1:
        code = int(escape[1:], 16)
    else:
        return None if escape[0] in "cxuU" else f"\\{escape}"
    usable = 0 < code < 0x80 if escape[0] not in "uU" else 0 < code < 0xD800
    return chr(code) if usable else None
