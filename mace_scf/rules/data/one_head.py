"""D102: not exactly one head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Head
from ...diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from ...source import Mapping
from ..rule import Context, Rule
from ._heads import CONTAINERS

_SHOWN = 4  # heads that are pointed at


@final
class OneHead(Rule):
    """Not exactly one head.

    What it checks: `heads` holds one named head, and under it the two maps.

    Why it matters: the trainer knows one head only and stops at start-up with an AssertionError, also where
    plain MACE would take several. Without the head's name, the maps themselves are taken for two heads.

    How to fix: keep one head, `heads: {Default: {info_keys: …, arrays_keys: …}}`; its name does not matter.
    Train data sets of several levels of theory as several runs.
    """

    code, slug, severity = "D102", "one-head", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding at `heads` if there is no head, several, or only its maps."""
        setting, heads = context.run.option("heads"), context.run.heads
        if not isinstance(setting.node, Mapping) or len(heads) == 1:
            return
        if not heads:
            yield self.finding(
                "`heads` holds no head", span=setting.place, when="the trainer stops at start-up",
                help="add one: `Default`, with `info_keys` and `arrays_keys`",
            )  # fmt: skip
        elif all(head.name.value in CONTAINERS for head in heads):
            yield self._nameless(context, setting.node)
        else:
            yield self._several(heads)

    def _nameless(self, context: Context, node: Mapping) -> Diagnostic:
        return self.finding(
            "`heads` lacks the name of the head", span=node.span,
            notes=("the maps themselves are taken for heads",), when="the trainer stops at start-up",
            help="put both maps under a name, such as `Default`", fix=_indented(context, node),
        )  # fmt: skip

    def _several(self, heads: tuple[Head, ...]) -> Diagnostic:
        others = [head.name.span for head in heads[1:_SHOWN]]
        return self.finding(
            f"`heads` holds {len(heads)} heads, and the trainer knows one", span=heads[0].name.span,
            labels=tuple(Label(span, "another head") for span in others if span is not None),
            when="the trainer stops at start-up", help="keep one head; train the others in runs of their own",
        )  # fmt: skip


def _indented(context: Context, node: Mapping) -> Fix | None:
    """The block under a name: its lines move to the right."""
    span, lines = node.span, context.document.text.split("\n")
    first = lines[span.line] if span.file == context.document.file and span.line < len(lines) else "{"
    if first[: span.column].strip() or first[span.column :].startswith("{"):
        return None
    margin = " " * span.column
    edits = [Edit(Span(span.file, span.line, span.column, span.line, span.column), f"Default:\n{margin}  ")]
    last = span.end_line if span.end_column else span.end_line - 1
    below = (line for line in range(span.line + 1, last + 1) if lines[line].strip())
    edits += [Edit(Span(span.file, line, 0, line, 0), "  ") for line in below]
    return Fix("put the maps under the name `Default`", tuple(edits))
