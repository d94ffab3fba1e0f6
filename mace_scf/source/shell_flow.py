"""Branches, loops, lists, pipelines and groups of a script, as far as they decide what a variable holds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from .shell_conditions import matches, outcome
from .shell_state import Layer
from .shell_values import Value, join, known_text, scalar, unknown
from .shell_words import read_line

if TYPE_CHECKING:
    from tree_sitter import Node

    from .shell_script import Script

# Statements that are read as one line of words.
SIMPLE = frozenset(
    [
        "command",
        "variable_assignment",
        "variable_assignments",
        "declaration_command",
        "unset_command",
        "test_command",
    ]
)
_KEYWORDS = frozenset([b"then", b"elif", b"else", b"fi", b"esac", b"do", b"done", b";;"])
_CLAUSES = ("elif_clause", "else_clause")
_DEEPEST_LOOP = 4
_LONGEST_LIST = 32
_TESTS = frozenset(
    [
        "test",
        "[",
        "[[",
        "false",
        "grep",
        "command",
        "which",
        "type",
        "diff",
        "cmp",
        "pgrep",
        "nvidia-smi",
        "squeue",
    ]
)
# Programs after which `&&` is as good as a line end.
_SUCCEEDS = frozenset(["echo", ":", "true", "export", "set", "ulimit", "cd", "mkdir", "module"])


class Flow:
    """Statements that hold other statements."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.kinds: dict[str, Callable[[Node], None]] = {
            "list": self._list,
            "pipeline": self._pipeline,
            "negated_command": self._negated,
            "if_statement": self._if,
            "case_statement": self._case,
            "for_statement": self._for,
            "c_style_for_statement": self._arithmetic_for,
            "while_statement": self._loop,
            "subshell": self._detached,
            "compound_statement": self._group,
            "redirected_statement": self._redirected,
            "heredoc_redirect": self._redirected,
        }
        self._loops = 0
        self._torn: list[int] | None = None

    def _negated(self, node: Node) -> None:
        self.script.block(node.children)

    def _detached(self, node: Node) -> None:
        self.script.apart(lambda: self.script.block(node.children))

    def _pipeline(self, node: Node) -> None:
        for child in node.children:
            if child.is_named and child.type != "comment":
                self.script.apart(partial(self.script.statement, child))

    def _group(self, node: Node) -> None:
        if self.script.source.text.startswith("((", node.start_byte):
            self.script.arithmetic(node.start_byte, node.end_byte)
        else:
            self.script.block(node.children)

    def _redirected(self, node: Node) -> None:
        """The statement itself; behind a here-document's start the grammar hides further ones."""
        for child in node.children:
            if child.type == "heredoc_redirect":
                self._redirected(child)
            elif child.type in SIMPLE or child.type in self.kinds:
                self.script.statement(child)

    def _list(self, node: Node) -> None:
        """``a && b || c``."""
        steps = list(_flat(node))
        if len(steps) == 2 and self._decided(node, *steps):
            return
        self._merged_list(steps)

    def _decided(self, node: Node, first: tuple[str, Node], second: tuple[str, Node]) -> bool:
        """A test and what it decides, where its outcome is known, or one arm is tried alone."""
        (_, test), (operator, step) = first, second
        if not self._is_torn(node) and (holds := self._outcome([test])) is not None:
            self.script.statement(test)
            if holds == (operator == "&&"):
                self.script.statement(step)
            return True
        arm = self._arm(2) if self._is_test(test) else None
        if arm == 0:
            self.script.statement(step)
        return arm is not None

    def _merged_list(self, steps: Sequence[tuple[str, Node]]) -> None:
        """Each step may or may not be run, as far as those before it may fail."""
        self.script.statement(steps[0][1])
        opened: list[Layer] = []
        conditional = 0
        for (_, before), (operator, step) in pairwise(steps):
            if operator == "||":
                conditional = self._close(opened, conditional)
            if len(opened) >= _LONGEST_LIST:
                self.script.state.hide("it may change in a very long list")
            elif operator == "||" or not self._succeeds(before):
                opened.append(Layer())
                self.script.state.layers.append(opened[-1])
                tested = operator == "||" or self._is_test(before)
                conditional += tested
                self.script.conditional += tested
            if self.script.lead(step):
                conditional = self._close(opened, conditional)
            self.script.statement(step)
            if operator == "||":
                conditional = self._close(opened, conditional)
        self._close(opened, conditional)

    def _close(self, opened: list[Layer], conditional: int) -> int:
        while opened:
            layer = opened.pop()
            self.script.state.layers.pop()
            self.script.state.merge([layer], exhaustive=False)
        self.script.conditional -= conditional
        return 0

    def _succeeds(self, node: Node) -> bool:
        if node.type in ("variable_assignment", "variable_assignments", "declaration_command"):
            written = self.script.source.text_of(node)
            return "$(" not in written and "`" not in written
        return self._first_word(node) in _SUCCEEDS

    def _is_test(self, node: Node) -> bool:
        kinds = ("test_command", "negated_command", "compound_statement")
        return node.type in kinds or self._first_word(node) in _TESTS

    def _first_word(self, node: Node) -> str:
        while node.type in ("redirected_statement", "negated_command") and node.children:
            node = node.children[0]
        if node.type not in SIMPLE:
            return ""
        return self.script.first_word(node)

    def _if(self, node: Node) -> None:
        condition, body = _split_at(node.children, "then")
        own = [child for child in body if child.type not in _CLAUSES]
        clauses: list[tuple[Sequence[Node], Sequence[Node]]] = [(condition, own)]
        for child in body:
            if child.type == "elif_clause":
                clauses.append(_split_at(child.children, "then"))
            elif child.type == "else_clause":
                clauses.append(((), child.children))
        if self._is_torn(node):
            self._merge(clauses)
        else:
            self._choose(clauses)

    def _is_torn(self, node: Node) -> bool:
        """Whether the grammar took a keyword in it for the name of a command, so that branches run together."""
        if self._torn is None:
            self._torn = sorted(_keywords_run(self.script.source.tree))
        at = bisect_left(self._torn, node.start_byte)
        return at < len(self._torn) and self._torn[at] < node.end_byte

    def _choose(self, clauses: Sequence[tuple[Sequence[Node], Sequence[Node]]]) -> None:
        """The first clause whose condition holds; what may come next, where that is not known."""
        for index, (condition, body) in enumerate(clauses):
            holds = not condition or self._outcome(condition)
            if holds is None:
                self._undecided(clauses[index:])
                return
            self.script.block(condition)
            if holds:
                self.script.block(body)
                return

    def _undecided(self, clauses: Sequence[tuple[Sequence[Node], Sequence[Node]]]) -> None:
        arms = [body for _, body in clauses] + ([()] if clauses[-1][0] else [])
        arm = self._arm(len(arms))
        if arm is None:
            self._merge(clauses)
        else:
            self.script.block(clauses[0][0])
            self.script.block(arms[arm])

    def _arm(self, arms: int) -> int | None:
        """Which arm is tried alone in this reading; None where all of them are merged."""
        findings = self.script.findings
        if self._loops:
            return None
        findings.arms = max(findings.arms, arms)
        return None if findings.arm is None else min(findings.arm, arms - 1)

    def _merge(self, clauses: Sequence[tuple[Sequence[Node], Sequence[Node]]]) -> None:
        self.script.block(clauses[0][0])
        branches = [self.script.branch(partial(self.script.block, clauses[0][1]))]
        branches += [
            self.script.branch(partial(self.script.block, [*condition, *body]))
            for condition, body in clauses[1:]
        ]
        self.script.state.merge(branches, exhaustive=not clauses[-1][0])

    @property
    def _is_merged(self) -> bool:
        """No branch is chosen here. In a loop a test may come to another result in the next round."""
        return self._loops > 0 or not self.script.findings.decides

    def _outcome(self, condition: Sequence[Node]) -> bool | None:
        """What the test of a branch comes to, where that is known."""
        tests = [child for child in condition if child.is_named and child.type != "comment"]
        if self._is_merged or len(tests) != 1 or tests[0].type not in SIMPLE:
            return None
        words = self.script.line_at(tests[0].start_byte).words
        if words and words[0].plain == "[[":
            return outcome([known_text(self.script.expander.joined(word.parts)) for word in words])
        return outcome([field.text for field in self.script.expander.all_fields(words)])

    def _case(self, node: Node) -> None:
        items = [item for item in node.children if item.type == "case_item"]
        chosen = self._chosen_item(node, items)
        if chosen is not None:
            self.script.block(_split_at(chosen.children, ")")[1])
            return
        arm = None if self._is_torn(node) or not items else self._arm(len(items))
        if arm is not None:
            self.script.block(_split_at(items[arm].children, ")")[1])
            return
        branches: list[Layer] = []
        exhaustive = False
        for item in items:
            patterns, body = _split_at(item.children, ")")
            exhaustive = exhaustive or any(child.text == b"*" for child in patterns)
            branches.append(self.script.branch(partial(self.script.block, body)))
        self.script.state.merge(branches, exhaustive=exhaustive)

    def _chosen_item(self, node: Node, items: Sequence[Node]) -> Node | None:
        """The item that is run, where the word is known and so are the patterns up to it."""
        start = next((child.end_byte for child in node.children if child.type == "case"), None)
        end = next((child.start_byte for child in node.children if child.type == "in"), None)
        if self._is_merged or start is None or end is None or self._is_torn(node):
            return None
        words = read_line(self.script.source, start, end).words
        text = known_text(self.script.expander.joined(words[0].parts)) if len(words) == 1 else None
        for item in items if text is not None else ():
            patterns = [child for child in _split_at(item.children, ")")[0] if child.is_named]
            fits = [matches(text or "", self.script.source.text_of(pattern)) for pattern in patterns]
            if any(fits) or None in fits:
                return item if any(fits) and None not in fits else None
        return None

    def _for(self, node: Node) -> None:
        name = node.child_by_field_name("variable")
        body = node.child_by_field_name("body")
        if name is None or body is None:
            return
        values = self._loop_values(node, body)
        label = self.script.source.text_of(name)

        def turn() -> None:
            self.script.state.set(label, values)
            self.script.block(body.children)

        self._repeat(turn)

    def _loop_values(self, node: Node, body: Node) -> Value:
        start = next((child.end_byte for child in node.children if child.type == "in"), None)
        name = self.script.source.text[node.start_byte : start or 0].split()[1:2]
        why = f"`{''.join(name)}` differs between the rounds of a loop"
        if start is None:
            return unknown(why)
        fields = self.script.expander.all_fields(read_line(self.script.source, start, body.start_byte).words)
        if not fields or any(field.spreads for field in fields):
            return unknown(why)
        return join([scalar(field.pieces) for field in fields], why)

    def _arithmetic_for(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        if body is None:
            return

        def turn() -> None:
            self.script.arithmetic(node.start_byte, body.start_byte)
            self.script.block(body.children)

        self._repeat(turn)

    def _loop(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        conditions = [child for child in node.children if child != body]

        def turn() -> None:
            self.script.conditional -= 1  # the condition is tried at least once
            self.script.block(conditions)
            self.script.conditional += 1
            if body is not None:
                self.script.block(body.children)

        self._repeat(turn)

    def _repeat(self, turn: Callable[[], None]) -> None:
        """A loop's body: first to learn what it changes, then with that unknown."""
        if self._loops >= _DEEPEST_LOOP:
            self.script.state.hide("it may change in one of many loops")
            self.script.branch(turn)
            self.script.state.hide("it may change in one of many loops")
            return
        self._loops += 1
        self.script.findings.silent += 1
        with self.script.state.recording() as touched:
            self.script.branch(turn)
        self.script.findings.silent -= 1

        def settled() -> None:
            self.script.state.forget(touched)
            turn()

        self.script.branch(settled)
        self.script.state.forget(touched)
        self._loops -= 1


def _keywords_run(tree: Node | None) -> Iterator[int]:
    waiting = [] if tree is None else [tree]
    while waiting:
        node = waiting.pop()
        if node.type == "command_name" and node.text in _KEYWORDS:
            yield node.start_byte
        waiting += node.children


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
