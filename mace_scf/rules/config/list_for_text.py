"""C125: a YAML list where the trainer reads a quoted text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...catalog.option import Kind
from ...diagnostics import Diagnostic, Fix, Severity, Span
from ...source import trainer_object
from ..helpers import rewrite
from ..rule import Context, StructuralRule


@final
class ListForText(StructuralRule):
    """A YAML list where the trainer reads a quoted text.

    What it checks: options such as `radial_MLP`, `field_feature_widths` and `train_file` are no YAML lists.

    Why it matters: the argument parser takes a list only for `wandb_log_hypers` and stops at start-up for
    every other option.

    How to fix: quote the list, so that it is a Python literal: `radial_MLP: "[64, 64, 64]"`. Files cannot be
    several: put their frames into one.
    """

    code, slug, severity = "C125", "list-for-text", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """The schema's findings, with the quoted text where a literal is wanted."""
        for finding in super().check(context):
            yield _better(finding, context)


def _better(finding: Diagnostic, context: Context) -> Diagnostic:
    for setting in context.run.options.values():
        if setting.node is None or setting.node.span != finding.span:
            continue
        if context.trainer.option_by_name[setting.name].kind is not Kind.LITERAL:
            return attrs.evolve(finding, help="give a single text")
        text = f'"{trainer_object(setting.node)}"'
        fix = _quoted(context, finding.span, text)
        return attrs.evolve(finding, help=f"quote it: `{setting.name}: {text}`", fix=fix)
    return finding


def _quoted(context: Context, span: Span | None, text: str) -> Fix | None:
    """Only for a list in brackets on one line: the block form would need other edits."""
    if span is None or span.line != span.end_line:
        return None
    line = context.document.text.split("\n")[span.line]
    return rewrite(context, span, text) if line[span.column : span.column + 1] == "[" else None
