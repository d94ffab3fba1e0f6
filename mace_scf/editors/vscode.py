"""Visual Studio Code with the YAML extension of Red Hat: `.vscode/settings.json` and `extensions.json`."""

from __future__ import annotations

import json
import re

from . import jsonc
from .change import Change, Plan, ReadText, RefusedError, Schema, schema_changes

FOLDER = ".vscode"
SETTINGS = f"{FOLDER}/settings.json"
EXTENSIONS = f"{FOLDER}/extensions.json"
_EXTENSION = "redhat.vscode-yaml"
_SCHEMAS = "yaml.schemas"
_CONFIG = re.compile(r"\./\.vscode/mace-scf(?!\.(?:dataset-card|project|extension)\.)[^/]*\.schema\.json")


def plan(schemas: tuple[Schema, ...], read: ReadText) -> Plan:
    """Add to what is there; comments, order and layout stay."""
    before = read(SETTINGS)
    after = before if before is not None and before.strip() else "{}\n"
    try:
        for schema in schemas:
            after = _wired(after, schema)
    except ValueError as error:
        raise RefusedError(SETTINGS, f"is no JSON with comments ({error})", _by_hand(schemas)) from error
    settings = (Change(SETTINGS, before, after), *_recommended(read))
    return Plan(schema_changes(FOLDER, schemas, read), settings)


def _wired(text: str, schema: Schema) -> str:
    key = f"./{FOLDER}/{schema.file}"
    known = jsonc.parse(text).get(_SCHEMAS)
    if known is not None and known.value.kind == "object":
        own = [member for member in known.value.content if _is_the_same(member.key, key)]
        if own and own[-1].key != key:
            text = jsonc.rename(text, own[-1], key)
        if own and not schema.chosen:
            return text  # patterns that a user has written stay
    return jsonc.set_value(text, (_SCHEMAS, key), list(schema.patterns))


def _is_the_same(known: str, key: str) -> bool:
    """The schema of another trainer would contradict ours on the same files, so it makes way."""
    return known == key or (_CONFIG.fullmatch(known) is not None and _CONFIG.fullmatch(key) is not None)


def _recommended(read: ReadText) -> tuple[Change, ...]:
    """The extension that reads these settings; not where somebody does not want it, or has made a mess."""
    before = read(EXTENSIONS)
    if before is None or not before.strip():
        after = json.dumps({"recommendations": [_EXTENSION]}, indent=2) + "\n"
        return (Change(EXTENSIONS, before, after),)
    try:
        known = jsonc.parse(before).value
        listed = [*known.get("recommendations", []), *known.get("unwantedRecommendations", [])]
        after = before if _EXTENSION in listed else jsonc.append(before, ("recommendations",), _EXTENSION)
    except (ValueError, TypeError, AttributeError):
        return ()
    return (Change(EXTENSIONS, before, after),)


def _by_hand(schemas: tuple[Schema, ...]) -> str:
    table = {f"./{FOLDER}/{schema.file}": list(schema.patterns) for schema in schemas}
    return json.dumps({_SCHEMAS: table}, indent=2)
