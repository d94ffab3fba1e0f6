"""What rules of several families share: the model of a run, edits of its file, times in words."""

from __future__ import annotations

import re
from typing import Any

from ..catalog.model import Model
from ..catalog.option import Condition, Kind, Option, is_number
from ..config import Setting, Stage
from ..config.values import within_limits
from ..diagnostics import Edit, Fix, Span
from ..source import Mapping, Scalar
from ..source.entries import Content, behind, in_block, in_flow, moved, within, without
from ..source.page import owner, page_of
from ..source.yaml11 import yaml11_value, yaml12_value
from .rule import Context

_HUGE = 1e15  # beyond this nobody has a value in mind
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./+ -]*[A-Za-z0-9_./+-])?")


def known_model(context: Context) -> Model | None:
    """The run's model, if it was seen or its default applies."""
    setting = context.run.option("model")
    return context.trainer.model_by_name.get(str(setting.value)) if setting.known else None


def blocking(context: Context) -> set[Condition]:
    """What terms of the run need and known options stand against: each of them an error (L202)."""
    return {
        condition
        for stage in context.stages
        for term in stage.terms
        for need in term.failing("prediction")
        for condition in need.blocking
    }


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
    context: Context, setting: Setting[Any], value: Any, description: str = "", *, safe: bool = True
) -> Fix | None:
    """Another value of an option, in the file or on the command line; None where a variable gives it."""
    span, node = setting.span, setting.node
    description = description or f"write `{value if isinstance(value, str) else yaml_text(value)}`"
    if span is not None and span.file in context.scripts:
        return in_script(context, setting, str(value), description, safe=safe)
    if span is None or span.file != context.document.file or not isinstance(node, Scalar):
        return None
    whole = "." not in setting.name and node.style in (
        "'",
        '"',
    )  # no place inside a quoted literal, but all of it
    possible = not page_of(context.document).is_odd if whole else is_replaceable(context, span)
    return Fix(description, (Edit(span, yaml_text(value)),), safe) if possible else None


def in_script(
    context: Context, setting: Setting[Any], text: str, description: str, *, safe: bool = True
) -> Fix | None:
    """Another word of the launcher, where the script holds just the word and no variable."""
    node, span = setting.node, setting.span
    if span is None or not isinstance(node, Scalar) or context.scripts[span.file].at(span) != node.text:
        return None
    from shlex import quote

    alone = not context.scripts[span.file].shared
    return Fix(description, (Edit(span, quote(text)),), safe and alone)


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
    return None if edit is None else Fix(description or _added(content), (edit,), safe)


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
    return Fix(description or _added(content), (edit,), safe)


def _added(content: Content) -> str:
    return "add " + " and ".join(f"`{in_flow({name: value})}`" for name, value in content.items())


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


def filled(
    context: Context, empty: Setting[Any], content: Content | str, description: str, *, safe: bool = False
) -> Fix | None:
    """Entries behind a key that has no value."""
    key, page = empty.key_span, page_of(context.document)
    if key is None or key.file != context.document.file or page.is_odd:
        return None
    node = empty.node
    if not isinstance(node, Scalar) or node.text or node.style or page.is_shared(key):
        return None
    at = page.offset(key.end)
    if page.text[at : at + 1] != ":":
        return None
    text = content if isinstance(content, str) else f"{{{in_flow(content)}}}"
    return Fix(description, (page.edit(at + 1, at + 1, f" {text}"),), safe)


def whole_value(context: Context, key: Span | None, text: str) -> Edit | None:
    """One word in place of a whole mapping that stands on one line."""
    found, page = None if key is None else owner(context.document, key), page_of(context.document)
    end = page.end_of(found[1]) if found is not None else None
    if found is None or end is None or page.is_odd or page.is_shared(found[1].key.span):
        return None
    start = page.offset(found[1].value.span.start)
    plain = page.text[start:end]
    if "\n" in plain or plain[:1] in "&!*" or page.holds_anchor(start - 1, end):
        return None
    return page.edit(start, end, text)


def drop(context: Context, setting: Setting[Any], description: str = "", *, safe: bool = False) -> Fix | None:
    """Without an option, in the file or on the command line."""
    description = description or f"remove `{setting.name}`"
    key = setting.key_span
    if key is None or key.file not in context.scripts:
        return removal(context, key, setting.span, description, safe=safe)
    edit = context.scripts[key.file].without_option(key, setting.span or key)
    alone = not context.scripts[key.file].shared
    return None if edit is None else Fix(description, (edit,), safe and alone)


def together(description: str, *fixes: Fix | None, safe: bool = False) -> Fix | None:
    """Several fixes as one; None where one of them cannot be made."""
    edits = tuple(edit for fix in fixes if fix is not None for edit in fix.edits)
    return Fix(description, edits, safe) if fixes and None not in fixes else None


def yaml_text(value: Any) -> str:
    """A default as it is written in a config: texts that YAML would take for something else in quotes.

    >>> yaml_text(True), yaml_text(0.3), yaml_text("[64]"), yaml_text("None"), yaml_text("adam")
    ('true', '0.3', '"[64]"', '"None"', 'adam')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        text = str(value)
        return text.replace("e", ".0e") if "e" in text and "." not in text else text
    plain = _PLAIN.fullmatch(value) and yaml11_value(value) == value == yaml12_value(value)
    return value if plain and value != "None" else f'"{value}"'


def nearest(option: Option, value: Any) -> float | None:
    """A value within the limits of an option that may have been meant; None if nothing comes to mind.

    A sign too many, per cent where a fraction is wanted, zero where counting starts from one; else the default.
    """
    number = is_number(value) and abs(value) < _HUGE
    likely = (-value, value / 100 if value >= 2 else -1, 1 if value == 0 else -1) if number else ()
    whole = option.kind is Kind.INTEGER
    for meant in (*likely, option.default):
        fits = is_number(meant) and within_limits(option, meant)
        if fits and not (whole and meant != int(meant)):
            return int(meant) if whole else meant
    return None
