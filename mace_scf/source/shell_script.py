"""Reads a script from top to bottom without running it, and finds the commands that start a trainer.

Branches, loops, functions and subshells are followed as far as they decide what a variable holds; a
variable that may hold different things is unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from .shell_builtins import Builtins, body_of
from .shell_errors import wrong_stretches
from .shell_expand import Assignment, Expander, assignment
from .shell_fields import Field, as_item
from .shell_findings import Findings, Found, Unread, empties
from .shell_flow import SIMPLE, Flow
from .shell_nested import assembled, without_head
from .shell_parts import Line, Literal
from .shell_programs import Fed, Inner, Program, find_program
from .shell_source import ShellText
from .shell_state import AT_START, DIRECTORY, POSITIONAL, Layer, State
from .shell_templates import completed
from .shell_values import Hole, Piece, Pieces, Value, array, hole, scalar, unknown, words_hole
from .shell_words import read_line
from .shell_written import written_file

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST_NODE = 40
_DEEPEST_CALL = 8
_DEEPEST_TEXT = 3
_MOST_FOUND = 400
_MOST_MENDS = 50
_MOST_EFFORT = 250_000
_ENDS = frozenset(["exit", "break", "continue"])
_SOUND_ASSIGNMENTS = frozenset(["variable_assignment", "variable_assignments", "declaration_command"])
_TWO_ASSIGNED = re.compile(r"[A-Za-z_]\w*(?:\[[^\]\s]*\])?\+?=")
_SEPARATORS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)+[ \t]*")
_ASSIGNED_NAME = re.compile(r"(?<![\w$])([A-Za-z_]\w*)(?:\[[^\]\s]*\])?\+?=")
_ARITHMETIC_NAME = re.compile(r"[A-Za-z_]\w*")


class Script:
    """One shell text being read."""

    def __init__(self, source: ShellText, state: State, findings: Findings) -> None:
        self.source = source
        self.state = state
        self.findings = findings
        self.expander = Expander(source, state)
        self.expander.switches = findings.switches
        self.builtins = Builtins(source, state, self.expander)
        self.functions: dict[str, Node] = {}
        self.called: set[str] = set()
        self.conditional = 0
        self.nodes = 0
        self.calls: list[str] = []
        self.texts = 0
        self._lines: dict[int, Line] = {}
        self._mended: list[tuple[int, int]] = []
        self._last = (0, 0)
        self._starts: dict[int, int] = {}
        self._flow = Flow(self)
        self._kinds: dict[str, Callable[[Node], None]] = {
            **self._flow.kinds,
            "function_definition": self._function,
            "ERROR": self._error,
        }

    def read(self) -> None:
        """Goes through the whole text, then through the functions that nobody called."""
        tree = self.source.tree
        if tree is None:
            self._leave_unread(0, "is too long or too tangled to be read")
            return
        self.block(tree.children)
        self._list_errors(tree)
        self.conditional += 1
        for name, body in list(self.functions.items()):
            if name not in self.called:
                self._call_body(body, None)
        self.findings.dropped += [(self.source, dropped) for dropped in self.expander.dropped.values()]

    def block(self, nodes: Sequence[Node]) -> None:
        """Statements one after the other."""
        for index, node in enumerate(nodes):
            if not node.is_named or node.type == "comment":
                continue
            self.lead(node)
            following = nodes[index + 1].type if index + 1 < len(nodes) else ""
            if following == "&":
                self.apart(partial(self.statement, node))
            else:
                self.statement(node)

    def branch(self, run: Callable[[], None], *, conditional: bool = True) -> Layer:
        """What a stretch assigns that may or may not be run; the caller merges it."""
        self.conditional += conditional
        with self.state.layer() as layer:
            run()
        self.conditional -= conditional
        return layer

    def apart(self, run: Callable[[], None]) -> None:
        """In a subshell: what it assigns is lost."""
        self.branch(run, conditional=False)

    def statement(self, node: Node) -> None:
        """One statement of any kind."""
        if not self._affords(10):
            return
        if node.type in SIMPLE:
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

    def lead(self, node: Node) -> bool:
        """Reads assignments that the grammar takes for a part of the statement on the next line."""
        start = node.start_byte
        if node.type in _SOUND_ASSIGNMENTS or not _TWO_ASSIGNED.match(self.source.text, start):
            return False
        line = self.line_at(start)
        between = _SEPARATORS.match(self.source.text, line.end, node.end_byte)
        if between is None or not all(map(assignment, line.words)):
            return False
        self._line(line)
        self._starts[start] = between.end()
        return True

    def _affords(self, work: int) -> bool:
        """Counts effort; where there is too much of it, the rest of the script stays unread."""
        effort = self.state.effort
        effort.spent += work
        if effort.spent > _MOST_EFFORT and not self.findings.exhausted:
            self.findings.exhausted = True
            self.state.hide("the script is too long to be followed")
            self._leave_unread(0, "is too long to be read to its end")
        return not self.findings.exhausted

    def _give_up(self, node: Node) -> None:
        self.state.hide("the script is nested too deeply to be followed")
        self._leave_unread(node.start_byte, "is nested too deeply to be read")

    def _leave_unread(self, start: int, what: str) -> None:
        line_end = self.source.text.find("\n", start)
        end = line_end if line_end > start else len(self.source.text)
        self.findings.unread.append(Unread(self.source, start, end, what))

    def _list_errors(self, tree: Node) -> None:
        if self.source.holes:
            return  # what is unknown may be just what the syntax lacks
        text = self.source.text
        for start, end in wrong_stretches(tree, text, SIMPLE | self._kinds.keys()):
            # a backslash at the very end continues nothing, and bash does not mind it
            ends_here = text.endswith("\\\n") and not text[start:].strip("\\\n")
            if not ends_here and not self._is_swallowed(start):
                self.findings.unread.append(Unread(self.source, start, end, "cannot be read as shell"))

    def first_word(self, node: Node) -> str:
        """The first word of a simple command, when it is plain."""
        words = self.line_at(self._starts.get(node.start_byte, node.start_byte)).words
        return (words[0].plain or "") if words else ""

    def line_at(self, start: int) -> Line:
        """The simple command at an offset, read once."""
        if start not in self._lines:
            line = read_line(self.source, start)
            read = len(line.words) + len(line.redirects) + len(line.mends)
            self.state.effort.spent += (line.end - start) // 16 + 5 * read
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
        start, end = self._starts.get(node.start_byte, node.start_byte), node.end_byte
        if self.source.text.startswith("((", start):
            self.arithmetic(start, end)
            return
        while start < end:
            # The grammar may see a command inside another one, most of all where a cut was mended.
            if self._last[0] < start < self._last[1] or not self._affords(10):
                return
            line = self.line_at(start)
            self._last = (start, line.end)
            self._line(line)
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
        elif any(redirect.body is not None for redirect in line.redirects):
            self._write(line, fields)

    def _emit(self, line: Line, fields: list[Field], target: Program) -> None:
        if self.findings.arm is not None and self.state.dead:
            return
        if self.findings.silent or len(self.findings.commands) >= _MOST_FOUND:
            return
        directory = self.state.get(DIRECTORY)
        known = directory.text if directory is not None and not target.moved else None
        conditional = self.conditional > 0 or self.state.dead
        self.state.effort.spent += 10 * len(fields)
        empty = tuple(empties(line, fields, self.expander))
        words = completed(fields, target.index)
        found = Found(self.source, line, words, target.index, conditional, known, empty)
        self.findings.commands.append(found)

    def _write(self, line: Line, fields: list[Field]) -> None:
        """A here-document that goes into a file, which may be the config."""
        if self.findings.silent or len(self.findings.written) >= _MOST_FOUND:
            return
        directory = self.state.get(DIRECTORY)
        file = written_file(
            line, fields, self.expander,
            directory=directory.text if directory is not None else None,
            conditional=self.conditional > 0 or self.state.dead,
        )  # fmt: skip
        if file is not None and self._affords(len(file.text)):
            self.findings.written.append(file)

    def _substitutions(self, line: Line) -> None:
        """Commands inside ``$(...)`` are run too, in a subshell."""
        for start in line.substitutions:
            if self.source.text[start] == "`":
                continue  # the text inside has one more level of escapes
            node = self.source.node_at(start, ("command_substitution",))
            if node is not None and self.nodes < _DEEPEST_NODE:
                self.nodes += 1
                self._last = (0, 0)
                self.apart(partial(self.block, node.children))
                self._last = (line.start, line.end)
                self.nodes -= 1

    def _eval(self, line: Line, first: int) -> None:
        words = line.words[first:]
        if self.builtins.is_harmless(words):
            return
        fields = self.expander.all_fields(words)
        spaced = [piece for field in fields for piece in (*field.pieces, Piece(" "))]
        self._nested(tuple(spaced), self.state)
        if any(piece.hole for piece in spaced):
            self.state.hide("`eval` may have changed it")

    def _inner(self, fields: list[Field], target: Inner, written: Sequence[Assignment]) -> None:
        field = fields[target.index]
        child = self._child(written)
        if target.arguments is not None:
            rest = fields[target.arguments :]
            # The first one is `$0`. Where it is not known which one that is, the others are not either.
            uncertain = bool(rest) and rest[0].spreads
            given = [words_hole(rest[0].why)] if uncertain else [as_item(item) for item in rest[1:]]
            child.set(POSITIONAL, array(given))
        if not field.spreads:
            self._nested(without_head(tuple(field.pieces), target.skip), child)

    def _child(self, written: Sequence[Assignment]) -> State:
        child = self.state.for_child()
        for item in written:
            child.set(item.name, self.expander.value(item.word))
        return child

    def _fed(self, line: Line, *, conditional: bool) -> None:
        if any(redirect.body is not None for redirect in line.redirects):
            self.conditional += conditional
            child = self.state.for_child()
            child.set(POSITIONAL, array((words_hole(f"`$@` {AT_START}"),)))
            self._nested(body_of(self.expander, line), child)
            self.conditional -= conditional

    def _nested(self, pieces: Pieces, state: State) -> None:
        """Reads a text that was put together from pieces as a script of its own."""
        if self.texts >= _DEEPEST_TEXT:
            return
        source = assembled(self.source, pieces)
        if not self._affords(100 + len(source.text)):
            return
        inner = Script(source, state, self.findings)
        inner.texts = self.texts + 1
        inner.conditional = self.conditional + state.dead + self.state.dead
        inner.nodes = self.nodes
        inner.read()

    def arithmetic(self, start: int, end: int) -> None:
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

    def _other(self, node: Node) -> None:
        """Statements of another kind may or may not run what they hold."""
        if any(child.type in SIMPLE or child.type in self._kinds for child in node.children):
            self.state.merge([self.branch(lambda: self.block(node.children))], exhaustive=False)

    def _error(self, node: Node) -> None:
        """A stretch with a syntax error: its commands are read, its assignments are not trusted."""
        self.branch(lambda: self.block(node.children))
        text = self.source.text[node.start_byte : node.end_byte]
        for name in set(_ASSIGNED_NAME.findall(text)):
            self.state.set(name, unknown(f"`{name}` is assigned where the script has a syntax error"))


def _writes_script(line: Line) -> bool:
    """``cat > job.sh <<EOF``, also where a variable is a part of the name."""
    targets = [redirect.target for redirect in line.redirects if redirect.operator in (">", ">|")]
    ends = [target.parts[-1] for target in targets if target is not None and target.parts]
    return any(
        isinstance(end, Literal) and end.text.endswith((".sh", ".sbatch", ".slurm", ".pbs", ".job"))
        for end in ends
    )
