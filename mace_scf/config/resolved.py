"""The run as the trainer would see it: every option, and every key of a mapping, with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..catalog.option import Kind, Option, State
from ..catalog.trainer import Trainer
from ..diagnostics import ResolvedSetting, Span
from ..source import Mapping as MappingNode
from ..source import Node
from .run import FixedPointOptions, RunConfig, ScfOptions, Stage
from .setting import Setting, Source
from .values import typed_default

Defaults = Mapping[Span, tuple[Setting[Any], ...]]


def resolved(run: RunConfig, trainer: Trainer) -> tuple[ResolvedSetting, ...]:
    """Every option in the catalog's order; mappings are taken apart as far as they were written.

    Options that the trainer has no more, or refuses, are there only where somebody wrote them.
    """
    defaults, declared = dict(_defaults(run)), trainer.option_by_name
    return tuple(
        _resolved(setting, declared[name], defaults)
        for name, setting in run.options.items()
        if setting.given or declared[name].state not in (State.REMOVED, State.REJECTED)
    )


def _resolved(setting: Setting[Any], option: Option, defaults: Defaults) -> ResolvedSetting:
    name, source, place = setting.name, setting.source.value, setting.place
    value, spelling = setting.value, _spelling(setting, option) if setting.known else None
    parts: tuple[ResolvedSetting, ...] = ()
    if setting.known and isinstance(setting.value, dict):
        parts = tuple(_parts(setting.value, setting.node, (source, _shown(place)), defaults))
    return ResolvedSetting(name, value, source, _shown(place), setting.known, parts, spelling)


def _spelling(setting: Setting[Any], option: Option) -> Any:
    """What a file has to hold for the trainer to come to the value again; None where that is the value."""
    value = typed_default(option) if setting.source is Source.DEFAULT else setting.value
    if option.kind is Kind.LITERAL and isinstance(value, list | tuple):
        return repr(list(value))  # a list is taken only as a text that holds one
    if option.kind is Kind.FLAG_OFF:
        return not value  # `true` is the switch, and the switch makes it false
    if value is None and option.kind in _NONE_IS_A_WORD and (setting.given or option.default is not None):
        return "None"  # without the word, the default would count
    return value if option.kind is Kind.LITERAL else None


_NONE_IS_A_WORD = (Kind.NUMBER_OR_NONE_WORD, Kind.LITERAL)


def _parts(
    value: Mapping[Any, Any], node: Node | None, around: tuple[str, str], defaults: Defaults
) -> Iterator[ResolvedSetting]:
    """Keys of a mapping; those without a place of their own have that of the mapping."""
    written = {entry.name: entry for entry in node} if isinstance(node, MappingNode) else {}
    source, place = around
    for key, item in value.items():
        entry = written.get(str(key))
        here = _shown(entry.key.span) if entry is not None else place
        inner = entry.value if entry is not None else None
        parts = tuple(_parts(item, inner, (source, here), defaults)) if isinstance(item, dict) else ()
        yield ResolvedSetting(key, item, source, here, True, parts)
    for setting in defaults.get(node.span, ()) if isinstance(node, MappingNode) else ():
        if setting.name not in written:
            yield ResolvedSetting(setting.name, setting.value, setting.source.value, "", True)


def _shown(span: Span | None) -> str:
    return span.shown if span is not None else ""


def _defaults(run: RunConfig) -> Iterator[tuple[Span, tuple[Setting[Any], ...]]]:
    """What applies in a stage and its blocks without being written, by the place of the mapping."""
    for stage in run.stages:
        yield stage.node.span, _unwritten(stage)
        for block in stage.blocks:
            yield block.span, _unwritten(block)
            if block.scf is not None and not block.deprecated:
                yield block.scf.span, _unwritten(block.scf)


def _unwritten(holder: Stage | FixedPointOptions | ScfOptions) -> tuple[Setting[Any], ...]:
    settings = (getattr(holder, field.name) for field in attrs.fields(type(holder)))
    return tuple(
        setting
        for setting in settings
        if isinstance(setting, Setting) and setting.known and setting.source is Source.DEFAULT
    )
