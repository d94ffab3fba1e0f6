"""What ``$NAME`` and ``${NAME...}`` stand for in a given state."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import attrs

from .shell_own_folder import SCRIPT
from .shell_parts import Literal, Parameter, Part
from .shell_state import AT_START, POSITIONAL, State
from .shell_values import (
    UNSET,
    Hole,
    Piece,
    Pieces,
    Value,
    bounded,
    first_why,
    hole,
    is_gap,
    known_text,
    scalar,
    words_hole,
)

_NUMBERS = frozenset(
    ["BASHPID", "EUID", "LINENO", "PPID", "RANDOM", "SECONDS", "SRANDOM", "UID", "EPOCHSECONDS"]
)
_QUEUE = re.compile(r"(?:SLURM|SBATCH|PBS|LSB|LSF|SGE|COBALT|FLUX|OMPI|PMI|CONDA)_")
_QUEUE_NUMBERS = re.compile(
    r"SLURM_(?:(?:ARRAY_)?(?:JOB_?ID|TASK_ID)|JOB_NUM_NODES|NNODES|NODEID|NTASKS|PROCID|LOCALID"
    r"|GPUS_ON_NODE|RESTART_COUNT)\Z"
)
_GIVEN = frozenset(
    [
        "HOME",
        "HOSTNAME",
        "LOGNAME",
        "OLDPWD",
        "PATH",
        "PWD",
        "SHELL",
        "USER",
        "CUDA_VISIBLE_DEVICES",
        "TMPDIR",
    ]
)
_SLICE = re.compile(r"(\d{1,6})(?::(\d{1,6}))?\Z")
_CHOICES = frozenset([":-", "-", ":=", "=", ":+", "+", ":?", "?"])
_LONGEST_MATCHED = 1024
_MOST_STARS = 3


class Parameters:
    """Reads parameters in a state; ``joined`` gives the text of an operand."""

    def __init__(self, state: State, joined: Callable[[Sequence[Part]], Pieces]) -> None:
        self.state = state
        self.joined = joined

    def chosen_operand(self, part: Parameter) -> tuple[Part, ...] | None:
        """The operand of ``${NAME:-operand}`` and its like where it takes the value's place."""
        operator = part.operator
        if operator not in _CHOICES or operator[-1] == "?":
            return None
        filled = self._is_filled(part)
        if operator[-1] == "+":
            return part.operand if filled else None
        if filled is not False:
            return None
        if operator[-1] == "=" and part.name.isidentifier() and part.index is None:
            self.state.set(part.name, scalar(self.joined(part.operand)))
        return part.operand

    def text(self, part: Parameter) -> Pieces:
        """The value as one text."""
        operand = self.chosen_operand(part)
        if operand is not None:
            return self.joined(operand)
        if part.operator == "length":
            return self._length(part)
        if part.is_list:
            items = self.items(part)
            spaced = [piece for item in items for piece in (*item, Piece(" "))][:-1]
            gap = any(is_gap(item) for item in items)
            return hole(first_why(spaced)) if gap else bounded(tuple(spaced))
        return self._worked(part, self._scalar(part))

    def items(self, part: Parameter) -> tuple[Pieces, ...]:
        """The elements that ``"${NAME[@]}"`` or ``"$@"`` stands for."""
        value = self._value(part)
        if part.operator in _CHOICES:
            return self._chosen_items(part, value)
        if value is None:
            return (words_hole(self._absent(part.name)),)
        if part.operator:
            return _sliced(part, value)
        return value.elements

    def _chosen_items(self, part: Parameter, value: Value | None) -> tuple[Pieces, ...]:
        filled = self._is_filled(part)
        if filled is None:
            return (words_hole(first_why(self._scalar(part)) or self._absent(part.name)),)
        if part.operator[-1] == "+":
            return ()
        return self.items(attrs.evolve(part, operator="", operand=()))

    def _value(self, part: Parameter) -> Value | None:
        name = POSITIONAL if part.name == "*" else part.name
        return self.state.get(name)

    def _scalar(self, part: Parameter) -> Pieces:
        value = self._looked_up(part)
        return hole(self._absent(part.name), self._kind(part.name)) if value is None else value.pieces

    def _looked_up(self, part: Parameter) -> Value | None:
        """The scalar's or element's value; ``None`` when the script does not assign it."""
        if part.name.isdigit() and part.name != SCRIPT:
            return self._positional(int(part.name))
        if part.operator == "indirect":
            return Value((hole(f"`{_shown(part)}` is not worked out here"),))
        if part.name == "#":
            return self._count()
        if not part.name.isidentifier() and part.name != SCRIPT:
            return None
        value = self.state.get(part.name)
        if value is None or (part.index is None and not value.array):
            return value
        if part.index is not None and not part.index.isdigit():
            why = f"`{_shown(part)}` has an index that is not worked out here"
            return Value((hole(why),))
        return _element(value, int(part.index or 0))

    def _positional(self, number: int) -> Value | None:
        value = self.state.get(POSITIONAL) or UNSET
        element = _element(value, number - 1)
        at_start = first_why(element.pieces).endswith(AT_START)
        return Value((hole(f"`${number}` {AT_START}"),)) if at_start else element

    def _count(self) -> Value | None:
        """``$#``."""
        value = self.state.get(POSITIONAL)
        if value is None or any(is_gap(item) for item in value.elements):
            return Value((hole("`$#` is known only while the script runs", Hole.WORD),))
        return Value(((Piece(str(len(value.elements))),),))

    def _is_filled(self, part: Parameter) -> bool | None:
        """Whether the operator's test passes; ``None`` when that is unknown."""
        value = self._list_as_value(part) if part.is_list else self._looked_up(part)
        if value is None:
            return None if part.operator[-1] in "+?" or _is_given(part.name) else False
        if not value.is_set:
            return False
        colon = part.operator.startswith(":")
        if colon and any(piece.text or piece.hole is Hole.WORD for piece in value.pieces):
            return True
        if first_why(value.pieces).endswith(AT_START) and (colon or not part.name.isidentifier()):
            # Without arguments is how a script is usually started, so a default for one of them holds.
            return None if part.operator[-1] in "+?" else False
        if not colon:
            return None if any(piece.hole for piece in value.pieces) else True
        return None if any(piece.hole for piece in value.pieces) else False

    def _list_as_value(self, part: Parameter) -> Value | None:
        value = self._value(part)
        return UNSET if value is not None and not value.elements else value

    def _length(self, part: Parameter) -> Pieces:
        value = self._value(part) if part.is_list else None
        if value is not None and not any(is_gap(item) for item in value.elements):
            return (Piece(str(len(value.elements))),)
        text = None if part.is_list else known_text(self._scalar(part))
        if text is None:
            return hole(f"`{_shown(part)}` is known only while the script runs", Hole.WORD)
        return (Piece(str(len(text))),)

    def _worked(self, part: Parameter, pieces: Pieces) -> Pieces:
        """The value after an operator such as ``%.xyz``."""
        if part.operator in ("", "?", ":?"):
            return pieces
        if part.operator in _CHOICES:
            return self._maybe(part, pieces)
        text = known_text(pieces)
        if text is None:
            return hole(first_why(pieces))
        changed = _changed(part, text)
        if changed is None:
            return hole(f"`{_shown(part)}` is not worked out here")
        start, end = (pieces[0].start, pieces[-1].end) if pieces else (0, 0)
        return (Piece(changed, None, "", start, end, True),)

    def _maybe(self, part: Parameter, pieces: Pieces) -> Pieces:
        filled = self._is_filled(part)
        if part.operator[-1] == "+":
            return () if filled is False else hole(first_why(pieces) or self._absent(part.name))
        return pieces if filled else hole(first_why(pieces) or self._absent(part.name))

    def _kind(self, name: str) -> Hole:
        numbers = name in _NUMBERS or name in ("#", "?", "$", "!") or _QUEUE_NUMBERS.match(name)
        return Hole.WORD if numbers else Hole.STRING

    def _absent(self, name: str) -> str:
        if _is_given(name) or not name.isidentifier() or name in _NUMBERS:
            return f"`${name}` is known only while the script runs"
        return f"`${name}` is not assigned in this script"


