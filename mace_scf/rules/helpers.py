"""What rules of several families share: the model of a run, edits of its file, times in words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..catalog.model import Model
from ..config import Setting, Stage
from ..diagnostics import Edit, Fix, Span
from ..source import Mapping
from .rule import Context


def known_model(context: Context) -> Model | None:
    """The run's model, if it was seen or its default applies."""
    setting = context.run.option("model")
    return context.trainer.model_by_name.get(str(setting.value)) if setting.known else None


def stage_begins(stage: Stage) -> str:
    """``stage 1 "unroll" starts, at epoch 100``; the epoch where it is known."""
    epoch = f", at epoch {stage.start.value}" if stage.start.known else ""
    return f"{stage.title} starts{epoch}"


def rewrite(
    context: Context, span: Span | None, text: str, description: str = "", *, safe: bool = True
) -> Fix | None:
    """Other characters at a place of the config file; None for a place elsewhere."""
    if span is None or span.file != context.document.file or _in_literal(context, span):
        return None
    return Fix(description or f"write `{text}`", (Edit(span, text),), safe)


def set_in_stage(
    context: Context, stage: Stage, setting: Setting[Any], text: str, *, safe: bool = True
) -> Fix | None:
    """Another value of a stage's key; where the value is merged from elsewhere, a key of the stage's own."""
    if setting.span is not None and stage.span.covers(setting.span):
        return rewrite(context, setting.span, text, safe=safe)
    return insertion(context, stage.key.key_span, stage.node, f"{setting.name}: {text}", safe=safe)


def insertion(
    context: Context, key: Span | None, block: Mapping, line: str, *, safe: bool = True
) -> Fix | None:
    """A new first entry of a mapping; None where the mapping does not stand behind its key (an alias)."""
    start = block.span
    if key is None or start.file != context.document.file or start.start < key.end or key.file != start.file:
        return None
    if _in_literal(context, start):
        return None
    at = Span(start.file, start.line, start.column, start.line, start.column)
    if _line(context, start.line)[start.column : start.column + 1] == "{":
        inside = Span(at.file, at.line, at.column + 1, at.line, at.column + 1)
        return Fix(f"add `{line}`", (Edit(inside, f"{line}, " if len(block) else line),), safe)
    return Fix(f"add `{line}`", (Edit(at, f"{line}\n{' ' * start.column}"),), safe)


def removal(
    context: Context, key: Span | None, value: Span | None, description: str, *, safe: bool = True
) -> Fix | None:
    """Without the entry of these places; None where its lines hold something else."""
    if key is None or value is None or key.file != context.document.file or value.start < key.end:
        return None
    if _in_literal(context, key):
        return None
    before, after = _line(context, key.line)[: key.column], _line(context, value.end_line)[value.end_column :]
    if not before.strip() and re.fullmatch(r"\s*(#.*)?", after):
        whole = Span(key.file, key.line, 0, value.end_line + 1, 0)
        return Fix(description, (Edit(whole, ""),), safe)
    if key.line != value.end_line:
        return None
    first, last = key.column, value.end_column
    following, leading = re.match(r"\s*,\s*", after), re.search(r",\s*$", before)
    if following:
        last += following.end()
    elif leading:
        first = leading.start()
    return Fix(description, (Edit(Span(key.file, key.line, first, key.line, last), ""),), safe)


def _in_literal(context: Context, span: Span) -> bool:
    """Inside a quoted Python literal every place is the place of the whole text: nothing to edit there."""
    text = _line(context, span.line)[span.column :]
    return text[:1] in ("|", ">") or (text[:1] in ("'", '"') and text[1:].lstrip()[:1] in ("{", "[", "(", ""))


def _line(context: Context, number: int) -> str:
    lines = _lines(context.document.text)
    return lines[number].rstrip("\r") if number < len(lines) else ""


@lru_cache(maxsize=2)
def _lines(text: str) -> list[str]:
    return text.split("\n")
