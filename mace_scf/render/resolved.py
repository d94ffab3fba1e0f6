"""The run as the trainer would see it: every option with its value and where that comes from."""

from __future__ import annotations

import json
from typing import Any

from ..diagnostics import Report


def render_resolved(report: Report[Any]) -> str:
    """YAML, one option a line, its source as a comment; what was not seen is a comment only.

    Values are written as JSON, which every YAML reader takes for the same value.
    """
    lines = ["# every option of the run, with its source"]
    for setting in report.settings:
        source = f"{setting.source} {setting.place}".rstrip()
        if setting.known:
            lines.append(f"{setting.name}: {_value(setting.value)}  # {source}")
        else:
            lines.append(f"# {setting.name}: {source}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return _float(value)
    return json.dumps(_texts(value), ensure_ascii=False, default=str)


def _float(value: float) -> str:
    """With a point and a signed exponent, so that YAML 1.1 reads a number too."""
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _texts(value: Any) -> Any:
    """JSON wants texts as keys."""
    if isinstance(value, dict):
        return {str(key): _texts(item) for key, item in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list | tuple) else value
