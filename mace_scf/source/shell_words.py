"""Simple commands of a shell text, cut into words as bash cuts them, with nothing expanded yet."""

from __future__ import annotations

import re

from .shell_braced import Braced
from .shell_parts import Break, Line, Literal, Mend, Part, RawWord, Redirect
from .shell_source import ShellText

_BLANKS = re.compile(r"(?:[ \t]|\\\n)+")
_PLAIN = re.compile(r"[^ \t\n\\'\"$`;&|<>()]+")
_COMMENT = re.compile(r"[^\n]*")
_REDIRECT = re.compile(r"(?:\d+|\{[A-Za-z_]\w*\})?(?:&>>|&>|<<<|<<-|<<|<>|<&|>&|>>|>\||<|>)")
_ARRAY_NAME = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=\Z")
_BROKEN = re.compile(r"\\[ \t]+(#[^\n]*)?(?:\n|\Z)")
_FLAG_AFTER = re.compile(r"(?:\n[ \t]*(?:#[^\n]*)?)*\n[ \t]*(?=--?[A-Za-z])")
_ARRAY_AFTER = re.compile(r"(?:\n[ \t]*(?:#[^\n]*)?)*\n[ \t]*(?=\"?\$\{\w+\[@\])")
_GOES_ON = re.compile(r"[ \t]*(?:[-\"'$>|&<]|\d+>)")
_FLAG_NEXT = re.compile(r"[ \t]*--?[A-Za-z]")
_RUNS_ANOTHER = re.compile(
    r"(?:\S*/)?(?:[A-Za-z_]\w*=|(?:srun|mpi(?:run|exec)\S*|torchrun|accelerate|deepspeed|conda|mamba|micromamba"
    r"|apptainer|singularity|docker|podman|uv|env|nohup|time|timeout|nice|exec|numactl|taskset|python[\d.]*)\s)"
)
_NAMES_TRAINER = re.compile(r"run_train|--config|\.py\b")
_LONGEST_LINE = 65_536
_MOST_WORDS = 4096


def read_line(source: ShellText, start: int, limit: int | None = None) -> Line:
    """The simple command that begins at ``start``.

    Places where its continuation is broken are mended and listed, so that the words are those that
    the author meant.
    """
    text = source.text
    stop = len(text) if limit is None else min(limit, len(text))
    return _LineReader(source, start, min(stop, start + _LONGEST_LINE)).read()


def here_document_parts(source: ShellText, start: int, end: int) -> tuple[Part, ...]:
    """The body of an unquoted here-document: quotes are ordinary characters there."""
    return Braced(source, end).double_quoted(start, closing="")[0]


