"""C122: a word that YAML 1.1 reads as true or false where a text is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Kind, Option
from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ...source import Scalar
from ..helpers import rewrite
from ..rule import Context, Rule
from ._yaml11 import exact


@final
class YamlWordIsBoolean(Rule):
    """A word that YAML 1.1 reads as true or false where a text is wanted.

    What it checks: `on`, `off`, `yes`, `no`, `true` and `false` stand in quotes where an option or a file
    key of the head takes a text.

    Why it matters: the trainer gets `True` or `False` instead of the word. `wandb-watch: off` stops it at
    start-up, a run named `on` is called `True`, and a file key that is no text is found in no frame: the
    label counts as absent everywhere.

    How to fix: quote the word.
    """

    code, slug, severity = "C122", "yaml-word-is-boolean", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Text options, then the file keys of the heads; stage names have a rule of their own."""
        for setting in context.run.options.values():
            option = context.trainer.option_by_name[setting.name]
            if option.kind in (Kind.STRING, Kind.PATH, Kind.IRREPS):
                yield from self._in_option(option, setting, context)
        for head in context.run.heads:
            for setting in (*head.info_keys.values(), *head.arrays_keys.values()):
                yield from self._finding(
                    setting, "no frame has such a key, so the label counts as absent", context
                )

    def _in_option(self, option: Option, setting: Setting[Any], context: Context) -> Iterator[Diagnostic]:
        if option.choices:
            yield from self._finding(setting, "the trainer stops at start-up", context)
        else:
            when = f"the trainer silently uses `{setting.raw}`"
            yield from self._finding(setting, when, context, Severity.WARNING)

    def _finding(
        self, setting: Setting[Any], when: str, context: Context, severity: Severity = Severity.ERROR
    ) -> Iterator[Diagnostic]:
        node = setting.node
        if not isinstance(node, Scalar) or not isinstance(node.trainer_value, bool):
            return
        yield self.finding(
            f"`{setting.name}: {node.text}` is the boolean {node.trainer_value} for the trainer, not a text",
            span=node.span,
            severity=severity,
            when=when,
            help=f'quote it: `{setting.name}: "{node.text}"`',
            fix=rewrite(context, node.span, f'"{node.text}"') if exact(node, node.span) else None,
        )
