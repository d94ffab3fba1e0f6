"""What bash's own commands do to variables: `export`, `local`, `read`, `unset`, `set --`, `cd` and others."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

import attrs

from .shell_expand import Assignment, Expander, assignment
from .shell_fields import as_item
from .shell_parts import Line, RawWord
from .shell_source import ShellText
from .shell_state import DIRECTORY, POSITIONAL, State
from .shell_values import (
    UNSET,
    Hole,
    Piece,
    Pieces,
    Value,
    array,
    first_why,
    hole,
    is_gap,
    known_text,
    scalar,
    unknown,
    words_hole,
)
from .shell_words import here_document_parts

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_SUBMITTED_FROM = re.compile(r"\$\{?(?:SLURM_SUBMIT_DIR|PBS_O_WORKDIR|LS_SUBCWD|SGE_O_WORKDIR)\}?/?\Z")
_HARMLESS_SOURCE = re.compile(
    r"(?:.*/)?(?:activate|.*\.?bashrc|.*profile|conda\.sh|mamba\.sh|setvars\.sh|vars\.sh|modules?(?:\.sh|/bash)"
    r"|lmod.*|.*/init/\w+|z?\.?env_setup\.sh)\Z"
)
_HARMLESS_OUTPUT = re.compile(
    r"[\"'\s]*\$\([^()]*\b(?:conda|mamba|micromamba|ssh-agent|module|modulecmd|pyenv)\b[^()]*\)"
)
_KEEPS_TEXT = re.compile(r"[-+][axrgxtfp]+\Z")


def body_of(expander: Expander, line: Line) -> Pieces:
    """The text of the line's here-document."""
    redirect = next(redirect for redirect in line.redirects if redirect.body is not None)
    start, end = redirect.body or (0, 0)
    if redirect.target is not None and redirect.target.quoted:
        return expander.written(start, end)
    return expander.joined(here_document_parts(expander.source, start, end))


