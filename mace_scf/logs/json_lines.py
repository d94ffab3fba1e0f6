"""The JSON lines of the loss recorder, one a batch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs

VERSION = 1
"""Newest form of the recorder's lines that is understood here."""


@attrs.frozen
class JsonBatch:
    """One line of the recorder; the fields are those of :class:`mace_scf.logs.BatchLoss`."""

    weighted: dict[str, float]
    raw: dict[str, float]
    count: dict[str, int]
    weights: dict[str, float]
    step: int | None
    epoch: int | None
    stage: str | None
    split: str | None


def json_batch(text: str) -> JsonBatch | str | None:
    """The batch on a line, why it cannot be read, or ``None`` if the line is another program's."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "cut or broken JSON"
    if not isinstance(found, dict) or not isinstance(found.get("weighted"), dict):
        return None
    if isinstance(found.get("version"), int) and found["version"] > VERSION:
        return f"written in form {found['version']}; this reader knows {VERSION}"
    try:
        return _batch(found)
    except (TypeError, ValueError, OverflowError):
        return "not a number"


def _batch(found: Mapping[str, Any]) -> JsonBatch:
    weighted, raw = _numbers(found["weighted"]), _numbers(found.get("raw"))
    return JsonBatch(
        weighted, raw, {name: int(value) for name, value in _numbers(found.get("count")).items()},
        _numbers(found.get("weights")),
        step=_integer(found.get("step")), epoch=_integer(found.get("epoch")),
        stage=_word(found.get("stage")), split=_word(found.get("split")),
    )  # fmt: skip


def _numbers(found: Any) -> dict[str, float]:
    """NaN and infinity come as JSON's own words of Python or as strings."""
    return {name: _number(value) for name, value in (found or {}).items() if value is not None}


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError
    return float(value)


def _integer(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _word(value: Any) -> str | None:
    return None if value is None else str(value)
