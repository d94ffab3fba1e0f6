"""Fixed-point stages as rules see them: their model, their blocks and their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...catalog.model import Model
from ...catalog.option import shown as shown_value
from ...catalog.trainer import FieldBlock
from ...config import FixedPointOptions, Setting, Stage
from ...resolve import Lookup, StageResolution, Verdict, all_hold, stage_lookup
from ...source import Entry, Mapping
from ...source.entries import Content
from ..helpers import yaml_text
from ..rule import Context

BLOCK, DEPRECATED_BLOCK = "fixed_point_training_options", "scf_training_options"


def block_entries(stage: Stage) -> tuple[Entry, ...]:
    """The fixed-point blocks as written, whatever their values are."""
    found = (stage.node.get(name) for name in (BLOCK, DEPRECATED_BLOCK))
    return tuple(entry for entry in found if entry is not None)


def stage_model(context: Context, resolution: StageResolution) -> Model | None:
    """The model of a stage; where it was not seen, a fixed-point block leaves one choice."""
    if resolution.model is not None or not resolution.stage.blocks:
        return resolution.model
    if context.run.option("model").known:
        return None
    able = [model for model in context.trainer.models if model.modes]
    return able[0] if len(able) == 1 else None


def blocks_in_use(context: Context) -> Iterator[tuple[Stage, FixedPointOptions, Lookup]]:
    """Every stage with one readable block and the settings it sees; not where the model has no modes."""
    for resolution in context.stages:
        stage, block = resolution.stage, resolution.stage.fixed_point
        unused = resolution.model is not None and not resolution.model.modes
        if block is not None and not unused:
            yield stage, block, stage_lookup(context.run, stage)


def field_block(context: Context, option: str, slot: str) -> FieldBlock | None:
    """The update or readout that the run takes, if it was seen and is declared."""
    setting = context.run.option(option)
    blocks = [block for block in context.trainer.field_blocks if block.slot == slot]
    if not setting.known:
        return None
    if setting.value is None:
        return next((block for block in blocks if block.default), None)
    name = setting.value.get("type") if isinstance(setting.value, dict) else None
    return next((block for block in blocks if block.name == name), None)


def field_mapping(context: Context, option: str) -> Mapping | None:
    """An update or readout mapping as written."""
    node = context.run.option(option).node
    if isinstance(node, Mapping):
        return node
    entry = context.effective.root.get(option)
    return entry.value if entry is not None and isinstance(entry.value, Mapping) else None


def is_unused(context: Context, option: str) -> bool:
    """Whether the run is known to make no block of that mapping, because of its model."""
    declared = context.trainer.option_by_name.get(option)
    return declared is not None and all_hold(declared.only_if, context.run.option) is Verdict.NOT_MET


def iterations(context: Context, mode: str) -> Content:
    """The ``scf`` block that a mode needs, with the defaults of what must be written; nothing where it has none."""
    scf = next((option for option in context.trainer.blocks.fixed_point if option.name == "scf"), None)
    wanted = scf is not None and all(
        condition.holds(mode) for condition in scf.only_if if condition.option == "mode"
    )
    needed = [option for option in context.trainer.blocks.scf if option.required]
    return {"scf": {option.name: yaml_text(option.default) for option in needed}} if wanted else {}


def shown(setting: Setting[Any]) -> str:
    """``mode: direct`` in backticks."""
    return f"`{setting.name}: {shown_value(setting.value)}`"
