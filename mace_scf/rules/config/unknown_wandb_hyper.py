"""C143: a name to be copied to Weights & Biases that is no option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.option import State
from ...catalog.suggest import suggest
from ...catalog.synonyms import RUN, STAGE, folded
from ...diagnostics import Diagnostic, Severity, Span
from ...source import Node, Scalar, Sequence
from ..helpers import rewrite
from ..rule import Context, Rule
from ._yaml11 import exact


@final
class UnknownWandbHyper(Rule):
    """A name to be copied to Weights & Biases that is no option.

    What it checks: with `wandb` on, every entry of `wandb_log_hypers` is the name of an option, with
    underscores; and the entries are a list, not one text with blanks.

    Why it matters: the trainer looks each name up among its options and stops at the first that is none,
    once the data are loaded.

    How to fix: take the names from the options reference, one list entry each.
    """

    code, slug, severity = "C143", "unknown-wandb-hyper", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Each name at its own place."""
        setting = context.run.option("wandb_log_hypers")
        if not (setting.given and setting.known and context.run.option("wandb").is_known(True)):
            return
        options = (option for option in context.trainer.options if option.state is not State.REMOVED)
        known = tuple(option.destination for option in options)
        for name, node in zip(setting.value or (), _items(setting.node), strict=False):
            if name not in known:
                yield self._finding(name, node, known, context)

    def _finding(self, name: str, node: Node, known: tuple[str, ...], context: Context) -> Diagnostic:
        parts = name.split()
        listed = f"[{', '.join(parts)}]"
        several = len(parts) > 1 and all(part in known for part in parts)
        meant = STAGE.get(folded(name)) or RUN.get(folded(name))
        near = () if several else (meant,) if meant in known else suggest(name, known)
        return self.finding(
            f"`{name}` is no option that `wandb_log_hypers` could copy",
            span=node.span,
            labels=context.run.option("wandb").label(),
            notes=("a text with blanks is one name, not several",) if several else (),
            when="the trainer stops when it logs on to Weights & Biases",
            help=f"write a list: `{listed}`" if several else _help(near),
            suggestions=near,
            fix=rewrite(context, node.span, listed) if several and _plain(node, node.span) else None,
        )


def _items(node: Node | None) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    return () if node is None else (node,)


def _help(near: tuple[str, ...]) -> str:
    return f"did you mean `{near[0]}`?" if near else "remove it"


def _plain(node: Node, span: Span) -> bool:
    return isinstance(node, Scalar) and (exact(node, span) or node.style in ("'", '"'))