class _LineReader:
    def __init__(self, source: ShellText, start: int, limit: int) -> None:
        self.source = source
        self.text = source.text
        self.start = start
        self.limit = limit
        self.inner = Braced(source, limit)
        self.words: list[RawWord] = []
        self.redirects: list[Redirect] = []
        self.mends: list[Mend] = []
        self.in_array = False

    def read(self) -> Line:
        end = self._words(self.start)
        return Line(
            start=self.start,
            end=end,
            words=tuple(self.words),
            redirects=self._with_bodies(end),
            mends=tuple(self.mends),
            substitutions=tuple(self.inner.substitutions),
            complete=self.inner.complete,
        )

    def _words(self, at: int) -> int:
        while True:
            at = self._skip_blanks(at)
            character = self.text[at] if at < self.limit else ""
            if character in ("", ";", "(", ")") or len(self.words) + len(self.redirects) > _MOST_WORDS:
                return at
            if character == "\n" or character == "#":
                resumed = self._after_line_end(at)
                if resumed is None:
                    return at
                at = resumed
            elif redirect := self._redirect(at):
                at = redirect
            elif character in "&|":
                return at
            elif broken := self._broken_continuation(at):
                at = broken
            else:
                word, at = self._word(at)
                self.words.append(word)

    def _skip_blanks(self, at: int) -> int:
        match = _BLANKS.match(self.text, at, self.limit)
        return match.end() if match else at

    def _skip_comment(self, at: int) -> int:
        match = _COMMENT.match(self.text, at, self.limit)
        return match.end() if match else self.limit

    def _after_line_end(self, at: int) -> int | None:
        """Where to read on behind a line feed or a comment; ``None`` where the command ends."""
        comment = _COMMENT.match(self.text, at, self.limit) if self.text[at] == "#" else None
        line_end = comment.end() if comment else at
        flag = _FLAG_AFTER.match(self.text, line_end, self.limit)
        if flag is None and self._only_blanks_before(at):  # a backslash stands on the line above
            flag = _ARRAY_AFTER.match(self.text, line_end, self.limit)
        if flag is None or not self.words or self._has_here_document():
            return None
        if comment:
            self.mends.append(Mend(Break.COMMENT, at, line_end, flag.end()))
        elif self._only_blanks_before(at):
            self.mends.append(Mend(Break.EMPTY, at, flag.end(), flag.end()))
        else:
            self.mends.append(Mend(Break.MISSING, at, at, flag.end()))
        return flag.end()

    def _only_blanks_before(self, at: int) -> bool:
        line_start = self.text.rfind("\n", 0, at) + 1
        return not self.text[line_start:at].strip(" \t")

    def _has_here_document(self) -> bool:
        return any(redirect.operator.endswith(("<<", "<<-")) for redirect in self.redirects)

    def _broken_continuation(self, at: int) -> int | None:
        """Mends a backslash that is followed by blanks; ``None`` where there is none at ``at``."""
        match = _BROKEN.match(self.text, at, self.limit) if self.text[at] == "\\" else None
        if match is None:
            return None
        comment = match.start(1)
        if comment >= 0:
            self.mends.append(Mend(Break.COMMENT, comment, match.end(1), match.end()))
        elif self._goes_on(match.end()):
            self.mends.append(Mend(Break.BLANK, at + 1, _line_end(match), match.end()))
        elif flag := _FLAG_AFTER.match(self.text, _line_end(match), self.limit):
            self.mends.append(Mend(Break.BLANK, at + 1, _line_end(match), flag.end()))
            return flag.end()
        else:
            self.mends.append(Mend(Break.STRAY, at, _line_end(match), match.end()))
            return _line_end(match)
        return match.end()

    def _goes_on(self, at: int) -> bool:
        line = _COMMENT.match(self.text, at, self.limit)
        if line is None or not line[0].strip():
            return False
        if _GOES_ON.match(line[0]):
            return True
        if line[0].lstrip().startswith("#") or _NAMES_TRAINER.search(self.text, self.start, at):
            return False
        return _RUNS_ANOTHER.match(self.text, self.start, at) is not None

    def _redirect(self, at: int) -> int | None:
        if self.text[at] not in "<>&{0123456789":
            return None
        match = _REDIRECT.match(self.text, at, self.limit)
        if match is None or (match[0] in "<>" and self.text.startswith("(", match.end())):
            return None
        target_at = self._skip_blanks(match.end())
        if target_at >= self.limit or self.text[target_at] in "\n;&|()<>#":
            self.redirects.append(Redirect(match[0].lstrip("0123456789"), None))
            return target_at
        target, end = self._word(target_at)
        self.redirects.append(Redirect(match[0].lstrip("0123456789"), target))
        return end

    def _word(self, start: int) -> tuple[RawWord, int]:
        """The word at ``start``, which holds at least one character."""
        parts: list[Part] = []
        at = start
        while at < self.limit:
            plain = _PLAIN.match(self.text, at, self.limit)
            if plain:
                parts.append(Literal(plain[0], at, plain.end()))
                at = plain.end()
            elif self.text[at] == "(" and (array := self._array(parts, start, at)):
                return array, array.end
            elif (
                self.text[at] in " \t\n;&|()"
                or (self.text[at] in "<>" and self.text[at + 1 : at + 2] != "(")
                or (self.text[at] == "\\" and self._cut_by_blank(at))
            ):
                break
            else:
                at = self.inner.part(at, parts)
        return RawWord(start, at, tuple(parts)), at

    def _cut_by_blank(self, at: int) -> bool:
        match = _BROKEN.match(self.text, at, self.limit)
        return bool(match and match[1] is None and _FLAG_NEXT.match(self.text, match.end(), self.limit))

    def _array(self, parts: list[Part], start: int, at: int) -> RawWord | None:
        """``NAME=( ... )``, whose parts keep the name alone."""
        head = parts[0] if len(parts) == 1 else None
        if self.in_array or not isinstance(head, Literal) or not _ARRAY_NAME.match(head.text):
            return None
        reader = _LineReader(self.source, at + 1, self.limit)
        reader.inner, reader.in_array = self.inner, True
        end = reader._elements(at + 1)
        self.mends += reader.mends
        return RawWord(start, end, tuple(parts), tuple(reader.words))

    def _elements(self, at: int) -> int:
        while True:
            at = self._skip_blanks(at)
            character = self.text[at] if at < self.limit else ""
            if character == ")":
                return at + 1
            if len(self.words) > _MOST_WORDS:
                return self.limit
            if character == "\n":
                at += 1
            elif character == "#":
                at = self._skip_comment(at)
            elif character in ("", ";", "&", "|", "(", "<", ">"):
                self.inner.complete = False
                return at
            elif character == "\\" and (match := _BROKEN.match(self.text, at, self.limit)):
                kind = Break.COMMENT if match[1] else Break.BLANK
                self.mends.append(Mend(kind, at + 1, _line_end(match), match.end()))
                at = match.end()
            else:
                word, at = self._word(at)
                self.words.append(word)

    def _with_bodies(self, end: int) -> tuple[Redirect, ...]:
        if not self._has_here_document():
            return tuple(self.redirects)
        at = self.text.find("\n", end) + 1 or len(self.text)
        result = []
        for redirect in self.redirects:
            if redirect.operator in ("<<", "<<-") and redirect.target is not None:
                body, at = self._body(redirect, redirect.target, at)
                redirect = Redirect(redirect.operator, redirect.target, body)
            result.append(redirect)
        return tuple(result)

    def _body(self, redirect: Redirect, target: RawWord, at: int) -> tuple[tuple[int, int], int]:
        delimiter = re.escape((target.plain or self.text[target.start : target.end])[:200])
        tabs = r"\t*" if redirect.operator == "<<-" else ""
        match = re.compile(rf"^{tabs}{delimiter}$", re.MULTILINE).search(self.text, at)
        return ((at, match.start()), match.end() + 1) if match else ((at, len(self.text)), len(self.text))


def _line_end(match: re.Match[str]) -> int:
    return match.end() - match[0].endswith("\n")
