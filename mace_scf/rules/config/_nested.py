"""The values inside nested mappings, where the trainer converts nothing: what each takes, when it hurts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from ...catalog.option import Kind
from ...config import ScfOptions, Setting, Stage, TermEntry
from ...source import Mapping, Node, Scalar, Sequence
from ..helpers import stage_begins
from ..rule import Context

AT_START = "the trainer stops at start-up"
_CONVERTED = ("scf_tolerance", "mixing_parameter")  # the trainer puts these two through float() itself


@attrs.frozen
class Nested:
    """One value that was written inside a stage.

    Attributes:
        setting: the value with its place.
        kind: what the trainer wants; it gets what YAML makes of the text.
        when: what a value of another type does, and when.
        part: "stage", "scf" or "loss".
    """

    setting: Setting[Any]
    kind: Kind
    when: str
    part: str


def nested_values(context: Context) -> Iterator[Nested]:
    """Every number and truth value written in a stage, but for what the trainer converts itself."""
    for stage in context.run.stages:
        for value in (*_stage(stage), *_blocks(stage, context), *_loss(stage, context)):
            if value.setting.given:
                yield value


def _stage(stage: Stage) -> Iterator[Nested]:
    for setting in (stage.start, stage.end):
        yield Nested(setting, Kind.INTEGER, AT_START, "stage")
    for rate in (stage.lr, *stage.group_lrs.values()):
        yield Nested(
            rate,
            Kind.NUMBER,
            f"training stops at the first optimizer step after {stage_begins(stage)}",
            "stage",
        )


def _blocks(stage: Stage, context: Context) -> Iterator[Nested]:
    for block in stage.blocks:
        for option in context.trainer.blocks.scf:
            setting = _of(block.scf, option.name)
            if setting is not None and option.kind is not Kind.STRING and option.name not in _CONVERTED:
                yield Nested(setting, option.kind, AT_START, "scf")


def _of(scf: ScfOptions | None, name: str) -> Setting[Any] | None:
    setting = getattr(scf, name, None)
    return setting if isinstance(setting, Setting) else None


def _loss(stage: Stage, context: Context) -> Iterator[Nested]:
    for entry in stage.loss.values():
        late = f"training stops at the first batch after {stage_begins(stage)}"
        yield Nested(entry.weight, Kind.NUMBER, late if entry.is_mapping else AT_START, "loss")
        yield from _term_options(entry, late, context)


def _term_options(entry: TermEntry, late: str, context: Context) -> Iterator[Nested]:
    term = context.trainer.term_by_name.get(entry.name)
    for option in term.options if term else ():
        if option.name in entry.options:
            yield Nested(entry.options[option.name], option.kind, late, "loss")


def scalars(node: Node, name: str) -> Iterator[tuple[str, Scalar]]:
    """Every scalar below a value, by the name of the nearest key."""
    if isinstance(node, Scalar):
        yield name, node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item, name)
    elif isinstance(node, Mapping):
        for entry in node:
            yield from scalars(entry.value, entry.name)