def _is_given(name: str) -> bool:
    """Whether a queue, a login or bash itself sets the variable, so that its default says nothing."""
    return name in _GIVEN or name in _NUMBERS or bool(_QUEUE.match(name)) or name in "#?$!-0"


def _element(value: Value, index: int) -> Value:
    items = value.elements
    for item in items[: index + 1]:
        if is_gap(item):
            return Value((hole(first_why(item)),))
    return Value((items[index],), at=value.at) if index < len(items) else UNSET


def _shown(part: Parameter) -> str:
    index = "" if part.index is None else f"[{part.index}]"
    mark = {"length": "#", "indirect": "!"}.get(part.operator, "")
    tail = "" if mark or not part.operator else f"{part.operator}..."
    return f"${{{mark}{part.name}{index}{tail}}}"


def _changed(part: Parameter, text: str) -> str | None:
    """``text`` after a removal or a change of case; ``None`` where that is not worked out."""
    case = {"^^": str.upper, ",,": str.lower}.get(part.operator)
    if case is not None:
        return case(text) if text.isascii() and not part.operand else None
    if part.operator in ("/", "//"):
        return _replaced(part, text)
    if part.operator == ":":
        bounds = _bounds(part, len(text))
        return None if bounds is None else text[bounds[0] : bounds[1]]
    if part.operator not in ("#", "##", "%", "%%"):
        return None
    pattern = _pattern(part.operand)
    if pattern is None or len(text) > _LONGEST_MATCHED:
        return None
    sizes = range(len(text) + 1) if len(part.operator) == 1 else range(len(text), -1, -1)
    for size in sizes:
        cut = text[:size] if part.operator[0] == "#" else text[len(text) - size :]
        if pattern.fullmatch(cut):
            return text[size:] if part.operator[0] == "#" else text[: len(text) - size]
    return text


