"""Helix: `.helix/languages.toml`, which it lays over the user's own."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from .change import Change, Plan, ReadText, RefusedError, Schema, schema_changes

FOLDER = ".helix/mace-scf"
SETTINGS = ".helix/languages.toml"
KEYS = ("language-server", "yaml-language-server", "config", "yaml", "schemas")
_HEADER = f"[{'.'.join(KEYS)}]"


def plan(schemas: tuple[Schema, ...], read: ReadText) -> Plan:
    """Lines are added; the outcome is read again, and refused if it says anything but both together."""
    before = read(SETTINGS)
    known = _parsed(before or "", schemas)
    lines = [
        (f"./{FOLDER}/{schema.file}", list(schema.patterns))
        for schema in schemas
        if schema.chosen or f"./{FOLDER}/{schema.file}" not in _table(known)
    ]
    after = _with_lines(before or "", lines, _table(known))
    try:
        fits = tomllib.loads(after) == _merged(known, dict(lines))
    except tomllib.TOMLDecodeError:
        fits = False
    if not fits:
        raise RefusedError(SETTINGS, "keeps its settings in another form", _by_hand(schemas))
    return Plan(schema_changes(FOLDER, schemas, read), (Change(SETTINGS, before, after),))


def _parsed(text: str, schemas: tuple[Schema, ...]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RefusedError(SETTINGS, f"is no TOML ({error})", _by_hand(schemas)) from error


def _table(content: dict[str, Any]) -> dict[str, Any]:
    """The schemas there are."""
    found: Any = content
    for key in KEYS:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


def _merged(content: dict[str, Any], lines: dict[str, list[str]]) -> dict[str, Any]:
    """The same content with more schemas."""
    if not lines:
        return content

    def into(value: Any, keys: tuple[str, ...]) -> Any:
        if not keys:
            return {**value, **lines}
        return {**value, keys[0]: into(value.get(keys[0], {}), keys[1:])}

    try:
        merged: dict[str, Any] = into(content, KEYS)
    except (AttributeError, TypeError):
        return {}  # something on the way is no table: nothing can equal this
    return merged


def _with_lines(text: str, lines: list[tuple[str, list[str]]], known: dict[str, Any]) -> str:
    if not lines:
        return text
    replaced = dict.fromkeys((key for key, _ in lines if key in known), "")
    rows = [row for row in text.split("\n") if not any(row.startswith(json.dumps(key)) for key in replaced)]
    added = [f"{json.dumps(key)} = {json.dumps(patterns)}" for key, patterns in lines]
    if _HEADER in rows:
        at = rows.index(_HEADER) + 1
        return "\n".join([*rows[:at], *added, *rows[at:]])
    start = "\n".join(rows).rstrip("\n")
    return "\n".join([*([start, ""] if start else []), _HEADER, *added, ""])


def _by_hand(schemas: tuple[Schema, ...]) -> str:
    lines = (
        f"{json.dumps(f'./{FOLDER}/{schema.file}')} = {json.dumps(list(schema.patterns))}"
        for schema in schemas
    )
    return "\n".join((_HEADER, *lines))
