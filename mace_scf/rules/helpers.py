"""What rules of several families share: the model of a run, edits of its file, times in words."""

from __future__ import annotations

from typing import Any

from ..catalog.model import Model
from ..config import Setting, Stage
from ..diagnostics import Edit, Fix, Span
from ..source import Mapping, Scalar
from ..source.entries import Content, behind, in_block, in_flow, moved, within, without
from ..source.page import owner, page_of
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
    """Other characters at a place of the config or its launcher; None for a place elsewhere."""
    if span is None or span.file != context.document.file or not is_replaceable(context, span):
        return None
    return Fix(description or f"write `{text}`", (Edit(span, text),), safe)


def replacement(
    context: Context, setting: Setting[Any], text: str, description: str = "", *, safe: bool = True
) -> Fix | None:
    """Another value of an option, in the file or on the command line; None where a variable gives it."""
    span = setting.span
    if span is not None and span.file in context.scripts:
        return in_script(context, setting, text, description, safe=safe)
    return rewrite(context, span, text, description, safe=safe)


def in_script(
    context: Context, setting: Setting[Any], text: str, description: str = "", *, safe: bool = True
) -> Fix | None:
    """Another word of the launcher, where the script holds just the word and no variable."""
    node, span = setting.node, setting.span
    if span is None or not isinstance(node, Scalar) or context.scripts[span.file].at(span) != node.text:
        return None
    from shlex import quote

    return Fix(description or f"write `{text}`", (Edit(span, quote(text)),), safe)


def set_in_stage(
    context: Context, stage: Stage, setting: Setting[Any], text: str, *, safe: bool = True
) -> Fix | None:
    """Another value of a stage's key; where the value is merged from elsewhere, a key of the stage's own."""
    if setting.span is None or not stage.span.covers(setting.span):
        return insertion(context, stage.key.key_span, stage.node, f"{setting.name}: {text}", safe=safe)
    if page_of(context.document).is_shared(setting.span):
        return None
    return rewrite(context, setting.span, text, safe=safe)


def insertion(
    context: Context, key: Span | None, block: Mapping, line: str, *, safe: bool = True
) -> Fix | None:
    """A new first entry of a mapping; None where the mapping does not stand behind its key (an alias)."""
    if key is None:
        return None
    name, _, value = line.partition(": ")
    return addition(context, key, block, {name: value}, safe=safe, at_end=False)


def addition(
    context: Context, key: Span | None, block: Mapping, content: Content, *,
    description: str = "", safe: bool = True, at_end: bool = True,
) -> Fix | None:  # fmt: skip
    """New entries of a mapping."""
    edit = within(context.document, key, block, content, at_end=at_end)
    shown = description or "add " + " and ".join(f"`{in_flow({name: content[name]})}`" for name in content)
    return None if edit is None else Fix(shown, (edit,), safe)


def new_option(
    context: Context, content: Content, description: str = "", *, safe: bool = False
) -> Fix | None:
    """New lines of the top level, behind the last simple option that stands there."""
    root = context.document.mapping
    if root is None or any(root.get(name) for name in content):
        return None
    page = page_of(context.document)
    simple = [
        entry for entry in root if isinstance(entry.value, Scalar) and entry.value.style not in ("|", ">")
    ]
    last = max(
        (entry for entry in simple if not entry.merged), key=lambda entry: entry.key.span.start, default=None
    )
    end = page.end_of(last) if last is not None and not page.is_flow(root) else None
    edit = None if end is None else behind(page, end, in_block(content, root.span.column))
    if edit is None or page.is_odd:
        return addition(context, None, root, content, description=description, safe=safe, at_end=False)
    return Fix(description or "add " + " and ".join(f"`{name}`" for name in content), (edit,), safe)


def removal(
    context: Context, key: Span | None, value: Span | None, description: str, *, safe: bool = True
) -> Fix | None:
    """Without the entry of this key; None where its mapping would be empty, or means something elsewhere too."""
    found = None if key is None or value is None else owner(context.document, key)
    edit = None if found is None else without(context.document, *found)
    return None if edit is None else Fix(description, (edit,), safe)


def move(
    context: Context, key: Span | None, target: Setting[Any], description: str, *, safe: bool = True
) -> Fix | None:
    """An entry taken out here and written into the mapping of another key."""
    if key is None or not isinstance(target.node, Mapping):
        return None
    edits = moved(context.document, key, target.node, target.key_span)
    return None if edits is None else Fix(description, edits, safe)


def is_replaceable(context: Context, span: Span) -> bool:
    """Plain characters: no anchor or tag, no place inside a quoted Python literal, no unusual line ends."""
    page = page_of(context.document)
    at = page.offset(span.start)
    text = page.text[at : at + 200]
    literal = text[:1] in ("'", '"') and text[1:].lstrip()[:1] in ("{", "[", "(", "")
    return not literal and text[:1] not in ("|", ">", "&", "!", "*") and not page.is_odd