def _replaced(part: Parameter, text: str) -> str | None:
    """``${NAME/old/new}`` for texts without patterns and quotes."""
    written = _literal_text(part.operand)
    old, _, new = (written or "").partition("/")
    if not old or old[0] in "#%" or any(character in f"{old}{new}" for character in "*?[\\&~"):
        return None
    return text.replace(old, new, -1 if part.operator == "//" else 1)


def _bounds(part: Parameter, size: int) -> tuple[int, int] | None:
    """First index and end of ``:offset`` or ``:offset:length`` with plain numbers."""
    match = _SLICE.match(_literal_text(part.operand) or "")
    if match is None or int(match[1]) > size:
        return None
    start = int(match[1])
    return start, min(size, start + int(match[2])) if match[2] else size


def _literal_text(operand: Sequence[Part]) -> str | None:
    texts = [part.text for part in operand if isinstance(part, Literal) and not part.quoted]
    return "".join(texts) if len(texts) == len(operand) else None


def _sliced(part: Parameter, value: Value) -> tuple[Pieces, ...]:
    """``${NAME[@]:offset}`` or ``${@:offset}``, which counts from 1."""
    known = part.operator == ":" and value.array and not any(is_gap(item) for item in value.items)
    first = part.name in ("@", "*")
    bounds = _bounds(part, len(value.items) + first) if known else None
    if bounds is None or bounds[0] < first:
        return (words_hole(f"`{_shown(part)}` is not worked out here"),)
    return value.items[bounds[0] - first : bounds[1] - first]


def _pattern(operand: Sequence[Part]) -> re.Pattern[str] | None:
    """A shell pattern without brackets as a regular expression."""
    texts = []
    for part in operand:
        if not isinstance(part, Literal) or (not part.quoted and "[" in part.text):
            return None
        escaped = re.escape(part.text)
        texts.append(escaped if part.quoted else escaped.replace(r"\*", ".*").replace(r"\?", "."))
    joined = "".join(texts)
    return re.compile(joined, re.DOTALL) if joined.count(".*") <= _MOST_STARS else None
