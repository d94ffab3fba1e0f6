"""Expansion of shell words: braces, variables, splitting and quote removal."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import attrs

from .shell_braces import brace_expanded
from .shell_fields import Field, FieldBuilder, as_item
from .shell_own_folder import SCRIPT, own_folder
from .shell_parameters import Parameters
from .shell_parts import Literal, Opaque, Parameter, Part, RawWord
from .shell_source import FIRST_HOLE, ShellText
from .shell_state import State
from .shell_values import Hole, Piece, Pieces, Value, array, brought, hole, scalar

_HOLES = re.compile("[\ue000-\uefff]")
_LOCATED = re.compile(r"(?:\$\(|`)[ \t]*(?:which|command -v|type -p)[ \t]+([\w.-]+)[ \t]*[)`]\Z", re.ASCII)
_TILDE = re.compile(r"(?:^|(?<=:))~[^/:]*")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[([^\]]*)\])?(\+?)=", re.ASCII)
_MOST_FIELDS = 4096


@attrs.frozen
class Dropped:
    """An element of an array that is no word at all, because its variable is empty, behind an option that takes one.

    Attributes:
        at: offsets in the file of the variable's assignment, if there is one.
        start, end: offsets of the element in the file.
    """

    raw: RawWord
    name: str
    at: tuple[int, int] | None
    flag: str
    start: int
    end: int


@attrs.frozen
class Assignment:
    """``NAME=value`` as written; ``index`` for ``NAME[index]=value``."""

    name: str
    index: str | None
    appends: bool
    word: RawWord
    start: int


def assignment(word: RawWord) -> Assignment | None:
    """The word as an assignment, if it is one."""
    head = word.parts[0] if word.parts else None
    if not isinstance(head, Literal) or head.quoted:
        return None
    match = _ASSIGNMENT.match(head.text)
    if match is None:
        return None
    value = Literal(head.text[match.end() :], head.start + match.end(), head.end)
    rest = (value, *word.parts[1:]) if value.text else word.parts[1:]
    trimmed = RawWord(value.start, word.end, rest, word.array)
    return Assignment(match[1], match[2], bool(match[3]), trimmed, word.start)


def takes_value(flag: str, switches: Collection[str]) -> bool:
    """Whether the next word is the value of this one."""
    return len(flag) > 2 and flag.startswith("--") and "=" not in flag and flag[2:] not in switches


class Expander:
    """Expands words of one text in the state that holds where they stand."""

    def __init__(self, source: ShellText, state: State) -> None:
        self.source = source
        self.state = state
        self.parameters = Parameters(state, self.joined)
        self.switches: Collection[str] = ()
        self.dropped: dict[int, Dropped] = {}

    def fields(self, word: RawWord) -> list[Field]:
        """The words that bash makes of one word; none where an empty variable stands without quotes."""
        if word.array is not None:
            return self._fields_of(word, word.parts)
        variants = brace_expanded(word.parts)
        if variants is None:
            return [Field(word, self.source, list(hole("a brace expansion")), spreads=True)]
        return [field for parts in variants for field in self._fields_of(word, parts)]

    def all_fields(self, words: Sequence[RawWord]) -> list[Field]:
        """The words of a whole command."""
        found: list[Field] = []
        for word in words:
            fields = self.fields(word)
            self.state.effort.spent += 5 * len(fields)
            found += fields
            if len(found) > _MOST_FIELDS:
                return [
                    *found[:_MOST_FIELDS],
                    Field(word, self.source, list(hole("too many words")), spreads=True),
                ]
        return found

    def value(self, word: RawWord) -> Value:
        """What an assignment of the word stores: no splitting, no patterns."""
        at = (self.source.root_start(word.start), self.source.root_end(word.end))
        if word.array is not None:
            return array([as_item(field) for field in self._elements(word.array)], at)
        return scalar(self.joined(word.parts, tilde=True), at)

    def _elements(self, words: Sequence[RawWord]) -> list[Field]:
        """The words of an array; an option's value that bash drops keeps its place, as something unknown."""
        found: list[Field] = []
        for word in words:
            fields = self.all_fields([word])
            dropped = None if fields or not found else self._dropped(found[-1].text, word)
            if dropped is not None:
                self.dropped[word.start] = dropped
                gap = attrs.evolve(
                    hole("it is empty here", Hole.WORD)[0], start=dropped.start, end=dropped.end
                )
                fields = [Field(word, self.source, [gap])]
            found += fields
        return found

    def _dropped(self, flag: str | None, word: RawWord) -> Dropped | None:
        if not flag or not takes_value(flag, self.switches):
            return None
        for part in word.parts:
            if isinstance(part, Parameter) and not part.operator and not part.is_list:
                value = self.state.get(part.name)
                place = (self.source.root_start(word.start), self.source.root_end(word.end))
                return Dropped(word, part.name, value.at if value else None, flag, *place)
        return None

    def joined(self, parts: Sequence[Part], tilde: bool = False) -> Pieces:
        """The text of the parts without splitting."""
        pieces: list[Piece] = []
        for part in parts:
            if isinstance(part, Literal):
                pieces += self._with_home(part) if tilde and not part.quoted else self._literal(part)
            elif isinstance(part, Opaque):
                pieces += self._opaque(part)
            else:
                pieces += self._placed(self.parameters.text(part), part)
        return tuple(pieces)

    def written(self, start: int, end: int) -> Pieces:
        """A stretch of the text as it stands."""
        return self._literal(Literal(self.source.text[start:end], start, end, True))

    def _placed(self, pieces: Pieces, part: Parameter | Opaque) -> Pieces:
        self.state.effort.spent += len(pieces)
        place = (self.source.root_start(part.start), self.source.root_end(part.end))
        return brought(pieces, place, assigned=isinstance(part, Parameter))

    def _fields_of(self, word: RawWord, parts: Sequence[Part]) -> list[Field]:
        builder = FieldBuilder(word, self.source)
        self._feed(builder, parts, at_start=True)
        return builder.finished()

    def _feed(self, builder: FieldBuilder, parts: Sequence[Part], at_start: bool = False) -> None:
        for index, part in enumerate(parts):
            if isinstance(part, Literal):
                home = at_start and index == 0 and not part.quoted and part.text.startswith("~")
                builder.literal(self._with_home(part) if home else self._literal(part), part.quoted)
            elif isinstance(part, Opaque):
                builder.add(self._opaque(part), part.quoted)
            else:
                self._feed_parameter(builder, part)

    def _feed_parameter(self, builder: FieldBuilder, part: Parameter) -> None:
        operand = self.parameters.chosen_operand(part)
        if operand is not None:
            self._feed_operand(builder, operand)
        elif not part.is_list or part.operator == "length":
            builder.add(self._placed(self.parameters.text(part), part), part.quoted, splits=self._splits())
        elif part.joins:
            builder.add(self._placed(self.parameters.text(part), part), True)
        else:
            items = [self._placed(item, part) for item in self.parameters.items(part)]
            builder.elements(items, part.quoted, splits=self._splits())

    def _feed_operand(self, builder: FieldBuilder, operand: Sequence[Part]) -> None:
        """The word of ``${NAME:-word}``, whose own quotes count and whose other text is split."""
        for part in operand:
            if isinstance(part, Literal) and not part.quoted:
                builder.add(self._literal(part), False, splits=self._splits())
            else:
                self._feed(builder, [part])

    def _splits(self) -> bool:
        separators = self.state.get("IFS")
        return separators is None or separators.text == " \t\n" or not separators.is_set

    def _literal(self, part: Literal) -> Pieces:
        start, end = self.source.root_start(part.start), self.source.root_end(part.end)
        if self.source.is_file:
            return (Piece(part.text, None, "", start, end),)
        return tuple(self._pieces(part))

    def _pieces(self, part: Literal) -> Iterator[Piece]:
        at = 0
        for match in [*_HOLES.finditer(part.text), None]:
            stop = match.start() if match else len(part.text)
            while stop > at:
                following = self._same_origin(part, at, stop)
                yield self._known(part, at, following)
                at = following
            if match:
                holes = self.source.holes
                yield holes[(ord(match[0]) - FIRST_HOLE) % len(holes)] if holes else Piece("\ufffd")
                at = match.end()

    def _same_origin(self, part: Literal, at: int, stop: int) -> int:
        """End of the characters from ``at`` on that all came, or all did not come, through a variable."""
        if part.end - part.start != len(part.text):
            return stop
        first = self.source.origin(part.start + at, part.start + at + 1)
        while at < stop and (self.source.origin(part.start + at, part.start + at + 1) is None) == (
            first is None
        ):
            at += 1
        return at

    def _known(self, part: Literal, at: int, stop: int) -> Piece:
        exact = part.end - part.start == len(part.text)
        start, end = (part.start + at, part.start + stop) if exact else (part.start, part.end)
        place = (self.source.root_start(start), self.source.root_end(end))
        origin = self.source.origin(start, end)
        return Piece(part.text[at:stop], None, "", *(origin or place), origin is not None, place)

    def _with_home(self, part: Literal) -> Pieces:
        """``~`` at the start of a word or, in assignments, behind a colon."""
        match = _TILDE.search(part.text)
        if match is None:
            return self._literal(part)
        before = self._known(part, 0, match.start())
        after = self._known(part, match.end(), len(part.text))
        return (before, *hole(f"`{match[0]}` is a home directory", Hole.WORD), after)

    def _opaque(self, part: Opaque) -> Pieces:
        for name in part.assigns:
            self.state.set(name, scalar(hole(f"`{name}` is an arithmetic result", Hole.WORD)))
        located = _LOCATED.match(self.source.text, part.start, part.end)
        if located:
            folder = hole(f"the folder of `{located[1]}` is known only while the script runs", Hole.WORD)
            return self._placed((*folder, Piece(f"/{located[1]}")), part)
        own = self._own_folder(part)
        if own is not None:
            return self._placed((Piece(own, assigned=True),), part)
        written = self.source.text[part.start : min(part.end, part.start + 40)].split("\n")[0]
        kind = Hole.WORD if part.single else Hole.STRING
        return self._placed(hole(f"`{written}` is {part.why}", kind), part)

    def _own_folder(self, part: Opaque) -> str | None:
        """What `$(dirname "$0")` and the like give, where the script's own name is known."""
        script = self.state.get(SCRIPT)
        name = None if script is None else script.text
        return None if name is None else own_folder(self.source.text[part.start : part.end], name)
