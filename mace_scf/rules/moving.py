"""Keys that stand in another block than the one that takes them: taken there."""

from __future__ import annotations

from typing import Any

from ..config import Setting, Stage
from ..config.homes import ARRAYS_KEYS, FIXED_POINT, INFO_KEYS, LOSS, RUN, SCF, STAGE, homes
from ..diagnostics import Diagnostic, Fix
from ..source import Entry, Mapping
from ..source.entries import nested, written_value
from ..source.page import owner
from .helpers import move, new_option, removal, together
from .rule import Context


def taken_home(context: Context, finding: Diagnostic) -> Fix | None:
    """The fix of an unknown key whose help says where it belongs; None where that block is not the only one."""
    found = None if finding.span is None else owner(context.document, finding.span)
    if found is None:
        return None
    name = found[1].name
    phrases = (home.phrase for home in homes(context.trainer))
    phrase = next((phrase for phrase in phrases if finding.help == f"`{name}` belongs under {phrase}"), "")
    if phrase == RUN:
        return _to_the_top(context, found[1])
    stage = _stage(context, finding)
    target = _home(context, stage, phrase)
    if target is None:
        return _under_scf(context, stage, found[0]) if phrase == SCF else None
    certain = stage is None or not _is_of_top(context, finding)
    return move(context, found[1].key.span, target, f"move `{name}` to {phrase}", safe=certain)


def _under_scf(context: Context, stage: Stage | None, mapping: Mapping) -> Fix | None:
    """Settings of the iterations beside `mode`, where there is no `scf` yet."""
    entry = None if stage is None else stage.node.get("fixed_point_training_options")
    if entry is None or entry.value is not mapping or mapping.get("scf") is not None:
        return None
    names = {option.name for option in context.trainer.blocks.scf}
    edits = nested(context.document, mapping, names, "scf")
    return None if edits is None else Fix("put the settings of the iterations under `scf`", edits)


def _to_the_top(context: Context, entry: Entry) -> Fix | None:
    """What is an option of the whole run may have been meant for one stage only."""
    key, value = entry.key.span, written_value(context.document, entry.key.span)
    added = None if value is None else new_option(context, {entry.name: value})
    taken = removal(context, key, entry.value.span, "")
    return together(f"move `{entry.name}` to {RUN}", taken, added)


def _is_of_top(context: Context, finding: Diagnostic) -> bool:
    root = context.document.mapping
    return root is not None and any(entry.key.span == finding.span for entry in root)


def _stage(context: Context, finding: Diagnostic) -> Stage | None:
    """The stage that holds the key; for a key of the top level the only one."""
    stages, span = context.run.stages, finding.span
    inside = [stage for stage in stages if span is not None and stage.span.covers(span)]
    only = stages if len(stages) == 1 and _is_of_top(context, finding) else ()
    return next(iter(inside or only), None)


def _home(context: Context, stage: Stage | None, phrase: str) -> Setting[Any] | None:
    head = context.run.head
    if phrase in (INFO_KEYS, ARRAYS_KEYS) and head is not None:
        return head.info_entry if phrase == INFO_KEYS else head.arrays_entry
    if stage is None:
        return None
    block = stage.fixed_point
    if phrase == FIXED_POINT and block is not None and not block.deprecated:
        entry = stage.node.get("fixed_point_training_options")
        return None if entry is None else Setting(entry.name, node=entry.value, key_span=entry.key.span)
    if phrase == SCF and block is not None:
        return block.scf_entry if isinstance(block.scf_entry.node, Mapping) else None
    whole = Setting[Any]("stage", node=stage.node, key_span=stage.key.key_span)
    return {STAGE: whole, LOSS: stage.loss_entry}.get(phrase)
