"""Epochs of a schedule as numbers, and whether its stages stand in an order worth comparing."""

from __future__ import annotations

from typing import Any

from ...config import RunConfig, Setting
from ...source import Mapping, Node
from ..rule import Context

_BEYOND = 10**15  # nobody trains that long; beyond it, and for NaN, arithmetic says nothing


def schedule_node(context: Context) -> Node | None:
    """What was written for ``train_schedule``."""
    entry = context.effective.root.get("train_schedule")
    return None if entry is None else entry.value


def schedule_mapping(context: Context) -> Mapping | None:
    """The schedule where it is a mapping."""
    node = schedule_node(context)
    return node if isinstance(node, Mapping) else None


def epoch(setting: Setting[Any]) -> int | None:
    """The epoch that a ``start`` or ``end`` means; whole floats pass the trainer's comparisons too."""
    raw = setting.raw
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < _BEYOND:
        return None
    return int(raw) if raw == int(raw) else None


def in_order(run: RunConfig) -> bool:
    """The stages are numbered upwards, so that the one before is the one that trains before."""
    numbers = [stage.key.raw for stage in run.stages]
    if not all(isinstance(number, int) for number in numbers):
        return True  # the numbering is wrong in itself; people still write stages in the order they mean
    return numbers == sorted(numbers)
