"""A report as JSON; the contract is `schemas/report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import indent
from typing import Any

import attrs

from ..diagnostics import Report, finding_as_dict


def render_json(report: Report[Any]) -> str:
    """One JSON object, indented, ending in a line feed."""
    return "".join(json_pieces(report))


def json_pieces(report: Report[Any]) -> Iterator[str]:
    """The same finding by finding, so that a report of any length needs little memory."""
    if not report.findings:
        yield _dumped(report.to_dict()) + "\n"
        return
    frame = attrs.evolve(report, findings=()).to_dict() | {"summary": report.summary}
    before, after = _dumped(frame).split('"findings": []', 1)
    yield f'{before}"findings": ['
    for number, finding in enumerate(report.findings):
        yield ("," if number else "") + "\n" + indent(_dumped(finding_as_dict(finding)), "    ")
    yield f"\n  ]{after}\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
