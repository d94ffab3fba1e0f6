"""The JSON lines of the loss recorder, one a batch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import attrs


@attrs.frozen
class JsonBatch:
    """One line of the recorder; the fields are those of :class:`mace_scf.logs.BatchLoss`."""

    weighted: dict[str, float]
    raw: dict[str, float]
    count: dict[str, int]
    weight: dict[str, float]
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
    if not isinstance(found, dict) or not isinstance(found.get("terms"), dict):
        return None
    try:
        return _batch(found)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return "not a record of a loss"


def _batch(found: Mapping[str, Any]) -> JsonBatch:
    terms = found["terms"]
    counts = _column(terms, "count")
    return JsonBatch(
        {name: _number(fields["weighted"]) for name, fields in terms.items()}, _column(terms, "raw"),
        {name: int(value) for name, value in counts.items() if math.isfinite(value)},
        _column(terms, "weight"),
        step=_integer(found.get("step")), epoch=_integer(found.get("epoch")),
        stage=_word(found.get("stage")), split=_word(found.get("split")),
    )  # fmt: skip


def _column(terms: Mapping[str, Any], field: str) -> dict[str, float]:
    return {name: _number(fields[field]) for name, fields in terms.items() if field in fields}


def _number(value: Any) -> float:
    """NaN and infinity come as words, since JSON has no numbers for them."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError
    return float(value)


def _integer(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError
    return value


def _word(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
