"""Reads a script from top to bottom without running it, and finds the commands that start a trainer.

Branches, loops, functions and subshells are followed as far as they decide what a variable holds; a
variable that may hold different things is unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import attrs

from .shell_builtins import Builtins
from .shell_expand import Assignment, Expander, Field, as_item, assignment
from .shell_parts import Line, Mend, Parameter, RawWord
from .shell_programs import Fed, Inner, Program, find_program
from .shell_source import FIRST_HOLE, MOST_HOLES, ShellText
from .shell_state import DIRECTORY, POSITIONAL, Layer, State
from .shell_values import (
    Hole,
    Piece,
    Pieces,
    Value,
    array,
    hole,
    join,
    known_text,
    scalar,
    unknown,
    words_hole,
)
from .shell_words import read_line

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST_NODE = 60
_DEEPEST_LOOP = 4
_DEEPEST_CALL = 8
_MOST_FOUND = 400
_MOST_MENDS = 50
_MOST_WORK = 400_000
_SIMPLE = frozenset(
    "command variable_assignment variable_assignments declaration_command unset_command test_command".split()
)
_TESTS = frozenset("test [ [[ grep command which type diff cmp pgrep nvidia-smi squeue".split())
_SUCCEEDS = frozenset("echo : true export set ulimit cd mkdir module".split())
_ENDS = frozenset(["exit", "break", "continue"])
_SEPARATORS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)+[ \t]*")
_ASSIGNED_NAME = re.compile(r"(?<![\w$])([A-Za-z_]\w*)(?:\[[^\]\s]*\])?\+?=")
_ARITHMETIC_NAME = re.compile(r"[A-Za-z_]\w*")


@attrs.frozen
class Empty:
    """A word of a training command that holds a variable which is known to be empty.

    Attributes:
        at: offsets in the file of the assignment, if there is one.
        field: index of the word after expansion; ``None`` where bash drops it.
    """

    raw: RawWord
    name: str
    at: tuple[int, int] | None
    field: int | None


@attrs.frozen
class Found:
    """A command that starts a trainer.

    Attributes:
        fields: its words after expansion, prefixes included.
        program: index of the one that names the trainer.
        directory: the folder that the script went to; ``None`` when unknown.
        empties: its words with empty variables.
    """

    source: ShellText
    line: Line
    fields: tuple[Field, ...]
    program: int
    conditional: bool
    directory: str | None
    empties: tuple[Empty, ...]


@attrs.define
class Findings:
    """What is gathered from a file and from the shell texts within it.

    Attributes:
        unread: stretches (source, start, end) that could not be understood.
        silent: above zero while a loop is read for what it changes.
        work: effort so far, about a microsecond each; hostile scripts could ask for any amount.
    """

    commands: list[Found] = attrs.Factory(list)
    mends: list[tuple[ShellText, Line, Mend]] = attrs.Factory(list)
    unread: list[tuple[ShellText, int, int]] = attrs.Factory(list)
    silent: int = 0
    work: int = 0


class Script:
    """One shell text being read."""

    def __init__(self, source: ShellText, state: State, findings: Findings) -> None:
        self.source = source
        self.state = state
        self.findings = findings
        self.expander = Expander(source, state)
        self.builtins = Builtins(source, state, self.expander)
        self.functions: dict[str, Node] = {}
        self.called: set[str] = set()
        self.conditional = 0
        self.nodes = 0
        self.loops = 0
        self.calls: list[str] = []
        self.texts = 0
        self._lines: dict[int, Line] = {}
        self._mended: list[tuple[int, int]] = []
        self._last = (0, 0)
        self._kinds: dict[str, Callable[[Node], None]] = {
            "list": self._list,
            "pipeline": self._pipeline,
            "if_statement": self._if,
            "case_statement": self._case,
            "for_statement": self._for,
            "c_style_for_statement": self._arithmetic_for,
            "while_statement": self._loop,
            "function_definition": self._function,
            "subshell": self._detached,
            "compound_statement": self._group,
            "redirected_statement": self._redirected,
            "heredoc_redirect": self._redirected,
            "ERROR": self._error,
        }

    def read(self) -> None:
        """Goes through the whole text, then through the functions that nobody called."""
        tree = self.source.tree
        if tree is None:
            self.findings.unread.append((self.source, 0, len(self.source.text)))
            return
        self.block(tree.children)
        if tree.is_error or tree.has_error:
            self._list_errors(tree)
        self.conditional += 1
        for name, body in list(self.functions.items()):
            if name not in self.called:
                self._call_body(body, None)

    def block(self, nodes: Sequence[Node]) -> None:
        """Statements one after the other."""
        for index, node in enumerate(nodes):
            if not node.is_named or node.type == "comment":
                continue
            following = nodes[index + 1].type if index + 1 < len(nodes) else ""
            if following == "&":
                self._apart(partial(self.statement, node))
            else:
                self.statement(node)

    def statement(self, node: Node) -> None:
        """One statement of any kind."""
        if not self._affords(10):
            return
        if node.type in _SIMPLE:
            self._simple(node)
            return
        if self.nodes >= _DEEPEST_NODE:
            self._give_up(node)
            return
        self.nodes += 1
        try:
            self._kinds.get(node.type, self._other)(node)
        finally:
            self.nodes -= 1

    def _affords(self, work: int) -> bool:
        """Counts effort; where there is too much of it, the rest of the script stays unread."""
        self.findings.work += work
        if self.findings.work <= _MOST_WORK:
            return True
        if self.findings.work - work <= _MOST_WORK:
            self.state.hide("the script is too long to be followed")
            self.findings.unread.append((self.source, 0, len(self.source.text)))
        return False

    def _give_up(self, node: Node) -> None:
        start, end = node.start_byte, node.end_byte
        self.state.hide("the script is nested too deeply to be followed")
        self.findings.unread.append((self.source, start, end))

    # -- simple commands ---------------------------------------------------------------------------

    def line_at(self, start: int) -> Line:
        """The simple command at an offset, read once."""
        if start not in self._lines:
            line = read_line(self.source, start)
            self.findings.work += (line.end - start) // 16 + 5 * len(line.words) + 5 * len(line.redirects)
            self._lines[start] = line
            if line.mends:
                at = bisect_right(self._mended, (start, start))
                self._mended.insert(at, (start, line.end))
                room = max(_MOST_MENDS - len(self.findings.mends), 0)
                self.findings.mends += [(self.source, line, mend) for mend in line.mends[:room]]
        return self._lines[start]

    def _is_swallowed(self, start: int) -> bool:
        """Whether the statement is part of an earlier one whose continuation was mended."""
        at = bisect_right(self._mended, (start, -1)) - 1
        return at >= 0 and self._mended[at][0] < start < self._mended[at][1]

    def _simple(self, node: Node) -> None:
        start, end = node.start_byte, node.end_byte
        if self.source.text.startswith("((", start):
            self._arithmetic(start, end)
            return
        while start < end:
            # The grammar may see a command inside another one, most of all where a cut was mended.
            if self._last[0] < start < self._last[1] or not self._affords(10):
                return
            line = self.line_at(start)
            self._last = (start, line.end)
            self._line(line)
            # The grammar takes the line behind several assignments for a part of the same command.
            between = _SEPARATORS.match(self.source.text, line.end, end)
            start = between.end() if between and node.type == "command" else end

    def _line(self, line: Line) -> None:
        self._substitutions(line)
        written: list[Assignment] = []
        for word in line.words:
            found = assignment(word)
            if found is None:
                break
            written.append(found)
        if len(written) < len(line.words):
            self._command(line, written)
        else:
            for item in written:
                self.builtins.assign(item)

    def _command(self, line: Line, written: Sequence[Assignment]) -> None:
        words = line.words[len(written) :]
        name = words[0].plain
        if name in self.builtins.known:
            self.builtins.known[name](words[1:], line)
        elif name in _ENDS:
            self.state.die()
        elif name == "return":
            self.state.leave_function()
        elif name == "eval":
            self._eval(line, len(written) + 1)
        elif name == "[[":
            return
        else:
            fields = self.expander.all_fields(words)
            self.findings.work += 5 * len(fields)
            self._run(line, fields, written)
            if name == "exec" and len(words) > 1:
                self.state.die()

    def _run(self, line: Line, fields: list[Field], written: Sequence[Assignment]) -> None:
        called = fields[0].text if fields else None
        if called in self.functions and called is not None:
            self._call(called, fields[1:], written)
            return
        target = find_program(fields)
        if isinstance(target, Program):
            self._emit(line, fields, target)
        elif isinstance(target, Inner):
            self._inner(fields, target, written)
        elif isinstance(target, Fed) or _writes_script(line):
            self._fed(line, conditional=not isinstance(target, Fed))

    def _emit(self, line: Line, fields: list[Field], target: Program) -> None:
        if self.findings.silent or len(self.findings.commands) >= _MOST_FOUND:
            return
        directory = self.state.get(DIRECTORY)
        known = directory.text if directory is not None and not target.moved else None
        conditional = self.conditional > 0 or self.state.dead
        empties = tuple(self._empties(line, fields))
        found = Found(self.source, line, tuple(fields), target.index, conditional, known, empties)
        self.findings.commands.append(found)

    def _empties(self, line: Line, fields: Sequence[Field]) -> Iterator[Empty]:
        indices = {field.raw.start: index for index, field in enumerate(fields)}
        for word in line.words:
            for part in word.parts:
                plain = isinstance(part, Parameter) and not part.operator and not part.is_list
                if isinstance(part, Parameter) and plain and known_text(self.expander.joined([part])) == "":
                    value = self.state.get(part.name)
                    yield Empty(word, part.name, value.at if value else None, indices.get(word.start))

    def _substitutions(self, line: Line) -> None:
        """Commands inside ``$(...)`` are run too, in a subshell."""
        for start in line.substitutions:
            if self.source.text[start] == "`":
                continue  # the text inside has one more level of escapes
            node = self.source.node_at(start, ("command_substitution",))
            if node is not None and self.nodes < _DEEPEST_NODE:
                self.nodes += 1
                self._last = (0, 0)
                self._apart(partial(self.block, node.children))
                self._last = (line.start, line.end)
                self.nodes -= 1

    # -- text that is run as a script ---------------------------------------------------------------

    def _eval(self, line: Line, first: int) -> None:
        words = line.words[first:]
        if self.builtins.is_harmless(words):
            return
        fields = self.expander.all_fields(words)
        if any(field.spreads for field in fields) or not all(field.pieces for field in fields):
            self.state.hide("`eval` may have changed it")
            return
        spaced = [piece for field in fields for piece in (*field.pieces, Piece(" "))]
        self._nested(tuple(spaced), self.state)

    def _inner(self, fields: list[Field], target: Inner, written: Sequence[Assignment]) -> None:
        field = fields[target.index]
        child = self._child(written)
        if target.arguments is not None:
            rest = fields[target.arguments + 1 :]
            child.set(POSITIONAL, array([as_item(item) for item in rest]))
        if not field.spreads:
            self._nested(_behind(tuple(field.pieces), target.skip), child)

    def _child(self, written: Sequence[Assignment]) -> State:
        child = self.state.for_child()
        for item in written:
            child.set(item.name, self.expander.value(item.word))
        return child

    def _fed(self, line: Line, *, conditional: bool) -> None:
        if any(redirect.body is not None for redirect in line.redirects):
            self.conditional += conditional
            self._nested(self.builtins.body(line), self.state.for_child())
            self.conditional -= conditional

    def _nested(self, pieces: Pieces, state: State) -> None:
        """Reads a text that was put together from pieces as a script of its own."""
        if self.texts >= 3:
            return
        source = _assembled(self.source, pieces)
        if not self._affords(100 + len(source.text)):
            return
        inner = Script(source, state, self.findings)
        inner.texts = self.texts + 1
        inner.conditional = self.conditional + state.dead + self.state.dead
        inner.nodes = self.nodes
        inner.read()

    # -- control flow ----------------------------------------------------------------------------------

    def _branch(self, run: Callable[[], None], *, conditional: bool = True) -> Layer:
        self.conditional += conditional
        with self.state.layer() as layer:
            run()
        self.conditional -= conditional
        return layer

    def _apart(self, run: Callable[[], None]) -> None:
        """In a subshell: what it assigns is lost."""
        self._branch(run, conditional=False)

    def _detached(self, node: Node) -> None:
        self._apart(lambda: self.block(node.children))

    def _pipeline(self, node: Node) -> None:
        for child in node.children:
            if child.is_named and child.type != "comment":
                self._apart(partial(self.statement, child))

    def _group(self, node: Node) -> None:
        if self.source.text.startswith("((", node.start_byte):
            self._arithmetic(node.start_byte, node.end_byte)
        else:
            self.block(node.children)

    def _redirected(self, node: Node) -> None:
        """The statement itself; behind a here-document's start the grammar hides further ones."""
        for child in node.children:
            if child.type == "heredoc_redirect":
                self._redirected(child)
            elif child.type in _SIMPLE or child.type in self._kinds:
                self.statement(child)

    def _list(self, node: Node) -> None:
        """``a && b || c``."""
        steps = list(_flat(node))
        self.statement(steps[0][1])
        opened: list[Layer] = []
        conditional = 0
        for (_, before), (operator, step) in zip(steps, steps[1:], strict=False):
            if operator == "||":
                conditional = self._close(opened, conditional)
            if operator == "||" or not self._succeeds(before):
                opened.append(Layer())
                self.state.layers.append(opened[-1])
                tested = operator == "||" or self._is_test(before)
                conditional += tested
                self.conditional += tested
            self.statement(step)
            if operator == "||":
                conditional = self._close(opened, conditional)
        self._close(opened, conditional)

    def _close(self, opened: list[Layer], conditional: int) -> int:
        while opened:
            layer = opened.pop()
            self.state.layers.pop()
            self.state.merge([layer], exhaustive=False)
        self.conditional -= conditional
        return 0

    def _succeeds(self, node: Node) -> bool:
        if node.type in ("variable_assignment", "variable_assignments", "declaration_command"):
            written = self.source.text_of(node)
            return "$(" not in written and "`" not in written
        return self._first_word(node) in _SUCCEEDS

    def _is_test(self, node: Node) -> bool:
        kinds = ("test_command", "negated_command", "compound_statement")
        return node.type in kinds or self._first_word(node) in _TESTS

    def _first_word(self, node: Node) -> str:
        while node.type in ("redirected_statement", "negated_command") and node.children:
            node = node.children[0]
        if node.type not in _SIMPLE:
            return ""
        words = self.line_at(node.start_byte).words
        return (words[0].plain or "") if words else ""

    def _if(self, node: Node) -> None:
        branches: list[Layer] = []
        condition, body = _split_at(node.children, "then")
        self.block(condition)
        own = [child for child in body if child.type not in ("elif_clause", "else_clause")]
        branches.append(self._branch(lambda: self.block(own)))
        exhaustive = False
        for child in body:
            if child.type in ("elif_clause", "else_clause"):
                branches.append(self._branch(partial(self.block, child.children)))
                exhaustive = exhaustive or child.type == "else_clause"
        self.state.merge(branches, exhaustive=exhaustive)

    def _case(self, node: Node) -> None:
        branches: list[Layer] = []
        exhaustive = False
        for item in node.children:
            if item.type == "case_item":
                patterns, body = _split_at(item.children, ")")
                exhaustive = exhaustive or any(child.text == b"*" for child in patterns)
                branches.append(self._branch(partial(self.block, body)))
        self.state.merge(branches, exhaustive=exhaustive)

    def _for(self, node: Node) -> None:
        name = node.child_by_field_name("variable")
        body = node.child_by_field_name("body")
        if name is None or body is None:
            return
        values = self._loop_values(node, body)
        label = self.source.text_of(name)

        def turn() -> None:
            self.state.set(label, values)
            self.block(body.children)

        self._repeat(turn)

    def _loop_values(self, node: Node, body: Node) -> Value:
        start = next((child.end_byte for child in node.children if child.type == "in"), None)
        name = self.source.text[node.start_byte : start or 0].split()[1:2]
        why = f"`{''.join(name)}` differs between the rounds of a loop"
        if start is None:
            return unknown(why)
        fields = self.expander.all_fields(read_line(self.source, start, body.start_byte).words)
        if not fields or any(field.spreads for field in fields):
            return unknown(why)
        return join([scalar(field.pieces) for field in fields], why)

    def _arithmetic_for(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        if body is None:
            return

        def turn() -> None:
            self._arithmetic(node.start_byte, body.start_byte)
            self.block(body.children)

        self._repeat(turn)

    def _loop(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        conditions = [child for child in node.children if child != body]

        def turn() -> None:
            self.conditional -= 1  # the condition is tried at least once
            self.block(conditions)
            self.conditional += 1
            if body is not None:
                self.block(body.children)

        self._repeat(turn)

    def _repeat(self, turn: Callable[[], None]) -> None:
        """A loop's body: first to learn what it changes, then with that unknown."""
        if self.loops >= _DEEPEST_LOOP:
            self.state.hide("it may change in one of many loops")
            self._branch(turn)
            self.state.hide("it may change in one of many loops")
            return
        self.loops += 1
        self.findings.silent += 1
        with self.state.recording() as touched:
            self._branch(turn)
        self.findings.silent -= 1

        def settled() -> None:
            self.state.forget(touched)
            turn()

        self._branch(settled)
        self.state.forget(touched)
        self.loops -= 1

    def _arithmetic(self, start: int, end: int) -> None:
        """``((i++))``: every name in it may have changed to some number."""
        for name in set(_ARITHMETIC_NAME.findall(self.source.text, start, end)):
            self.state.set(name, scalar(hole(f"`{name}` is an arithmetic result", Hole.WORD)))

    def _function(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            self.functions[self.source.text_of(name)] = body

    def _call(self, name: str, fields: list[Field], written: Sequence[Assignment]) -> None:
        self.called.add(name)
        if len(self.calls) >= _DEEPEST_CALL or name in self.calls:
            self.state.hide(f"`{name}` calls itself")
            return
        self.calls.append(name)
        arguments = array([as_item(field) for field in fields])
        self._call_body(self.functions[name], arguments, written)
        self.calls.pop()

    def _call_body(self, body: Node, arguments: Value | None, written: Sequence[Assignment] = ()) -> None:
        handed = array((words_hole("the arguments of this function are not known"),))
        values = {item.name: self.expander.value(item.word) for item in written}
        with self.state.layer(function=True) as layer:
            layer.local = {POSITIONAL, *values}
            layer.values.update(values)
            self.state.set(POSITIONAL, handed if arguments is None else arguments)
            self.statement(body)
        self.state.return_from(layer)

    # -- what the grammar does not know ---------------------------------------------------------------

    def _other(self, node: Node) -> None:
        """Statements of another kind may or may not run what they hold."""
        if node.type == "negated_command":
            self.block(node.children)
        elif any(child.type in _SIMPLE or child.type in self._kinds for child in node.children):
            self.state.merge([self._branch(lambda: self.block(node.children))], exhaustive=False)

    def _error(self, node: Node) -> None:
        """A stretch with a syntax error: its commands are read, its assignments are not trusted."""
        self._branch(lambda: self.block(node.children))
        text = self.source.text[node.start_byte : node.end_byte]
        for name in set(_ASSIGNED_NAME.findall(text)):
            self.state.set(name, unknown(f"`{name}` is assigned where the script has a syntax error"))

    def _list_errors(self, tree: Node) -> None:
        waiting = [tree]
        found: list[tuple[ShellText, int, int]] = []
        while waiting:
            node = waiting.pop()
            if node.is_error or node.is_missing:
                found.append((self.source, *self._wrong(node)))
            elif node.has_error:
                waiting += node.children
        self.findings.unread += [error for error in found if not self._is_swallowed(error[1])]

    def _wrong(self, node: Node) -> tuple[int, int]:
        """The first line of an error that is not a sound statement or comment."""
        text = self.source.text
        sound = _SIMPLE | self._kinds.keys() | {"comment"}
        first = next((child for child in node.children if child.is_error or child.type not in sound), node)
        start = min(first.start_byte, max(len(text) - 1, 0))
        line_end = text.find("\n", start)
        end = node.end_byte
        return start, max(start + bool(text), min(end, len(text) if line_end < 0 else line_end))


def _flat(node: Node) -> Iterator[tuple[str, Node]]:
    """The commands of a list with the operator in front of each; the grammar nests them to the left."""
    steps: list[tuple[str, Node]] = []
    while node.type == "list" and len(node.children) >= 3:
        left, operator, *rest = node.children
        steps.append((operator.type, rest[-1]))
        node = left
    steps.append(("", node))
    return reversed(steps)


def _split_at(nodes: Sequence[Node], kind: str) -> tuple[list[Node], list[Node]]:
    for index, node in enumerate(nodes):
        if node.type == kind:
            return list(nodes[:index]), list(nodes[index + 1 :])
    return list(nodes), []


def _writes_script(line: Line) -> bool:
    """``cat > job.sh <<EOF``."""
    targets = [redirect.target for redirect in line.redirects if redirect.operator in (">", ">|")]
    return any(target and (target.plain or "").endswith((".sh", ".sbatch", ".slurm")) for target in targets)


def _behind(pieces: Pieces, skip: int) -> Pieces:
    """The pieces without their first characters."""
    kept: list[Piece] = []
    for piece in pieces:
        cut = min(skip, len(piece.text))
        skip -= cut
        if piece.hole or cut < len(piece.text):
            kept.append(piece.cut(cut, len(piece.text)) if cut else piece)
    return tuple(kept)


def _assembled(source: ShellText, pieces: Pieces) -> ShellText:
    """A text whose characters know where they stand in the file; holes become stand-ins."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    origins: list[tuple[int, int] | None] = []
    holes: list[Piece] = []
    for piece in pieces:
        text = piece.text
        if piece.hole:
            text = chr(FIRST_HOLE + len(holes) % MOST_HOLES)
            holes.append(piece)
        start, end = piece.place or (piece.start, piece.end)
        exact = end - start == len(text) and not piece.hole and not piece.assigned
        starts += range(start, start + len(text)) if exact else [start] * len(text)
        ends += range(start + 1, end + 1) if exact else [end] * len(text)
        origins += _origins(piece)
        texts.append(text)
    return ShellText(
        "".join(texts), source.file, root=source.root, starts=starts, ends=ends, origins=origins, holes=holes
    )


def _origins(piece: Piece) -> list[tuple[int, int] | None]:
    size = len(piece.text) or bool(piece.hole)
    if not piece.assigned:
        return [None] * size
    if piece.end - piece.start != size:
        return [(piece.start, piece.end)] * size
    return [(offset, offset + 1) for offset in range(piece.start, piece.end)]
