"""C121: a number that YAML 1.1 reads in another base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.option import Kind
from ...diagnostics import Diagnostic, Severity
from ...source import Entry, Scalar
from ..helpers import rewrite
from ..rule import Context, Rule
from ._nested import scalars
from ._yaml11 import exact, is_octal, is_sexagesimal

_TEXTS = (Kind.STRING, Kind.PATH, Kind.IRREPS)


@final
class YamlOctalNumber(Rule):
    """A number that YAML 1.1 reads in another base.

    What it checks: no whole number starts with a zero, which means base eight (`010` is 8), and none holds
    colons, which mean base sixty (`1:30` is 90). A text option that looks like a number keeps its
    characters only in quotes: `name: 1_000` names the run `1000`.

    Why it matters: the trainer computes with the other number, and nothing says so. An editor that follows
    YAML 1.2 shows the number that was meant.

    How to fix: leave the leading zeros out, and quote texts that look like numbers.
    """

    code, slug, severity = "C121", "yaml-octal-number", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Every scalar of the file; words of the command line are not read as YAML."""
        for entry in context.effective.root:
            option = context.trainer.option_by_name.get(entry.name)
            if option is not None and option.kind in _TEXTS:
                yield from self._as_text(entry, context)
            else:
                for name, node in scalars(entry.value, entry.name):
                    yield from self._as_number(name, node, context)

    def _as_number(self, name: str, node: Scalar, context: Context) -> Iterator[Diagnostic]:
        if not (is_octal(node) or is_sexagesimal(node)) or node.trainer_value == node.editor_value:
            return
        octal = is_octal(node)
        meant = node.text.replace("_", "").lstrip("+-0") or "0"
        sign = "-" if node.text.startswith("-") else ""
        yield self.finding(
            f"`{name}: {node.text}` is {node.trainer_value} for the trainer",
            span=node.span,
            notes=(f"YAML 1.1 reads it in base {'eight' if octal else 'sixty'}",),
            when=f"the trainer silently uses {node.trainer_value}",
            help=f"write `{sign}{meant}`" if octal else "write a plain number",
            fix=rewrite(context, node.span, sign + meant) if octal and exact(node, node.span) else None,
        )

    def _as_text(self, entry: Entry, context: Context) -> Iterator[Diagnostic]:
        node = entry.value
        if not isinstance(node, Scalar) or isinstance(node.trainer_value, bool):
            return
        value = node.trainer_value
        if isinstance(value, int | float) and str(value) != node.text:
            yield self.finding(
                f"`{entry.name}: {node.text}` becomes the text `{value}`",
                span=node.span,
                severity=Severity.WARNING,
                notes=("YAML reads a number, and the trainer turns it back into a text",),
                when=f"the trainer silently uses `{value}`",
                help=f'quote it: `{entry.name}: "{node.text}"`',
                fix=rewrite(context, node.span, f'"{node.text}"') if exact(node, node.span) else None,
            )