class Builtins:
    """Runs bash's own commands on a state."""

    def __init__(self, source: ShellText, state: State, expander: Expander) -> None:
        self.source = source
        self.state = state
        self.expander = expander
        self.known: dict[str, Callable[[Sequence[RawWord], Line], None]] = {
            "export": self._export,
            "declare": self._declare,
            "typeset": self._declare,
            "local": self._declare,
            "readonly": self._readonly,
            "unset": self._unset,
            "read": self._read,
            "mapfile": self._mapfile,
            "readarray": self._mapfile,
            "getopts": self._getopts,
            "printf": self._printf,
            "let": self._let,
            "set": self._set,
            "shift": self._shift,
            "cd": self._cd,
            "pushd": self._cd,
            "popd": lambda _words, _line: self.state.set(DIRECTORY, unknown("`popd` was called")),
            "source": self._source,
            ".": self._source,
        }

    def assign(self, written: Assignment) -> None:
        """Stores one ``NAME=value``."""
        value = self.expander.value(written.word)
        before = self.state.get(written.name)
        if before is not None and before.array and not value.array and not written.appends:
            written = attrs.evolve(written, index=written.index or "0")
        if written.index is not None:
            value = self._with_element(written, value)
        elif written.appends:
            value = self._appended(written, value)
        if value.text == "":
            place = (self.source.root_start(written.start), self.source.root_end(written.word.end))
            value = attrs.evolve(value, at=place)
        self.state.set(written.name, value)

    def _appended(self, written: Assignment, value: Value) -> Value:
        before = self.state.get(written.name)
        why = f"`${written.name}` is not assigned in this script"
        if value.array:
            items = (words_hole(why),) if before is None else before.elements
            return array([*items, *value.items], value.at)
        pieces = hole(why) if before is None else before.pieces
        if is_gap(pieces):
            return array((pieces,))
        joined = scalar((*pieces, *value.pieces), value.at)
        if before is None or not before.array:
            return joined
        return attrs.evolve(before, items=(*joined.items, *before.items[1:]))

    def _with_element(self, written: Assignment, value: Value) -> Value:
        before = self.state.get(written.name)
        why = f"`{written.name}` has elements that are not followed here"
        items = [words_hole(why)] if before is None else list(before.elements)
        index = written.index or ""
        plain = index.isdigit() and len(index) < 5 and not any(is_gap(item) for item in items)
        if not plain or written.appends or int(index) > len(items):
            return array((words_hole(why),))
        items[int(index) : int(index) + 1] = [value.pieces]
        return array(items, value.at)

    def _export(self, words: Sequence[RawWord], _line: Line) -> None:
        for word in words:
            written = assignment(word)
            if written:
                self.assign(written)
            if written or word.plain:
                self.state.export(written.name if written else word.plain or "")

    def _readonly(self, words: Sequence[RawWord], _line: Line) -> None:
        for written in filter(None, map(assignment, words)):
            self.assign(written)

    def _declare(self, words: Sequence[RawWord], _line: Line) -> None:
        flags = [word.plain or "-?" for word in words if (word.plain or "").startswith(("-", "+"))]
        everywhere = any("g" in flag for flag in flags)
        followed = all(_KEEPS_TEXT.match(flag) for flag in flags)
        for word in words[len(flags) :]:
            written = assignment(word)
            name = written.name if written else word.plain or ""
            if not _IDENTIFIER.match(name):
                continue
            fresh = not everywhere and self.state.declare_local(name)
            if written and followed:
                self.assign(written)
            elif not followed:
                self.state.set(name, unknown(f"`{name}` is declared in a way that is not followed here"))
            elif any("a" in flag for flag in flags) and (fresh or self.state.get(name) is None):
                self.state.set(name, array(()))
            elif fresh:
                self.state.set(name, UNSET)
            if any("x" in flag for flag in flags):
                self.state.export(name)

    def _unset(self, words: Sequence[RawWord], _line: Line) -> None:
        for word in words:
            name, bracket, _ = (word.plain or "").partition("[")
            if bracket and _IDENTIFIER.match(name):
                gap = words_hole(f"`{name}` has elements that are not followed here")
                self.state.set(name, array((gap,)))
            elif _IDENTIFIER.match(name):
                self.state.set(name, UNSET)

    def _read(self, words: Sequence[RawWord], line: Line) -> None:
        options, names = _options(words, "adeinNptu")
        text = self._input(line, whole="d" in options)
        if text is not None and ("r" not in options and "\\" in text):
            text = None
        if "a" in options:
            items = None if text is None else [(Piece(word),) for word in text.split()]
            gap = words_hole(f"`{options['a']}` is read while the script runs")
            self.state.set(options["a"] or "REPLY", array((gap,) if items is None else items))
            return
        fields = [] if text is None else text.split(None, max(len(names) - 1, 0))
        for index, name in enumerate(names or ["REPLY"]):
            if text is None:
                self.state.set(name, unknown(f"`{name}` is read while the script runs"))
            else:
                self.state.set(name, scalar((Piece(fields[index].rstrip()),) if index < len(fields) else ()))

    def _input(self, line: Line, *, whole: bool) -> str | None:
        """What `read` gets from a here-string or here-document, when that is known."""
        if len(line.redirects) != 1 or assignment(line.words[0]) or self.state.get("IFS") is not None:
            return None
        redirect = line.redirects[0]
        text = None
        if redirect.operator == "<<<" and redirect.target is not None:
            text = known_text(self.expander.joined(redirect.target.parts))
        elif redirect.body is not None:
            text = known_text(body_of(self.expander, line))
        return text if text is None or whole else text.split("\n")[0]

    def _mapfile(self, words: Sequence[RawWord], line: Line) -> None:
        options, names = _options(words, "dnOsuCc")
        name = names[-1] if names else "MAPFILE"
        text = self._input(line, whole=True) if set(options) == {"t"} else None
        if text is None:
            gap = words_hole(f"`{name}` is read while the script runs")
            self.state.set(name, array((gap,)))
        else:
            rows = text.removesuffix("\n").split("\n") if text else []
            self.state.set(name, array([(Piece(row),) for row in rows]))

    def _getopts(self, words: Sequence[RawWord], _line: Line) -> None:
        for name in ("OPTARG", "OPTIND", *(word.plain or "" for word in words[1:2])):
            self.state.set(name, unknown("`getopts` reads it from the script's own arguments"))

    def _printf(self, words: Sequence[RawWord], _line: Line) -> None:
        if len(words) > 1 and words[0].plain == "-v" and words[1].plain:
            self.state.set(words[1].plain, unknown(f"`{words[1].plain}` is printed while the script runs"))

    def _let(self, words: Sequence[RawWord], _line: Line) -> None:
        for word in words:
            for name in re.findall(r"[A-Za-z_]\w*", self.source.text[word.start : word.end]):
                self.state.set(name, scalar(hole(f"`{name}` is an arithmetic result", Hole.WORD)))

    def _set(self, words: Sequence[RawWord], _line: Line) -> None:
        """``set -- a b``; other options do not touch variables."""
        for index, word in enumerate(words):
            if word.plain == "--":
                fields = self.expander.all_fields(words[index + 1 :])
                self.state.set(POSITIONAL, array([as_item(field) for field in fields]))
                return

    def _shift(self, words: Sequence[RawWord], _line: Line) -> None:
        value = self.state.get(POSITIONAL) or UNSET
        count = words[0].plain if words else "1"
        gaps = [item for item in value.items if is_gap(item)]
        if gaps or not count or not count.isdigit() or len(count) > 4:
            why = first_why(gaps[0]) if gaps else "`$@` is shifted in this script"
            self.state.set(POSITIONAL, array((words_hole(why),)))
        elif int(count) <= len(value.items):
            self.state.set(POSITIONAL, array(value.items[int(count) :]))

    def _cd(self, words: Sequence[RawWord], _line: Line) -> None:
        targets = [word for word in words if not (word.plain or "").startswith("-") or word.plain == "-"]
        written = self.source.text[targets[0].start : targets[0].end].strip("\"'") if targets else ""
        if _SUBMITTED_FROM.match(written) and self.state.get(written.strip("${}/")) is None:
            self.state.set(DIRECTORY, scalar(()))
            return
        text = known_text(self.expander.joined(targets[0].parts, tilde=True)) if len(targets) == 1 else None
        before = self.state.get(DIRECTORY)
        if text in (None, "", "-") or before is None or (before.text is None and not text.startswith("/")):
            self.state.set(DIRECTORY, unknown("the folder is known only while the script runs"))
        else:
            self.state.set(DIRECTORY, scalar((Piece(posixpath.join(before.text or "", text)),)))

    def _source(self, words: Sequence[RawWord], _line: Line) -> None:
        if not words:
            return
        written = self.source.text[words[0].start : words[0].end]
        if not _HARMLESS_SOURCE.match(written.strip("\"'")):
            self.state.hide(f"`{written}` is sourced and may have changed it")

    def is_harmless(self, words: Sequence[RawWord]) -> bool:
        """Whether `eval` gets what an environment manager prints, which leaves a script's variables alone."""
        if not words:
            return True
        return bool(_HARMLESS_OUTPUT.match(self.source.text[words[0].start : words[-1].end]))


def _options(words: Sequence[RawWord], valued: str) -> tuple[dict[str, str], list[str]]:
    """Letters of the options with their values, and the other words."""
    options: dict[str, str] = {}
    names: list[str] = []
    pending = ""
    for word in words:
        text = word.plain
        if pending:
            options[pending] = text or ""
            pending = ""
        elif text and text.startswith("-") and not names:
            for position, letter in enumerate(text[1:], 1):
                options[letter] = text[position + 1 :] if letter in valued else ""
                if letter in valued:
                    pending = letter if not options[letter] else ""
                    break
        else:
            names.append(text or "?")
    return options, [name for name in names if _IDENTIFIER.match(name)]
